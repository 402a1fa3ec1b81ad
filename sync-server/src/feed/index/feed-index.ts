import { partitionOf } from '@darasa/shared/documents';
import type { Readable } from '@darasa/shared/rules';
import { type Digest, differenceOf, documentHash, EMPTY_DIGEST, rankOf, sumOf } from '@darasa/shared/sync';
import { grown, IdTable } from './id-table.ts';
import { LeafStore } from './leaf-store.ts';

const NONE = 0;

interface PartitionState {
  readonly id: string;
  digest: Digest;
  /** The document that changed last, plus one; 0 for none. The others follow by `#before`. */
  last: number;
}

/**
 * What a server knows of a school without its contents: of each document its id, its leaf revisions and when it last
 * changed, counted by this index itself; of each partition its digest, and its documents in the order of change. A
 * pull costs in proportion to what it brings.
 *
 * A document that is deleted has leaves like any other. What is purged is not told by the feed: the index is built anew.
 */
export class FeedIndex {
  readonly #ids = new IdTable();
  readonly #leaves = new LeafStore();
  /** By number of document. `#before` and `#after` chain the documents of a partition by their last change; plus one, 0 for none. */
  #ordinals = new Uint32Array(1 << 9);
  #before = new Uint32Array(1 << 9);
  #after = new Uint32Array(1 << 9);
  #ranks = new Uint8Array(1 << 9);
  readonly #partitions = new Map<string, PartitionState>();
  #ordinal = 0;

  /** Changes so far: the ordinal of the last one. */
  get ordinal(): number {
    return this.#ordinal;
  }

  get size(): number {
    return this.#ids.size;
  }

  /** Bytes of the arrays, which is nearly all. */
  get byteLength(): number {
    const columns = this.#ordinals.byteLength + this.#before.byteLength + this.#after.byteLength + this.#ranks.byteLength;
    return this.#ids.byteLength + this.#leaves.byteLength + columns;
  }

  has(id: string): boolean {
    return this.#ids.find(id) >= 0;
  }

  /** Notes the leaves of a document. The same leaves again are no change; answers whether they were one. */
  set(id: string, leaves: readonly string[]): boolean {
    const partition = this.#partition(partitionOf(id));
    const fresh = this.#ids.find(id) < 0;
    const number = this.#ids.number(id);
    let digest = partition.digest;
    if (fresh) {
      this.#makeRoom(number);
      this.#ranks[number] = rankOf(id);
      digest = { ...digest, count: digest.count + 1 };
    } else {
      const known = this.#leaves.get(number);
      if (sameLeaves(known, leaves)) return false;
      digest = { ...digest, ...differenceOf(digest, documentHash(id, known)) };
      this.#unchain(partition, number);
    }
    partition.digest = { ...digest, ...sumOf(digest, documentHash(id, leaves)) };
    this.#leaves.set(number, leaves);
    this.#chain(partition, number);
    return true;
  }

  /** The leaves of a document; null when there is none. */
  leaves(id: string): readonly string[] | null {
    const number = this.#ids.find(id);
    return number < 0 ? null : this.#leaves.get(number);
  }

  digest(partitionId: string): Digest {
    return this.#partitions.get(partitionId)?.digest ?? EMPTY_DIGEST;
  }

  /** The partitions of `readable` that there are, and those that it names. */
  readable({ partitions, kinds }: Readable): string[] {
    if (kinds.size === 0) return [...partitions];
    const found = new Set<string>(partitions);
    for (const id of this.#partitions.keys()) for (const kind of kinds) if (id.startsWith(`${kind}-`)) found.add(id);
    return [...found];
  }

  /** The documents of a partition that changed after an ordinal, the last change first. */
  *changedSince(partitionId: string, ordinal: number): Generator<number> {
    let next = this.#partitions.get(partitionId)?.last ?? NONE;
    while (next !== NONE) {
      const number = next - 1;
      if ((this.#ordinals[number] ?? 0) <= ordinal) return;
      yield number;
      next = this.#before[number] ?? NONE;
    }
  }

  idOf(number: number): string {
    return this.#ids.text(number);
  }

  leavesOf(number: number): readonly string[] {
    return this.#leaves.get(number);
  }

  ordinalOf(number: number): number {
    return this.#ordinals[number] ?? 0;
  }

  rankOf(number: number): number {
    return this.#ranks[number] ?? 0;
  }

  #partition(id: string): PartitionState {
    let state = this.#partitions.get(id);
    if (state === undefined) {
      state = { id, digest: EMPTY_DIGEST, last: NONE };
      this.#partitions.set(id, state);
    }
    return state;
  }

  #makeRoom(number: number): void {
    if (number < this.#ordinals.length) return;
    this.#ordinals = grown(this.#ordinals, number + 1);
    this.#before = grown(this.#before, number + 1);
    this.#after = grown(this.#after, number + 1);
    this.#ranks = grown(this.#ranks, number + 1);
  }

  #chain(partition: PartitionState, number: number): void {
    this.#ordinal += 1;
    this.#ordinals[number] = this.#ordinal;
    this.#before[number] = partition.last;
    this.#after[number] = NONE;
    if (partition.last !== NONE) this.#after[partition.last - 1] = number + 1;
    partition.last = number + 1;
  }

  #unchain(partition: PartitionState, number: number): void {
    const before = this.#before[number] ?? NONE;
    const after = this.#after[number] ?? NONE;
    if (before !== NONE) this.#after[before - 1] = after;
    if (after !== NONE) this.#before[after - 1] = before;
    else partition.last = before;
  }
}

function sameLeaves(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  return one.length === 1 ? one[0] === other[0] : [...one].sort().join() === [...other].sort().join();
}
