import { type PublicJwk, publicJwkSchema } from '@darasa/shared/protocol';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { HubRecords, hubRecordId } from './hub-records.ts';
import { type KnownPlaces, placesOfSchool } from './known-places.ts';
import { memoryStore } from './memory-store.fixture.ts';

const own = { kind: 'school', id: 'the-school' } as const;
const noKeys = { publicKey: async () => null };
let hubs: HubRecords;
let places: KnownPlaces;
let kid: string;
let privateKey: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  privateKey = pair.privateKey;
  const publicKey: PublicJwk = v.parse(publicJwkSchema, await exportJWK(pair.publicKey));
  kid = await calculateJwkThumbprint(publicKey);
  hubs = new HubRecords(memoryStore());
  await hubs.add({
    ...{ _id: hubRecordId('amani', 'laptop-7a'), hubId: 'laptop-7a', school: 'amani', name: 'Laptop of 7a', publicKey, kid },
    ...{ classes: ['7a'], pairedAt: '2026-01-10T08:00:00.000Z', pairedBy: 'tembo', served: [] },
  });
  places = placesOfSchool(own, noKeys, hubs);
});

describe('the places that a school believes', () => {
  const ofHub = { issuer: 'laptop-7a', school: 'amani' };

  it('verifies what a paired hub signed, by the key that is on record', async () => {
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
    const key = await places.publicKey({ ...ofHub, kid });
    expect(key).not.toBeNull();
    if (key !== null) await expect(jwtVerify(token, key)).resolves.toBeDefined();
  });

  it('knows no other key, no other place, and the hub in no other school', async () => {
    expect(await places.publicKey({ ...ofHub, kid: 'another' })).toBeNull();
    expect(await places.publicKey({ ...ofHub, kid: undefined })).toBeNull();
    expect(await places.publicKey({ ...ofHub, school: 'baraka', kid })).toBeNull();
    expect(await places.publicKey({ issuer: 'stranger', school: 'amani', kid })).toBeNull();
  });

  it('lets a hub speak for the people of its classes, and the school for everybody of its own', async () => {
    expect(await places.speaksFor(ofHub, ['school:amani', 'learner', 'learns:7a'])).toBe(true);
    expect(await places.speaksFor(ofHub, ['school:amani', 'teacher', 'teaches:7a'])).toBe(true);
    expect(await places.speaksFor(ofHub, ['school:amani', 'learner', 'learns:8b'])).toBe(false);
    expect(await places.speaksFor(ofHub, ['school:amani', 'admin'])).toBe(false);
    expect(await places.speaksFor({ issuer: own.id, school: 'amani' }, ['school:amani', 'admin'])).toBe(true);
    expect(await places.speaksFor({ issuer: own.id, school: 'amani' }, ['school:baraka', 'admin'])).toBe(false);
  });

  it('believes nothing of a hub that was revoked', async () => {
    await hubs.change('amani', 'laptop-7a', (hub) => ({ ...hub, revokedAt: '2026-01-11T08:00:00.000Z' }));
    expect(await places.publicKey({ ...ofHub, kid })).toBeNull();
    expect(await places.speaksFor(ofHub, ['school:amani', 'learner', 'learns:7a'])).toBe(false);
  });
});
