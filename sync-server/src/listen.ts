import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Server } from './server.ts';

/** A feed that waits would hold a closing server open; so much time has a request that is being answered. */
const GRACE_MS = 3_000;

/** Bytes of all headers of a request: a teacher's token grows with their learners (docs/adr/0002). Node's own limit is 16 KB. */
const MAX_HEADER_BYTES = 32 * 1024;

/** Longer than the minute after which a device asks again: on a slow network a new connection costs more than the question. */
const KEEP_ALIVE_MS = 75_000;

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves on a port; a free one for 0. Rejects when the port is taken. */
export async function listen(app: Server['app'], host: string, port: number): Promise<Listening> {
  const server = serve({
    fetch: app.fetch,
    hostname: host,
    port,
    serverOptions: { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  // It listens on a port, so the address is not the name of a pipe.
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
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
