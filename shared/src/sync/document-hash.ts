/**
 * 64 bits as two words of 32. Sums of them are taken word by word modulo 2³², so that they do not depend on order, and what
 * was added can be taken away again.
 */
export interface Hash {
  /** Whole numbers from 0 to 2³² − 1. */
  readonly a: number;
  readonly b: number;
}

/**
 * Two chains of multiplications over UTF-16 code units, mixed into each other at the end (the construction is cyrb53's,
 * with all its 64 bits kept). It finds accidents, not attacks: whoever can make documents to order could make two collide,
 * and would deceive others about nothing but documents of their own.
 */
function hashText(text: string): Hash {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
  a ^= Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b);
  b ^= Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return { a: a >>> 0, b: b >>> 0 };
}

/** The hash of one document as it stands: its id and the revisions of all its leaves, deleted ones too, in any order. */
export function documentHash(id: string, leaves: readonly string[]): Hash {
  const [first = ''] = leaves;
  return hashText(`${id} ${leaves.length === 1 ? first : [...leaves].sort().join(' ')}`);
}

/** The hash of a partition as it stands, of which the sum is a root. */
export function partitionHash(partitionId: string, { a, b, count }: Hash & { readonly count: number }): Hash {
  return hashText(`${partitionId} ${hexOf({ a, b })} ${count}`);
}

/** How many buckets the documents of a partition fall into when two sides look for what differs. */
export const BUCKETS = 64;

/** The bucket of a document, from 0 to 63. It follows from the id alone, so that a change does not move it. */
export function bucketOf(id: string): number {
  return hashText(id).a & (BUCKETS - 1);
}

/** 16 hexadecimal characters. */
export function hexOf({ a, b }: Hash): string {
  return a.toString(16).padStart(8, '0') + b.toString(16).padStart(8, '0');
}

export const HASH_CHARACTERS = 16;
export const ZERO_HASH: Hash = { a: 0, b: 0 };

export function sumOf(one: Hash, other: Hash): Hash {
  return { a: (one.a + other.a) >>> 0, b: (one.b + other.b) >>> 0 };
}

export function differenceOf(one: Hash, other: Hash): Hash {
  return { a: (one.a - other.a) >>> 0, b: (one.b - other.b) >>> 0 };
}
