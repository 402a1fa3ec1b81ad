import { CLOCK_HEADER, DEVICE_HEADER, NONCE_HEADER, PROOF_HEADER } from '@darasa/shared/protocol';
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { ServerEnv } from './server-context.ts';

/** What an app from elsewhere may ask: to sign in, and to sync. Admin and the database itself are for this server's own pages. */
const OPEN = /^\/(?:v1\/(?:auth\/[a-z]+|schools)|\.well-known\/jwks\.json|db(?:\/.*)?)$/;
/** Chromium's own limit. */
const REMEMBER_SECONDS = 7_200;

/**
 * Lets the app of other origins ask this server: a class laptop the app that its school serves, for a device asks whichever is near.
 * The origins are named one by one, and no cookie takes part.
 */
export function otherOrigins(origins: readonly string[]): MiddlewareHandler<ServerEnv> {
  const allow = cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowHeaders: ['authorization', 'content-type', 'content-encoding', DEVICE_HEADER, CLOCK_HEADER, PROOF_HEADER],
    exposeHeaders: ['retry-after', 'etag', 'www-authenticate', NONCE_HEADER],
    maxAge: REMEMBER_SECONDS,
  });
  return async (c, next) => {
    if (origins.length === 0 || !OPEN.test(new URL(c.req.url).pathname)) return next();
    const answer = await allow(c, next);
    // Chromium before 142 asked so before it let a page of the internet reach a machine in the room.
    if (answer?.headers.has('Access-Control-Allow-Origin') === true && c.req.header('access-control-request-private-network') === 'true') {
      answer.headers.set('Access-Control-Allow-Private-Network', 'true');
    }
    return answer;
  };
}
