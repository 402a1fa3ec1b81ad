import { webcrypto } from 'node:crypto';
import { type DeviceKey, makeProof, type ProvedRequest, publicJwkSchema, tokenHash } from '@darasa/shared/protocol';
import * as v from 'valibot';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A device with a key, as the app makes one: its private half cannot be taken out. */
export interface KeyedDevice {
  readonly key: DeviceKey;
  /** A proof for one request; `token` is the access token that goes with it. */
  readonly proof: (request: Pick<ProvedRequest, 'method' | 'url' | 'nonce'> & { readonly token?: string }) => Promise<string>;
}

/** `now`: the device's clock, in milliseconds. */
export async function keyedDevice(now: () => number = Date.now): Promise<KeyedDevice> {
  const pair = await webcrypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const key: DeviceKey = {
    publicKey: v.parse(publicJwkSchema, await webcrypto.subtle.exportKey('jwk', pair.publicKey)),
    sign: async (data) => new Uint8Array(await webcrypto.subtle.sign(ALGORITHM, pair.privateKey, data)),
  };
  const random = (bytes: Uint8Array): Uint8Array => webcrypto.getRandomValues(new Uint8Array(bytes.length));
  return {
    key,
    proof: ({ token, ...request }) =>
      makeProof(key, { ...request, ...(token === undefined ? {} : { ath: tokenHash(token) }) }, { now, random }),
  };
}
