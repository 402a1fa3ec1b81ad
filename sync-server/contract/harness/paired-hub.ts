import { randomUUID } from 'node:crypto';
import type { HubToken, PairAnswer, PublicJwk } from '@darasa/shared/protocol';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Answer, call } from './call.ts';

/** A key pair as a laptop makes one, and what it signs with it. */
export interface LaptopKey {
  readonly publicKey: PublicJwk;
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

export async function laptopKey(): Promise<LaptopKey> {
  const pair = await generateKeyPair('ES256');
  const { x = '', y = '' } = await exportJWK(pair.publicKey);
  const publicKey: PublicJwk = { kty: 'EC', crv: 'P-256', x, y };
  return { publicKey, kid: await calculateJwkThumbprint(publicKey), privateKey: pair.privateKey };
}

export async function assertionOf(
  key: LaptopKey,
  { hubId, place }: Pick<PairAnswer, 'hubId' | 'place'>,
  claims: { readonly jti?: string; readonly seconds?: number; readonly subject?: string } = {},
): Promise<string> {
  const { jti = randomUUID(), seconds = 50, subject = hubId } = claims;
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ jti })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid })
    .setIssuer(hubId)
    .setSubject(subject)
    .setAudience(place)
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .sign(key.privateKey);
}

export async function askToken(url: string, school: string, key: LaptopKey, paired: PairAnswer): Promise<Answer> {
  return call(`${url}/v1/hubs/token`, { json: { school, assertion: await assertionOf(key, paired) } });
}

/** Pairs a laptop with a new code that a person made. */
export async function pairLaptop(url: string, token: string, classes: readonly string[], key: LaptopKey): Promise<PairAnswer> {
  const made = await call(`${url}/v1/hubs/codes`, { token, json: { classes, name: 'Laptop' } });
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
  const paired = await call(`${url}/v1/hubs/pair`, { json: { code: made.json.code, publicKey: key.publicKey } });
  if (paired.status !== 200) throw new Error(`${paired.status} ${paired.text}`);
  return paired.json;
}

export async function tokenOfLaptop(url: string, school: string, key: LaptopKey, paired: PairAnswer): Promise<HubToken> {
  const answer = await askToken(url, school, key, paired);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json;
}
