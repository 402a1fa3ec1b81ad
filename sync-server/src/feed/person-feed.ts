import type { Readable } from '@darasa/shared/rules';
import type { CouchClient } from '../couch/couch-client.ts';
import type { Access } from '../policies/document-reader.ts';
import { type ChangesRow, countSince, readChangesPage } from './changes-page.ts';
import type { BuiltIndex } from './index/school-index.ts';
import { readIndexPage, rowReader } from './index-page.ts';
import { accessOf, type Place, readPlace, writePlace } from './place.ts';
import type { SchoolFeed } from './school-feed.ts';
import { ChangeWaiter } from './wait-for-change.ts';

export interface PersonFeedParts {
  readonly couch: CouchClient;
  readonly feed: SchoolFeed;
  /** What the person may read now, within the scope; and the same as a question about one document. */
  readonly access: () => Access;
  /** Only these documents; null for all. */
  readonly docIds: readonly string[] | null;
  readonly descending: boolean;
  /** Parameters of CouchDB's: `style`, `include_docs`, … */
  readonly passed: Readonly<Record<string, string>>;
}

export interface FeedPage {
  readonly rows: readonly ChangesRow[];
  readonly lastSeq: string;
  /** 0 when the feed was read to its end. Of the index at most so many rows follow; of the database 1 stands for any number. */
  readonly pending: number;
  /** Rows of others that were looked at. */
  readonly filtered: number;
}

/** Where a feed stands: at an ordinal of one index, or at a place that the database alone knows. */
type Position =
  | { readonly in: 'index'; readonly epoch: string; readonly ordinal: number }
  | { readonly in: 'database'; readonly sequence: string };

/** A place that is so far behind costs less when the person's own documents are listed from the beginning. */
const FAR_BEHIND = 1_000;
const BEGINNING = '0';
/** How long a feed waits for the index of a server that has just started, before the database is read instead. */
const BUILDING_MS = 1_000;

/**
 * One person's feed of one school, page by page (sync-spec S). It is served from the index, so that a page costs what it brings;
 * from the database while the index is being built, and from a place that the index cannot put into its own order.
 */
export class PersonFeed {
  readonly #parts: PersonFeedParts;
  #position: Position = { in: 'database', sequence: BEGINNING };
  #access = '';
  #waiter: ChangeWaiter | null = null;

  private constructor(parts: PersonFeedParts) {
    this.#parts = parts;
  }

  /** Opens a feed after a place, as a client brings it; `now` stands for the end. */
  static async open(parts: PersonFeedParts, since: string): Promise<PersonFeed> {
    const feed = new PersonFeed(parts);
    feed.#access = accessOf(parts.access().readable);
    await parts.feed.index.ready(BUILDING_MS);
    await parts.feed.index.caughtUp();
    feed.#position = await feed.#placed(since, parts.feed.index.built);
    return feed;
  }

  /** The place at the end of somebody's feed, for whoever wants to begin there. */
  static end(feed: SchoolFeed, readable: Readable, sequence: string): string {
    const { built, epoch } = feed.index;
    const access = accessOf(readable);
    if (built === null) return writePlace({ epoch, access, ordinal: null, sequence });
    const { ordinal } = built.index;
    return writePlace({ epoch: built.epoch, access, ordinal, sequence: built.marks.before(ordinal) });
  }

  async page(limit: number, signal?: AbortSignal): Promise<FeedPage> {
    const { readable } = this.#parts.access();
    const { built } = this.#parts.feed.index;
    const access = accessOf(readable);
    const rebuilt = this.#position.in === 'index' && this.#position.epoch !== built?.epoch;
    if (access !== this.#access || rebuilt) {
      // What is gained has its past (A3); and what another index put in order is in no order here.
      this.#access = access;
      this.#position = beginning(built, this.#parts.descending);
    }
    const position = this.#position;
    if (position.in === 'database') return this.#databasePage(built, position.sequence, limit, signal);
    if (built === null) throw new Error('An index that was built has gone');
    return this.#indexPage(built, position.ordinal, readable, limit);
  }

  /** Before a page is read that is to be waited after: from here on changes count. */
  arm(): void {
    if (this.#position.in === 'index') return;
    this.#waiter ??= new ChangeWaiter(this.#parts.feed.tail, (id) => this.#parts.access().mayRead(id));
    this.#waiter.arm();
  }

  /** Waits for a change of the person's since the last page, at most so long. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const { feed, access } = this.#parts;
    const position = this.#position;
    if (position.in === 'database') return this.#waiter?.wait(ms, signal);
    const { readable } = access();
    const { built } = feed.index;
    if (built?.epoch !== position.epoch || built.index.hasChanged(built.index.readable(readable), position.ordinal)) return;
    await feed.index.changeIn(readable.kinds.size > 0 ? null : readable.partitions, ms, signal);
  }

  close(): void {
    this.#waiter?.close();
  }

  async #placed(since: string, built: BuiltIndex | null): Promise<Position> {
    const { feed, couch, descending } = this.#parts;
    // As in CouchDB, where `descending` begins at the end whatever `since` says.
    if (descending) return beginning(built, true);
    if (since === 'now') {
      if (built !== null) return { in: 'index', epoch: built.epoch, ordinal: built.index.ordinal };
      return { in: 'database', sequence: 'now' };
    }
    const place = readPlace(since);
    if (place === null || place.access !== this.#access) return beginning(built, false);
    if (place.epoch === built?.epoch && place.ordinal !== null) return { in: 'index', epoch: place.epoch, ordinal: place.ordinal };
    const ours = place.epoch === built?.epoch || place.epoch === feed.index.epoch;
    if (!ours && !(await feed.index.lineage.covers(place.epoch, place.sequence))) return beginning(built, false);
    if (built !== null) {
      const held = built.index.countSince(built.index.readable(this.#parts.access().readable), 0);
      if ((await countSince(couch, feed.database, place.sequence)) > Math.max(FAR_BEHIND, held)) return beginning(built, false);
    }
    return { in: 'database', sequence: place.sequence };
  }

  async #indexPage(built: BuiltIndex, from: number, readable: Readable, limit: number): Promise<FeedPage> {
    const { couch, feed, descending, passed, access } = this.#parts;
    const { index, marks, epoch } = built;
    const partitions = index.readable(readable);
    const docIds = this.#parts.docIds?.filter(access().mayRead) ?? null;
    // What comes while the page is read comes after it.
    const end = index.ordinal;
    const query = { partitions, docIds, from, limit, descending, passed };
    const { rows, full } = await readIndexPage(index, query, rowReader(couch, feed.database, passed));
    const last = rows.at(-1)?.ordinal ?? end;
    const reached = full || descending ? last : Math.max(last, end);
    this.#position = { in: 'index', epoch, ordinal: reached };
    const seq = (ordinal: number): string => this.#write({ epoch, ordinal, sequence: marks.before(ordinal) });
    return {
      rows: rows.map(({ ordinal, row }) => ({ ...row, seq: seq(ordinal) })),
      lastSeq: seq(reached),
      pending: full ? index.countSince(partitions, reached) : 0,
      filtered: 0,
    };
  }

  async #databasePage(built: BuiltIndex | null, since: string, limit: number, signal?: AbortSignal): Promise<FeedPage> {
    const { couch, feed, docIds, passed, access } = this.#parts;
    const epoch = built?.epoch ?? feed.index.epoch;
    const before = built?.singleCopy === true ? built.index.ordinal : null;
    const page = await readChangesPage(couch, feed.database, { since, limit, passed, docIds }, access().mayRead, signal);
    const sequence = String(page.lastSeq);
    // Read to its end, where nothing lags: all that the index had before was shown.
    const placed = built !== null && before !== null && page.pending === 0 ? { built, ordinal: before } : null;
    this.#position = placed === null ? { in: 'database', sequence } : { in: 'index', epoch, ordinal: placed.ordinal };
    if (placed === null || page.rows.length > 0) await feed.index.confirm(sequence);
    return {
      ...page,
      // The database's own number counts what is others'.
      pending: Math.min(page.pending, 1),
      rows: page.rows.map((row) => ({ ...row, seq: this.#write({ epoch, ordinal: null, sequence: String(row.seq) }) })),
      lastSeq: this.#write({ epoch, ordinal: placed?.ordinal ?? null, sequence: placed?.built.marks.before(placed.ordinal) ?? sequence }),
    };
  }

  #write(place: Omit<Place, 'access'>): string {
    return writePlace({ ...place, access: this.#access });
  }
}

function beginning(built: BuiltIndex | null, descending: boolean): Position {
  if (built === null) return { in: 'database', sequence: BEGINNING };
  return { in: 'index', epoch: built.epoch, ordinal: descending ? Number.POSITIVE_INFINITY : 0 };
}
