import { differenceOf, documentHash, type Hash, hexOf, partitionHash, sumOf, ZERO_HASH } from './document-hash.ts';

/** What a partition holds, in 64 bits and a count: the sum of the hashes of its documents. */
export interface Digest extends Hash {
  /** Documents, deleted ones too. */
  readonly count: number;
}

export const EMPTY_DIGEST: Digest = { ...ZERO_HASH, count: 0 };

export function sameDigest(one: Digest, other: Digest): boolean {
  return one.a === other.a && one.b === other.b && one.count === other.count;
}

/** The digest after a document changed. Null stands for a document that is not there. */
export function afterChange(digest: Digest, id: string, before: readonly string[] | null, after: readonly string[] | null): Digest {
  let { a, b, count }: Digest = digest;
  if (before !== null) {
    ({ a, b } = differenceOf({ a, b }, documentHash(id, before)));
    count -= 1;
  }
  if (after !== null) {
    ({ a, b } = sumOf({ a, b }, documentHash(id, after)));
    count += 1;
  }
  return { a, b, count };
}

/** All of a side in 16 characters: the sum over its partitions. An empty partition is none. */
export function rootOf(digests: Iterable<readonly [partitionId: string, digest: Digest]>): string {
  let root = ZERO_HASH;
  for (const [partitionId, digest] of digests) if (digest.count > 0) root = sumOf(root, partitionHash(partitionId, digest));
  return hexOf(root);
}

/** The root of a side that holds nothing. */
export const EMPTY_ROOT: string = hexOf(ZERO_HASH);
