import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { Principal } from '../policies/principal.ts';

/** What travels with a request. */
export interface ServerEnv {
  // Absent when a test calls the app without a socket.
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    log: Logger;
    /** The pattern of the route, for metrics and logs. */
    route: string;
    /** Set by `authenticate`; null for somebody who has not signed in. */
    principal: Principal | null;
  };
}

export type ServerContext = Context<ServerEnv>;
