import { canonicalJson } from '../digest.ts';
import { partitionId } from '../partitions.ts';
import type { DocumentOf } from '../registry.ts';
import type { Origin } from './origin.ts';
import { sealedId } from './sealed.ts';

export interface NewSeal extends Origin {
  readonly learnerId: string;
  /** The name of the device's key: the digest of its public half. */
  readonly key: string;
  /** Documents of the learner's that are written once. */
  readonly ids: readonly string[];
}

/** The digest that ends the id of a document that is written once. */
function digestOf(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}

/** What a device signs: whose work, with which key, and which. */
export function sealText({ learnerId, key, covers }: Pick<DocumentOf<'seal'>, 'learnerId' | 'key' | 'covers'>): string {
  return canonicalJson({ type: 'seal', learnerId, key, covers });
}

/** Which digests a seal over these documents covers. */
export function coveredBy(ids: readonly string[]): string[] {
  return ids.map(digestOf).sort();
}

/** Whether a seal names a document. That it is good is `verifySeal`'s to say. */
export function namesDocument({ learnerId, covers }: DocumentOf<'seal'>, id: string): boolean {
  return id.startsWith(`${partitionId('learner', learnerId)}:`) && covers.includes(digestOf(id));
}

/** A seal with the device's signature over its `sealText`. */
export function newSeal({ learnerId, key, ids, createdAt, deviceId }: NewSeal, signature: string): DocumentOf<'seal'> {
  const content = {
    type: 'seal' as const,
    schemaVersion: 1 as const,
    createdAt,
    deviceId,
    learnerId,
    key,
    covers: coveredBy(ids),
    signature,
  };
  return { _id: sealedId(partitionId('learner', learnerId), content), ...content };
}
