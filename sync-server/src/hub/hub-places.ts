import { type CryptoKey, importJWK } from 'jose';
import type { KnownPlaces } from '../services/known-places.ts';
import type { HubIdentity, Paired } from './identity.ts';

/** What a class laptop believes: its school, by the keys that it saw last, and itself. */
export function placesOfHub(identity: HubIdentity, { hubId, place, school }: Paired): KnownPlaces {
  return {
    own: { kind: 'hub', id: hubId },
    async publicKey({ issuer, school: slug, kid }) {
      if (slug !== school.slug) return null;
      const own = { ...identity.publicKey, kid: identity.kid };
      const known = issuer === hubId ? [own] : issuer === place ? identity.schoolKeys : [];
      const key = known.find((each) => each.kid === kid);
      // A JWK of a public EC key is read as a key, never as bytes.
      return key === undefined ? null : ((await importJWK({ ...key }, 'ES256')) as CryptoKey);
    },
    // Whoever has an account here is on the roster.
    async speaksFor({ issuer, school: slug }, roles) {
      return slug === school.slug && (issuer === hubId || issuer === place) && roles.includes(`school:${slug}`);
    },
  };
}
