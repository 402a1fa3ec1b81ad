import { coveredBy, type NewSeal, newSeal, sealText } from '../documents/build/seal.ts';
import { contentDigest } from '../documents/digest.ts';
import type { DocumentOf } from '../documents/registry.ts';
import { utf8Bytes } from '../documents/utf8.ts';
import { base64url, fromBase64url } from './base64url.ts';
import type { DeviceKey, PublicJwk } from './device-key.ts';

/** The name of a key in documents, where ids have small letters alone: the digest of its public half. */
export function deviceKeyName({ kty, crv, x, y }: PublicJwk): string {
  return contentDigest({ kty, crv, x, y });
}

/** Seals documents with a device's key. */
export async function sealWork({ publicKey, sign }: DeviceKey, work: Omit<NewSeal, 'key'>): Promise<DocumentOf<'seal'>> {
  const key = deviceKeyName(publicKey);
  const text = sealText({ learnerId: work.learnerId, key, covers: coveredBy(work.ids) });
  return newSeal({ ...work, key }, base64url(await sign(new Uint8Array(utf8Bytes(text)))));
}

/** Verifies a signature (ES256, the 64 bytes of r and s) over bytes. */
export type VerifySignature = (publicKey: PublicJwk, data: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>) => Promise<boolean>;

/** Whether a seal is the signature of this key of this learner's device. The key's document is the school's word for whose it is. */
export async function verifySeal(seal: DocumentOf<'seal'>, key: DocumentOf<'device-key'>, verify: VerifySignature): Promise<boolean> {
  const { kty, crv, x, y } = key.publicJwk;
  const publicKey = { kty, crv, x, y };
  const signature = fromBase64url(seal.signature);
  const fits = key.learnerId === seal.learnerId && key.name === seal.key && deviceKeyName(publicKey) === seal.key;
  return fits && signature !== null && verify(publicKey, new Uint8Array(utf8Bytes(sealText(seal))), signature);
}
