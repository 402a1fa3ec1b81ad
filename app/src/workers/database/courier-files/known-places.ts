import { type CourierHeader, CourierProblem, type Recipient } from '@darasa/shared/courier';
import type { DocumentOf } from '@darasa/shared/documents';
import { publicJwkSchema } from '@darasa/shared/protocol';
import { type CryptoKey, importJWK } from 'jose';
import * as v from 'valibot';
import type { Reader } from '../reader.ts';

type PlaceDocument = DocumentOf<'place'>;

/** The places that this device knows of its school, from the school's own documents (rule CK1). */
export async function placesOf(reader: Reader): Promise<readonly PlaceDocument[]> {
  return (await reader.all('school', 'place')).filter(({ revokedAt }) => revokedAt === null);
}

/** To whom work is encrypted: the school, and the laptops that keep any of the person's classes (rule CK2). */
export function recipientsOf(
  places: readonly PlaceDocument[],
  classes: ReadonlySet<string>,
): readonly { readonly placeId: string; readonly recipient: Recipient }[] {
  return places
    .filter((place) => place.kind === 'school' || place.classes?.some((classId) => classes.has(classId)) === true)
    .flatMap(({ placeId, opening: [newest] }) =>
      newest === undefined ? [] : [{ placeId, recipient: { keyId: newest.keyId, key: v.parse(publicJwkSchema, newest.publicKey) } }],
    );
}

/** The place that made a file, and the key with which it has to be signed. Throws CourierProblem where this device knows no such place. */
export async function senderOf(
  { from }: CourierHeader,
  places: readonly PlaceDocument[],
): Promise<{ readonly place: PlaceDocument; readonly signer: CryptoKey }> {
  if (from.kind !== 'place') throw new CourierProblem('not-for-us', 'Made by a device, for a place');
  const place = places.find(({ placeId }) => placeId === from.placeId);
  const key = place?.signing.find(({ keyId }) => keyId === from.keyId);
  if (place === undefined || key === undefined) throw new CourierProblem('unknown-sender', 'Of a place that this device does not know');
  // A JWK with a public EC key is read as a key, never as bytes.
  return { place, signer: (await importJWK({ ...key.publicKey }, 'ES256')) as CryptoKey };
}
