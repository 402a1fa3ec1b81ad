import type { Bytes, OpeningKey, Recipient, Sign } from '@darasa/shared/courier';
import { type PublicJwk, publicJwkSchema, thumbprintOf } from '@darasa/shared/protocol';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';

const ID = 'courier-keys:own';
const privateJwk = v.object({ ...publicJwkSchema.entries, d: v.string() });
const keysRecord = v.looseObject({ signing: privateJwk, opening: privateJwk });

/**
 * The keys with which a place signs its courier files and opens those that are for it: made once, for whoever is without a network for
 * months still has to know them. They are none of the keys that sign tokens. Servers of one database have the same.
 */
export class CourierKeys {
  readonly signing: Recipient;
  readonly opening: Recipient;
  readonly openingKeys: readonly OpeningKey[];
  readonly sign: Sign;

  private constructor(
    publicKeys: { readonly signing: PublicJwk; readonly opening: PublicJwk },
    keys: { readonly signing: CryptoKey; readonly opening: CryptoKey },
  ) {
    this.signing = named(publicKeys.signing);
    this.opening = named(publicKeys.opening);
    this.openingKeys = [{ keyId: this.opening.keyId, key: keys.opening }];
    this.sign = async (bytes: Bytes) => new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.signing, bytes));
  }

  static async open(store: ServerStore): Promise<CourierKeys> {
    const held = await store.read(keysRecord, ID);
    const proposed = held ?? { signing: await newKey('ES256'), opening: await newKey('ECDH-ES+A256KW') };
    // Those of whichever server was first.
    const written = held === null && (await store.write({ _id: ID, ...proposed })) === 'written';
    const { signing, opening } = held ?? (written ? proposed : ((await store.read(keysRecord, ID)) ?? proposed));
    return new CourierKeys(
      { signing: v.parse(publicJwkSchema, signing), opening: v.parse(publicJwkSchema, opening) },
      {
        // A JWK with an EC key is read as a key, never as bytes.
        signing: (await importJWK(signing, 'ES256')) as CryptoKey,
        opening: (await importJWK(opening, 'ECDH-ES+A256KW')) as CryptoKey,
      },
    );
  }
}

function named(key: PublicJwk): Recipient {
  return { keyId: thumbprintOf(key), key };
}

async function newKey(algorithm: string): Promise<v.InferOutput<typeof privateJwk>> {
  const { privateKey } = await generateKeyPair(algorithm, { crv: 'P-256', extractable: true });
  return v.parse(privateJwk, await exportJWK(privateKey));
}
