import { type Digest, EMPTY_DIGEST, sameDigest } from './digest.ts';
import { BUCKETS, bucketOf, documentHash, type Hash, hexOf, sumOf, ZERO_HASH } from './document-hash.ts';
import type { BucketSums, Listing } from './request.ts';

/** One document as a digest sees it. */
export type HeldDocument = readonly [id: string, leaves: readonly string[]];

/** Up to so many documents are named one by one; of more, the sums of buckets are compared first. */
const NAMED_AT_ONCE = BUCKETS;

export function differingPartitions(here: ReadonlyMap<string, Digest>, there: ReadonlyMap<string, Digest>): string[] {
  return [...new Set([...here.keys(), ...there.keys()])].filter(
    (partitionId) => !sameDigest(here.get(partitionId) ?? EMPTY_DIGEST, there.get(partitionId) ?? EMPTY_DIGEST),
  );
}

/** What a device says of a partition whose digests differ. */
export function describePartition(partitionId: string, held: readonly HeldDocument[]): BucketSums | Listing {
  return held.length <= NAMED_AT_ONCE ? listPartition(partitionId, held, null) : ['b', partitionId, sumsByBucket(held).map(hexOf).join('')];
}

/** Names what is held of a partition, or of some of its buckets. */
export function listPartition(partitionId: string, held: readonly HeldDocument[], buckets: readonly number[] | null): Listing {
  const listed = buckets === null ? held : held.filter(([id]) => buckets.includes(bucketOf(id)));
  return ['l', partitionId, buckets === null ? null : [...buckets], listed.map(([id, leaves]) => hexOf(documentHash(id, leaves))).join('')];
}

export function sumsByBucket(held: Iterable<HeldDocument>): Hash[] {
  const sums: Hash[] = Array.from({ length: BUCKETS }, () => ZERO_HASH);
  for (const [id, leaves] of held) {
    const bucket = bucketOf(id);
    sums[bucket] = sumOf(sums[bucket] ?? ZERO_HASH, documentHash(id, leaves));
  }
  return sums;
}

/** The hashes of a text of 16 characters each. */
export function splitHashes(text: string): string[] {
  return text.match(/.{16}/g) ?? [];
}
