import * as v from 'valibot';
import type { RandomBytes } from '../documents/random-ids.ts';
import { utf8Bytes } from '../documents/utf8.ts';
import { base64url } from './base64url.ts';
import { type DeviceKey, publicJwkSchema, sha256Base64url } from './device-key.ts';

/*
 * Proof of possession (DPoP, RFC 9449): a small signed text that shows with a request that whoever sends it has the device's key.
 * It is of one request alone: its method, its address, the token that comes with it, and its moment. The moment is told by the
 * device's clock, or by a nonce of the server's where the clocks differ.
 */

/** The header of a request that carries a proof; and the one by which a server hands out a nonce. */
export const PROOF_HEADER = 'DPoP';
export const NONCE_HEADER = 'DPoP-Nonce';

/** With this in `WWW-Authenticate` a server asks for the same again, with the nonce that it sends along. */
export const NONCE_WANTED = 'use_dpop_nonce';

export const proofHeaderSchema = v.object({ typ: v.literal('dpop+jwt'), alg: v.literal('ES256'), jwk: publicJwkSchema });

export const proofClaimsSchema = v.object({
  /** Random: a proof is good once. */
  jti: v.pipe(v.string(), v.minLength(8), v.maxLength(100)),
  htm: v.string(),
  /** The address without its query. */
  htu: v.pipe(v.string(), v.maxLength(2_000)),
  /** Seconds since 1970, by the device's clock. */
  iat: v.number(),
  /** The hash of the access token that comes along. */
  ath: v.optional(v.string()),
  nonce: v.optional(v.string()),
});
export type ProofClaims = v.InferOutput<typeof proofClaimsSchema>;

export interface ProvedRequest {
  readonly method: string;
  readonly url: string;
  /** The access token that comes with it, by its hash: see `tokenHash`. */
  readonly ath?: string | undefined;
  readonly nonce?: string | undefined;
}

/** What a proof says of an access token. */
export function tokenHash(accessToken: string): string {
  return sha256Base64url(accessToken);
}

/** A proof for one request. `now` is in milliseconds. */
export async function makeProof(
  { publicKey, sign }: DeviceKey,
  { method, url, ath, nonce }: ProvedRequest,
  { now, random }: { readonly now: () => number; readonly random: RandomBytes },
): Promise<string> {
  const claims: ProofClaims = {
    jti: base64url(random(new Uint8Array(12))),
    htm: method,
    htu: url.replace(/[?#].*$/, ''),
    iat: Math.floor(now() / 1_000),
    ...(ath === undefined ? {} : { ath }),
    ...(nonce === undefined ? {} : { nonce }),
  };
  const part = (value: unknown): string => base64url(utf8Bytes(JSON.stringify(value)));
  const text = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicKey })}.${part(claims)}`;
  return `${text}.${base64url(await sign(new Uint8Array(utf8Bytes(text))))}`;
}

/** What is read of an answer. */
interface Answered {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

/** What proofs take from the world. `nonces`: the newest of each server, by origin; kept from one request to the next. */
export interface ProofWorld {
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly nonces: Map<string, string>;
}

/** Asks with a proof; and once more where the server refuses it and hands out another nonce. */
export async function askWithProof<Answer extends Answered>(
  key: DeviceKey,
  { origin, ...request }: Omit<ProvedRequest, 'nonce'> & { readonly origin: string },
  world: ProofWorld,
  ask: (proof: string) => Promise<Answer>,
): Promise<Answer> {
  const askOnce = async (): Promise<Answer> => {
    const answer = await ask(await makeProof(key, { ...request, nonce: world.nonces.get(origin) }, world));
    const next = answer.headers.get(NONCE_HEADER);
    if (next !== null) world.nonces.set(origin, next);
    return answer;
  };
  const before = world.nonces.get(origin);
  const answer = await askOnce();
  return answer.status === 401 && world.nonces.get(origin) !== before ? askOnce() : answer;
}
