import { partitionOf } from '@darasa/shared/documents';
import type { Readable } from '@darasa/shared/rules';
import { type Digest, differenceOf, documentHash, EMPTY_DIGEST, rankOf, sumOf } from '@darasa/shared/sync';
import { ChangeOrder } from './change-order.ts';
import { grown, IdTable } from './id-table.ts';
import { LeafStore } from './leaf-store.ts';
import { type Head, merged } from './merge.ts';

/** A partition of fewer changes than this is not worth tidying. */
const FEW = 8;

interface PartitionState {
  digest: Digest;
  readonly order: ChangeOrder;
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
  /** By number of document. */
  #ordinals = new Uint32Array(1 << 9);
  #ranks = new Uint8Array(1 << 9);
  #deleted = new Uint8Array(1 << 9);
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
    let bytes = this.#ids.byteLength + this.#leaves.byteLength;
    bytes += this.#ordinals.byteLength + this.#ranks.byteLength + this.#deleted.byteLength;
    for (const { order } of this.#partitions.values()) bytes += order.byteLength;
    return bytes;
  }

  /**
   * Notes the leaves of a document, the winner first, and whether the winner is a deletion. The same leaves again are no
   * change; answers whether they were one.
   */
  set(id: string, leaves: readonly string[], deleted = false): boolean {
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
    }
    partition.digest = { ...digest, ...sumOf(digest, documentHash(id, leaves)) };
    this.#leaves.set(number, leaves);
    this.#deleted[number] = deleted ? 1 : 0;
    this.#ordinal += 1;
    this.#ordinals[number] = this.#ordinal;
    const { order } = partition;
    order.append(this.#ordinal, number);
    if (order.length > FEW && order.length > 2 * digest.count) order.keep((each, ordinal) => this.#ordinals[each] === ordinal);
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

  /** The documents of a partition that changed after an ordinal, the last change last. */
  *changedSince(partitionId: string, ordinal: number): Generator<number> {
    const order = this.#partitions.get(partitionId)?.order;
    if (order === undefined) return;
    for (let entry = order.after(ordinal); entry < order.length; entry += 1) if (this.#isCurrent(order, entry)) yield order.number(entry);
  }

  /** The documents of these partitions that changed after an ordinal, in the order of the school's changes. */
  *inOrder(partitionIds: readonly string[], ordinal: number): Generator<number> {
    const heads = partitionIds.flatMap((id) => {
      const order = this.#partitions.get(id)?.order;
      return order === undefined || order.ordinal(order.length - 1) <= ordinal ? [] : new OrderHead(order, order.after(ordinal));
    });
    for (const { order, entry } of merged(heads)) if (this.#isCurrent(order, entry)) yield order.number(entry);
  }

  /** The documents of these partitions that changed last before an ordinal, the last change first. */
  *inReverse(partitionIds: readonly string[], ordinal: number): Generator<number> {
    const heads = partitionIds.flatMap((id) => {
      const order = this.#partitions.get(id)?.order;
      const last = order === undefined ? -1 : order.after(ordinal - 1) - 1;
      return order === undefined || last < 0 ? [] : new ReverseHead(order, last);
    });
    for (const { order, entry } of merged(heads)) if (this.#isCurrent(order, entry)) yield order.number(entry);
  }

  /** Whether anything in these partitions changed after an ordinal. */
  hasChanged(partitionIds: readonly string[], ordinal: number): boolean {
    return partitionIds.some((id) => {
      const order = this.#partitions.get(id)?.order;
      return order !== undefined && order.ordinal(order.length - 1) > ordinal;
    });
  }

  /** How many changes of these partitions follow an ordinal, or somewhat more: a document that changed twice may count twice. */
  countSince(partitionIds: readonly string[], ordinal: number): number {
    let count = 0;
    for (const id of partitionIds) {
      const order = this.#partitions.get(id)?.order;
      if (order !== undefined) count += order.length - order.after(ordinal);
    }
    return count;
  }

  idOf(number: number): string {
    return this.#ids.text(number);
  }

  /** The number of a document; null when there is none. */
  find(id: string): number | null {
    const number = this.#ids.find(id);
    return number < 0 ? null : number;
  }

  leavesOf(number: number): readonly string[] {
    return this.#leaves.get(number);
  }

  ordinalOf(number: number): number {
    return this.#ordinals[number] ?? 0;
  }

  /** Whether its winner is a deletion. */
  isDeleted(number: number): boolean {
    return this.#deleted[number] === 1;
  }

  rankOf(number: number): number {
    return this.#ranks[number] ?? 0;
  }

  #isCurrent(order: ChangeOrder, entry: number): boolean {
    return this.#ordinals[order.number(entry)] === order.ordinal(entry);
  }

  #partition(id: string): PartitionState {
    let state = this.#partitions.get(id);
    if (state === undefined) {
      state = { digest: EMPTY_DIGEST, order: new ChangeOrder() };
      this.#partitions.set(id, state);
    }
    return state;
  }

  #makeRoom(number: number): void {
    if (number < this.#ordinals.length) return;
    this.#ordinals = grown(this.#ordinals, number + 1);
    this.#ranks = grown(this.#ranks, number + 1);
    this.#deleted = grown(this.#deleted, number + 1);
  }
}

/** A place in the order of a partition. */
class OrderHead implements Head {
  readonly order: ChangeOrder;
  entry: number;

  constructor(order: ChangeOrder, entry: number) {
    this.order = order;
    this.entry = entry;
  }

  get key(): number {
    return this.order.ordinal(this.entry);
  }

  next(): boolean {
    this.entry += 1;
    return this.entry < this.order.length;
  }
}

/** The same, read from the end. */
class ReverseHead implements Head {
  readonly order: ChangeOrder;
  entry: number;

  constructor(order: ChangeOrder, entry: number) {
    this.order = order;
    this.entry = entry;
  }

  get key(): number {
    return -this.order.ordinal(this.entry);
  }

  next(): boolean {
    this.entry -= 1;
    return this.entry >= 0;
  }
}

/** Whether two lists name the same leaves. */
export function sameLeaves(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  return one.length === 1 ? one[0] === other[0] : [...one].sort().join() === [...other].sort().join();
}
