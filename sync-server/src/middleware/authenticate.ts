import { createHash } from 'node:crypto';
import { NONCE_WANTED } from '@darasa/shared/protocol';
import type { MiddlewareHandler } from 'hono';
import { type Principal, principalFrom } from '../policies/principal.ts';
import type { AccessTokens, VerifiedAccess } from '../services/access-tokens.ts';
import type { DeviceProofs } from '../services/device-proofs.ts';
import { challenge, proofOf } from './device-proof.ts';
import type { ServerContext, ServerEnv } from './server-context.ts';

export interface TokenCheck {
  readonly accessTokens: AccessTokens;
  readonly proofs: DeviceProofs;
}

/**
 * Reads the access token into `principal`: a Bearer token, or one that is bound to a device's key, with the proof of it (the scheme
 * `DPoP` of RFC 9449, 7.1). No token at all is nobody, which some routes serve; a token that does not verify is refused with the
 * answer that `refuse` makes, so that a device knows that it has to refresh.
 */
export function authenticate(check: TokenCheck, refuse: (c: ServerContext) => Response): MiddlewareHandler<ServerEnv> {
  // A token that lives is verified into the same object each time, and read into a person once.
  const principals = new WeakMap<VerifiedAccess, Principal>();
  return async (c, next) => {
    const header = c.req.header('authorization');
    if (header === undefined) {
      c.set('principal', null);
      return next();
    }
    const [, scheme = '', token = ''] = /^(Bearer|DPoP) ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header) ?? [];
    const access = scheme.toLowerCase() === 'dpop' ? await proved(c, check, token) : await plain(c, check, token);
    if (access === null) return refuse(c);
    const principal = principals.get(access) ?? principalFrom(access, token);
    principals.set(access, principal);
    c.set('principal', principal);
    return next();
  };
}

async function plain(c: ServerContext, { accessTokens }: TokenCheck, token: string): Promise<VerifiedAccess | null> {
  const access = token === '' ? null : await accessTokens.verify(token);
  if (access === null) c.header('WWW-Authenticate', 'Bearer error="invalid_token"');
  return access;
}

async function proved(c: ServerContext, { accessTokens, proofs }: TokenCheck, token: string): Promise<VerifiedAccess | null> {
  const outcome = await proofOf(c, proofs);
  if (outcome?.ok !== true) {
    challenge(c, proofs, outcome?.reason === 'nonce' ? NONCE_WANTED : 'invalid_dpop_proof');
    return null;
  }
  const { proof } = outcome;
  const access = await accessTokens.verify(token, proof.thumbprint);
  if (access?.boundTo === undefined) {
    challenge(c, proofs, 'invalid_token');
    return null;
  }
  if (proof.ath === createHash('sha256').update(token).digest('base64url') && proof.spend()) return access;
  challenge(c, proofs, 'invalid_dpop_proof');
  return null;
}
