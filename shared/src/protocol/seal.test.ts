import { webcrypto } from 'node:crypto';
import { expect, it } from 'vitest';
import { namesDocument } from '../documents/build/seal.ts';
import type { DocumentOf } from '../documents/registry.ts';
import { SAMPLE_TIME, sampleAttempt } from '../rules/validation/sample-documents.fixture.ts';
import type { PublicJwk } from './device-key.ts';
import { deviceKeyName, sealWork, type VerifySignature, verifySeal } from './seal.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const verify: VerifySignature = async (jwk, data, signature) => {
  const key = await webcrypto.subtle.importKey('jwk', { ...jwk }, ALGORITHM, false, ['verify']);
  return webcrypto.subtle.verify(ALGORITHM, key, signature, data);
};

async function deviceOf(learnerId: string) {
  const pair = await webcrypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const { x = '', y = '' } = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
  const publicKey: PublicJwk = { kty: 'EC', crv: 'P-256', x, y };
  const sign = async (data: Uint8Array<ArrayBuffer>) => new Uint8Array(await webcrypto.subtle.sign(ALGORITHM, pair.privateKey, data));
  const name = deviceKeyName(publicKey);
  const document: DocumentOf<'device-key'> = {
    _id: `learner-${learnerId}:device-key:${name}`,
    type: 'device-key',
    schemaVersion: 1,
    createdAt: SAMPLE_TIME,
    deviceId: 'server',
    learnerId,
    name,
    publicJwk: publicKey,
  };
  return { key: { publicKey, sign }, document };
}

const work = { createdAt: SAMPLE_TIME, deviceId: 'tablet-1', learnerId: 'ada', ids: [sampleAttempt('ada')._id] };

it('a seal is good with the key of the device that made it, and names the work and nothing else', async () => {
  const { key, document } = await deviceOf('ada');
  const seal = await sealWork(key, work);
  expect(await verifySeal(seal, document, verify)).toBe(true);
  expect(namesDocument(seal, sampleAttempt('ada')._id)).toBe(true);
  expect(namesDocument(seal, sampleAttempt('ben')._id)).toBe(false);
  expect(namesDocument(seal, sampleAttempt('ada')._id.replace('learner-ada', 'learner-ben'))).toBe(false);
});

it('a seal is not good with another key, for another learner, or over other work', async () => {
  const [{ key, document }, other] = [await deviceOf('ada'), await deviceOf('ada')];
  const seal = await sealWork(key, work);
  expect(await verifySeal(seal, other.document, verify)).toBe(false);
  expect(await verifySeal({ ...seal, key: other.document.name }, other.document, verify)).toBe(false);
  // A key's document that says another key than its name does.
  expect(await verifySeal(seal, { ...document, publicJwk: other.document.publicJwk }, verify)).toBe(false);
  expect(await verifySeal({ ...seal, learnerId: 'ben' }, { ...document, learnerId: 'ben' }, verify)).toBe(false);
  expect(await verifySeal({ ...seal, covers: ['0'.repeat(20)] }, document, verify)).toBe(false);
  expect(await verifySeal({ ...seal, signature: 'A'.repeat(86) }, document, verify)).toBe(false);
});
