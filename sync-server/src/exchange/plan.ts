import { parsePartition } from '@darasa/shared/documents';
import type { Readable } from '@darasa/shared/rules';
import {
  bucketOf,
  documentHash,
  EMPTY_ROOT,
  type ExchangeRequest,
  type HeldDocument,
  hexOf,
  type ReplyLine,
  rootOf,
  splitHashes,
  sumsByBucket,
} from '@darasa/shared/sync';
import type { FeedIndex } from '../feed/index/feed-index.ts';
import type { BuiltIndex } from '../feed/index/school-index.ts';
import { accessOf } from '../feed/place.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';

/** What a server is going to reply, before any document is read. */
export interface ExchangePlan {
  /** Partitions, buckets that differ, hashes that are not known here. */
  readonly lines: readonly ReplyLine[];
  readonly root: string;
  readonly compare: boolean;
  /** Numbers of documents in the index, in the order in which they are sent. */
  readonly pending: readonly number[];
  /** The leaves of a piece of `pending`, as they are by now. */
  leaves(from: number, to: number): WantedLeaf[];
  /** The cursor when only so many of `pending` were sent; null when the device has none to hold on to. */
  cursorAfter(sent: number): string | null;
  /** Whether all is sent with `pending`. */
  readonly complete: boolean;
  /** There is nothing to say but that both hold the same. */
  readonly quiet: boolean;
}

/** A leaf that is wanted whole. */
export interface WantedLeaf {
  readonly id: string;
  readonly rev: string;
}

/** Revisions that the device sends with this same request, by id: they are not sent back. */
export type Pushed = ReadonlyMap<string, ReadonlySet<string>>;

/** Plans a reply. `readable` is what the person may read now, within the scope that was asked for. */
export function planExchange(
  request: ExchangeRequest,
  { index, epoch }: Pick<BuiltIndex, 'index' | 'epoch'>,
  readable: Readable,
  pushed: Pushed,
): ExchangePlan {
  const { question, bucketSums, listings } = request;
  const partitions = index.readable(readable);
  const access = accessOf(readable, question.scope ?? '');
  const root = rootOf(partitions.map((id) => [id, index.digest(id)]));
  const known = readCursor(question.cursor, epoch, access);
  const holdsNothing = known === null && question.root === EMPTY_ROOT && listings.length === 0;
  const cursor: Cursor | null = holdsNothing ? { epoch, access, base: 0, part: null } : known;
  const latest = index.ordinal;
  const fresh = writeCursor({ epoch, access, base: latest, part: null });
  const isEcho = (number: number): boolean => {
    const revs = pushed.get(index.idOf(number));
    return revs !== undefined && index.leavesOf(number).every((rev) => revs.has(rev));
  };

  const wanted = (pending: readonly number[]) => (start: number, end: number) =>
    pending.slice(start, end).flatMap((number) => index.leavesOf(number).map((rev) => ({ id: index.idOf(number), rev })));

  const lines: ReplyLine[] = [];
  const asksToCompare = question.compare === 1 || (cursor === null && listings.length === 0 && bucketSums.length === 0);
  if (asksToCompare || holdsNothing) {
    const entries = partitions.map((id): [string, string, number] => [id, hexOf(index.digest(id)), index.digest(id).count]);
    lines.push(['p', entries, [...readable.kinds]]);
  }
  if (asksToCompare) {
    const compare = root !== question.root;
    return {
      lines,
      root,
      compare,
      pending: [],
      leaves: () => [],
      cursorAfter: () => (compare ? null : fresh),
      complete: true,
      quiet: false,
    };
  }

  if (listings.length > 0 || bucketSums.length > 0) {
    const found = new Set<number>();
    if (cursor !== null) for (const number of changedSince(index, partitions, cursor, latest)) if (!isEcho(number)) found.add(number);
    const own = new Set(partitions);
    // A partition of which nothing is left is in no index, and may be the person's all the same.
    const mayCompare = (partition: string): boolean => {
      const kind = parsePartition(partition)?.kind;
      return own.has(partition) || [...readable.kinds].some((each) => each === kind);
    };
    for (const [, partition, sums] of bucketSums) if (mayCompare(partition)) lines.push(differingBuckets(index, partition, sums));
    for (const [, partition, buckets, hashes] of listings) {
      if (!mayCompare(partition)) continue;
      const { lacking, absent } = compareListing(index, partition, buckets, hashes);
      for (const number of lacking) found.add(number);
      if (absent !== '') lines.push(['x', partition, absent]);
    }
    const pending = inOrder(index, [...found]);
    // What was only partly sent is found again by the next listing, so the cursor stays where it was.
    const cursorAfter = (sent: number): string | null => (sent === pending.length ? fresh : question.cursor);
    return { lines, root, compare: false, pending, leaves: wanted(pending), cursorAfter, complete: true, quiet: false };
  }

  // Neither asked to compare nor told what is held, so there is a cursor.
  const from = cursor ?? { epoch, access, base: 0, part: null };
  const high = from.part?.high ?? latest;
  const pending = inOrder(index, changedSince(index, partitions, from, high)).filter((number) => !isEcho(number));
  const cursorAfter = (sent: number): string => {
    if (sent === pending.length) return writeCursor({ epoch, access, base: high, part: null });
    const last = pending[sent - 1];
    if (last === undefined) return writeCursor(from);
    return writeCursor({ ...from, part: { high, rank: index.rankOf(last), ordinal: index.ordinalOf(last) } });
  };
  const complete = high === latest;
  const quiet = lines.length === 0 && pending.length === 0 && complete && root === question.root;
  return { lines, root, compare: false, pending, leaves: wanted(pending), cursorAfter, complete, quiet };
}

function changedSince(index: FeedIndex, partitions: readonly string[], { base, part }: Cursor, high: number): number[] {
  const found: number[] = [];
  for (const partition of partitions) {
    for (const number of index.changedSince(partition, base)) {
      if (index.ordinalOf(number) > high) continue;
      if (part === null || isAfter(index, number, part)) found.push(number);
    }
  }
  return found;
}

function isAfter(index: FeedIndex, number: number, { rank, ordinal }: { readonly rank: number; readonly ordinal: number }): boolean {
  const own = index.rankOf(number);
  return own > rank || (own === rank && index.ordinalOf(number) > ordinal);
}

function inOrder(index: FeedIndex, numbers: readonly number[]): number[] {
  return numbers.toSorted((one, other) => index.rankOf(one) - index.rankOf(other) || index.ordinalOf(one) - index.ordinalOf(other));
}

function* documentsOf(index: FeedIndex, partition: string): Generator<HeldDocument> {
  for (const number of index.changedSince(partition, 0)) yield [index.idOf(number), index.leavesOf(number)];
}

function differingBuckets(index: FeedIndex, partition: string, sums: string): ReplyLine {
  const theirs = splitHashes(sums);
  const ours = sumsByBucket(documentsOf(index, partition)).map(hexOf);
  return ['b', partition, ours.flatMap((sum, bucket) => (sum === theirs[bucket] ? [] : [bucket]))];
}

function compareListing(
  index: FeedIndex,
  partition: string,
  buckets: readonly number[] | null,
  hashes: string,
): { readonly lacking: readonly number[]; readonly absent: string } {
  const theirs = new Set(splitHashes(hashes));
  const lacking: number[] = [];
  for (const number of index.changedSince(partition, 0)) {
    const id = index.idOf(number);
    if (buckets !== null && !buckets.includes(bucketOf(id))) continue;
    if (!theirs.delete(hexOf(documentHash(id, index.leavesOf(number))))) lacking.push(number);
  }
  return { lacking, absent: [...theirs].join('') };
}
