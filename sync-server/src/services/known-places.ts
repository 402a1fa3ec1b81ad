import { type CryptoKey, importJWK } from 'jose';
import type { HubRecord, HubRecords } from './hub-records.ts';
import type { OwnPlace } from './own-place.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Something that a place has signed: who says so, in which school, and with which of its keys. */
export interface Signed {
  /** The id of a place. */
  readonly issuer: string;
  readonly school: string;
  /** From the header of what was signed. */
  readonly kid: string | undefined;
}

/** The other places that this one believes, and itself. */
export interface KnownPlaces {
  readonly own: OwnPlace;
  /** The public key (ES256) with which to verify what a place has signed; null for a place or key that is not known, or was revoked. */
  publicKey(signed: Signed): Promise<CryptoKey | null>;
  /** Whether the place may speak for somebody with these roles: a school for its own people, a hub for those of its classes. */
  speaksFor(signed: Pick<Signed, 'issuer' | 'school'>, roles: readonly string[]): Promise<boolean>;
}

/** What a school's server believes: its own keys, and its hubs as they are on record. */
export function placesOfSchool(own: OwnPlace, keys: Pick<SigningKeys, 'publicKey'>, hubs: Pick<HubRecords, 'find'>): KnownPlaces {
  const hubOf = async ({ issuer, school }: Pick<Signed, 'issuer' | 'school'>): Promise<HubRecord | null> => {
    const hub = await hubs.find(school, issuer);
    return hub?.revokedAt === undefined ? hub : null;
  };
  return {
    own,
    async publicKey(signed) {
      if (signed.kid === undefined) return null;
      if (signed.issuer === own.id) return keys.publicKey(signed.kid);
      const hub = await hubOf(signed);
      // A JWK with a public EC key is read as a key, never as bytes.
      return hub?.kid === signed.kid ? ((await importJWK({ ...hub.publicKey }, 'ES256')) as CryptoKey) : null;
    },
    async speaksFor(signed, roles) {
      if (!roles.includes(`school:${signed.school}`)) return false;
      if (signed.issuer === own.id) return true;
      const classes = (await hubOf(signed))?.classes ?? [];
      return classes.some((each) => roles.includes(`learns:${each}`) || roles.includes(`teaches:${each}`));
    },
  };
}
