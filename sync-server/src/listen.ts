import { createServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { TlsPair } from './lan/tls-files.ts';
import type { Server } from './server.ts';

/** A feed that waits would hold a closing server open; so much time has a request that is being answered. */
const GRACE_MS = 3_000;

/** Bytes of all headers of a request: a teacher's token grows with their learners (docs/adr/0002). Node's own limit is 16 KB. */
const MAX_HEADER_BYTES = 32 * 1024;

/** Longer than the minute after which a device asks again: on a slow network a new connection costs more than the question. */
const KEEP_ALIVE_MS = 75_000;

/** A browser opens connections before it needs them; Node would end one on which nothing was asked for a minute, perhaps as the question comes. */
const HEADERS_MS = KEEP_ALIVE_MS + 15_000;

/** A school that gets its network back connects all at once. Node's own backlog is 511. */
const BACKLOG = 4_096;

export interface Listening {
  readonly port: number;
  /** Uses another certificate from the next connection on; those that are open stay. */
  renew(pair: TlsPair): void;
  close(): Promise<void>;
}

/** Serves on a port; a free one for 0; by TLS where there is a certificate. Rejects when the port is taken. */
export async function listen(app: Server['app'], host: string, port: number, tls: TlsPair | null = null): Promise<Listening> {
  const limits = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS };
  const server = createAdaptorServer({
    fetch: app.fetch,
    hostname: host,
    ...(tls === null ? { serverOptions: limits } : { createServer, serverOptions: { ...limits, ...tls } }),
  });
  server.listen({ port, host, backlog: BACKLOG });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  // It listens on a port, so the address is not the name of a pipe.
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    renew: (pair) => {
      if (server instanceof TlsServer) server.setSecureContext({ ...pair });
    },
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          if ('closeAllConnections' in server) server.closeAllConnections();
        }, GRACE_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }),
  };
}
