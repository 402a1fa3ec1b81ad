import { askWithProof, type DeviceKey, type ProofWorld, type PublicJwk, publicJwkSchema } from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { DeviceKeyRow, DeviceStore } from './device-store.ts';
import type { Environment } from './environment.ts';

/*
 * The keys of this device: one for each account, made at sign-in. With it a session is worth nothing elsewhere, the other places of the
 * school take the device without a password, and work is sealed. The browser keeps the private half and signs with it; no script can
 * read it out. A key that is lost (the browser cleared its storage) is nothing lost but the session: the person signs in again.
 */

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A key that no account has yet. */
export interface NewKey {
  readonly publicKey: PublicJwk;
  readonly privateKey: CryptoKey;
}

/** Asks with a proof of possession. `ath`: the hash of the access token that goes along. */
export type AskProved = (
  key: DeviceKey,
  request: { readonly method: string; readonly url: string; readonly ath?: string },
  ask: (proof: string) => Promise<Response>,
) => Promise<Response>;

export class DeviceKeys {
  readonly #store: DeviceStore;
  readonly #world: ProofWorld;

  constructor({ now, random }: Pick<Environment, 'now' | 'random'>, store: DeviceStore) {
    this.#store = store;
    this.#world = { now, random, nonces: new Map() };
  }

  /** The key to sign in with: the one that the account has here, else a new one. Null where the browser has no key store: a page over plain HTTP. */
  async forSignIn(accountId: string | null): Promise<NewKey | null> {
    // Absent outside secure contexts, which TypeScript does not know.
    if ((crypto.subtle as SubtleCrypto | undefined) === undefined) return null;
    const held = accountId === null ? undefined : await this.#store.deviceKeys.get(accountId);
    if (held !== undefined) return held;
    const { publicKey, privateKey } = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
    return { publicKey: v.parse(publicJwkSchema, await crypto.subtle.exportKey('jwk', publicKey)), privateKey };
  }

  async keep(accountId: string, { publicKey, privateKey }: NewKey): Promise<void> {
    await this.#store.deviceKeys.put({ accountId, publicKey, privateKey } satisfies DeviceKeyRow);
  }

  /** The key of an account; null where it has none on this device. */
  async of(accountId: string): Promise<DeviceKey | null> {
    const row = await this.#store.deviceKeys.get(accountId);
    return row === undefined ? null : signerOf(row);
  }

  readonly ask: AskProved = (key, request, ask) => {
    const { origin } = new URL(request.url);
    return askWithProof(key, { ...request, origin }, this.#world, ask);
  };
}

function signerOf({ publicKey, privateKey }: NewKey): DeviceKey {
  return { publicKey, sign: async (data) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, data)) };
}
