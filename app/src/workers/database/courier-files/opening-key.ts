import type { OpeningKey } from '@darasa/shared/courier';
import { type PublicJwk, publicJwkSchema, thumbprintOf } from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { DeviceStore } from '../device-store.ts';

const ALGORITHM = { name: 'ECDH', namedCurve: 'P-256' };
const isKey = (value: unknown): value is CryptoKey => value instanceof CryptoKey;
const rowSchema = v.object({ publicKey: publicJwkSchema, privateKey: v.custom<CryptoKey>(isKey) });

/**
 * The key to which what is for this person on this device is encrypted. Its private half cannot be taken out of the browser. It is made when it
 * is first needed; two tabs that make one at once keep the first.
 */
export async function openingKeyOf(store: DeviceStore, accountId: string): Promise<OpeningKey & { readonly publicKey: PublicJwk }> {
  const name = `courier-key ${accountId}`;
  const held = await store.setting(name, v.safeParser(rowSchema));
  const row = held.success ? held.output : await keep(store, name);
  return { keyId: thumbprintOf(row.publicKey), key: row.privateKey, publicKey: row.publicKey };
}

async function keep(store: DeviceStore, name: string): Promise<v.InferOutput<typeof rowSchema>> {
  // Before the transaction: IndexedDB ends one that waits for something else.
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ['deriveBits', 'deriveKey']);
  const publicKey = v.parse(publicJwkSchema, await crypto.subtle.exportKey('jwk', pair.publicKey));
  return store.transaction('rw', store.settings, async () => {
    const held = v.safeParse(rowSchema, (await store.settings.get(name))?.value);
    if (held.success) return held.output;
    const row = { publicKey, privateKey: pair.privateKey };
    await store.settings.put({ key: name, value: row });
    return row;
  });
}
