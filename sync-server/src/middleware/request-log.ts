import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { Logger } from 'pino';
import type { Metrics } from '../services/metrics.ts';
import type { ServerEnv } from './server-context.ts';

const REQUEST_ID = /^[\w-]{8,64}$/;

/** Gives each request an id, and one line of log: no address, no query, no document id, no name. */
export function requestLog(log: Logger, metrics: Metrics): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
    const started = performance.now();
    c.set('requestId', requestId);
    c.set('log', log.child({ requestId }));
    c.set('route', 'unknown');
    c.set('principal', null);
    await next();
    c.header('x-request-id', requestId);

    const ms = performance.now() - started;
    const route = c.get('route');
    const status = c.res.status;
    metrics.requests.inc({ route, method: c.req.method, status });
    metrics.seconds.observe({ route }, ms / 1_000);
    const quiet = route === 'app' || route === 'health';
    c.get('log')[quiet ? 'debug' : 'info']({ route, method: c.req.method, status, ms: Math.round(ms) }, 'request');
  };
}
