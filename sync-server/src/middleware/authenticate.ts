import type { MiddlewareHandler } from 'hono';
import { type Principal, principalFrom } from '../policies/principal.ts';
import type { AccessTokens, VerifiedAccess } from '../services/access-tokens.ts';
import type { ServerContext, ServerEnv } from './server-context.ts';

/**
 * Reads the Bearer token into `principal`. No token at all is nobody, which some routes serve; a token that does not
 * verify is refused with the answer that `refuse` makes, so that a device knows that it has to refresh.
 */
export function authenticate(tokens: AccessTokens, refuse: (c: ServerContext) => Response): MiddlewareHandler<ServerEnv> {
  // A token that lives is verified into the same object each time, and read into a person once.
  const principals = new WeakMap<VerifiedAccess, Principal>();
  return async (c, next) => {
    const header = c.req.header('authorization');
    if (header === undefined) {
      c.set('principal', null);
      return next();
    }
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1];
    const access = token === undefined ? null : await tokens.verify(token);
    if (token === undefined || access === null) {
      c.header('WWW-Authenticate', 'Bearer error="invalid_token"');
      return refuse(c);
    }
    const principal = principals.get(access) ?? principalFrom(access, token);
    principals.set(access, principal);
    c.set('principal', principal);
    return next();
  };
}
