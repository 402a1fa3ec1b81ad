import { setMaxListeners } from 'node:events';
import { parseDocId, partitionOf } from '@darasa/shared/documents';
import type { ExchangeDocument } from '@darasa/shared/sync';
import type { Logger } from 'pino';
import type { CouchClient } from '../../couch/couch-client.ts';
import { pause } from '../pause.ts';
import { numberOf } from '../place.ts';
import type { SchoolTail } from '../school-tail.ts';
import { CatchUp } from './catch-up.ts';
import { type DatabaseInfo, databaseInfo, type LeavesRow, leavesOf, leavesPage } from './change-rows.ts';
import { type CacheBudget, DocumentCache } from './document-cache.ts';
import { FeedIndex, sameLeaves } from './feed-index.ts';
import { FeedLineage } from './feed-lineage.ts';
import { SequenceMarks } from './sequence-marks.ts';

const PAGE_ROWS = 5_000;
const AUDIT_MS = 30_000;
/** How often the places that are told may come nearer to the present. */
const CONFIRM_MS = 5_000;
const RETRY_MS = 2_000;
/** CouchDB reads so many named documents one by one; for more it would go through its whole feed. */
const NAMED_AT_ONCE = 100;
/** A document that somebody writes all the time is left to the tail. */
const MOST_ROUNDS = 5;
/** How long the tail has to bring what was read of the database already, before the index is distrusted. */
const TRUST_MS = 5_000;

interface Waiter {
  readonly partitions: ReadonlySet<string> | null;
  readonly wake: () => void;
}

/** One building of the index. Cursors of another one mean nothing to it. */
export interface BuiltIndex {
  readonly index: FeedIndex;
  readonly epoch: string;
  /** The database's own places behind the index's order. */
  readonly marks: SequenceMarks;
  /** Whether the database keeps each document once: then what one reading has shown, every later one shows. */
  readonly singleCopy: boolean;
  /** What was read of the database lately; it goes with the index, so that nothing purged stays. */
  readonly cache: DocumentCache<ExchangeDocument>;
  /** Documents as the database answers a plain question for one. */
  readonly bodies: DocumentCache<string>;
}

/**
 * Keeps the index of one school: reads the whole feed once in the background, then follows the tail. Whatever shows that
 * the database is not the one that was read (it was restored, purged, made anew) has the index built again, under a
 * new epoch, while the old one goes on serving.
 */
export class SchoolIndex {
  readonly #couch: Pick<CouchClient, 'ask'>;
  readonly #tail: Pick<SchoolTail, 'subscribe' | 'sequence' | 'continueFrom'>;
  readonly #path: string;
  readonly lineage: FeedLineage;
  readonly #newEpoch: () => string;
  readonly #budget: CacheBudget;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #unsubscribe: () => void;
  readonly #waiters = new Set<Waiter>();
  readonly #catchUp: CatchUp;
  /** Of each reading of documents that is under way: what was set since it began. */
  readonly #learning = new Set<Set<string>>();
  /** Design documents and strangers: they count in the database's own count. */
  #others = new Set<string>();
  #built: BuiltIndex | null = null;
  #building = false;
  /** Of the index that was begun last. */
  #epoch: string;
  #noted = -1;
  #confirming: Promise<boolean> | null = null;
  #whenBuilt: Promise<void>;
  #known: DatabaseInfo | null = null;
  #suspected: string | null = null;
  readonly #repeating: Promise<unknown>;

  constructor(
    couch: Pick<CouchClient, 'ask' | 'find' | 'send'>,
    database: string,
    tail: Pick<SchoolTail, 'subscribe' | 'sequence' | 'continueFrom'>,
    newEpoch: () => string,
    budget: CacheBudget,
    log: Logger,
  ) {
    this.#couch = couch;
    this.#tail = tail;
    this.#path = `/${encodeURIComponent(database)}`;
    this.lineage = new FeedLineage(couch, this.#path);
    this.#newEpoch = newEpoch;
    this.#epoch = newEpoch();
    this.#budget = budget;
    this.#log = log;
    this.#catchUp = new CatchUp({
      couch,
      path: this.#path,
      tail,
      knows: (row) => this.#knows(row),
      learn: (ids) => this.learn(ids),
      signal: this.#closing.signal,
    });
    // Every request that waits listens to it.
    setMaxListeners(0, this.#closing.signal);
    this.#unsubscribe = tail.subscribe((id, leaves, deleted) => {
      if (id === null) void this.#audit(true).catch(() => undefined);
      else this.#take(id, leaves, deleted);
    });
    this.#whenBuilt = this.#build();
    // A database that does not answer now is asked again later.
    this.#repeating = Promise.all([this.#each(AUDIT_MS, () => this.#audit(false)), this.#each(CONFIRM_MS, () => this.#confirmLast())]);
  }

  /** The index; null while the first one is being built. */
  get built(): BuiltIndex | null {
    return this.#built;
  }

  /** Waits for the first building, at most so long. */
  async ready(ms: number): Promise<BuiltIndex | null> {
    if (this.#built === null) await Promise.race([this.#whenBuilt, pause(ms, this.#closing.signal)]);
    return this.#built;
  }

  /** The epoch of the index that is there or, while one is being built, will be. */
  get epoch(): string {
    return this.#epoch;
  }

  /** Waits until the index knows what the database knew when this was called; at most a second. */
  async caughtUp(): Promise<void> {
    if (this.#built !== null) await this.#catchUp.now();
  }

  /**
   * Reads documents of the database itself, where the tail lags. What was set while the database was being asked may be newer than its
   * answer: such a document is asked for again.
   */
  async learn(ids: readonly string[]): Promise<void> {
    let left = ids.filter((id) => parseDocId(id) !== null);
    for (let round = 0; left.length > 0 && round < MOST_ROUNDS; round += 1) {
      const [built, meanwhile] = [this.#built, new Set<string>()];
      this.#learning.add(meanwhile);
      try {
        const rows = await this.#readNamed(left);
        // An index that was built since may have been read before this answer.
        if (this.#built !== built) continue;
        for (const row of rows) if (!meanwhile.has(row.id)) this.#set(row.id, leavesOf(row), row.deleted);
        left = left.filter((id) => meanwhile.has(id));
      } finally {
        this.#learning.delete(meanwhile);
      }
    }
  }

  /** Waits for a change in one of the partitions (null: in any), at most so long. */
  async changeIn(partitions: ReadonlySet<string> | null, ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const waiter: Waiter = { partitions, wake: () => over.abort() };
    this.#waiters.add(waiter);
    await pause(ms, AbortSignal.any([over.signal, signal, this.#closing.signal]));
    this.#waiters.delete(waiter);
  }

  /** The database does not have a leaf that the index names. Usually it has changed this moment, and the tail will say so. */
  distrust(id: string, rev: string): void {
    const { signal } = this.#closing;
    void pause(TRUST_MS, signal).then(() => {
      if (signal.aborted || this.#built?.index.leaves(id)?.includes(rev) !== true) return;
      this.#log.warn({ id, rev }, 'The index names a revision that the database does not have; it is built again');
      this.#rebuild();
    });
  }

  async close(): Promise<void> {
    await this.#confirmLast().catch(() => undefined);
    this.#closing.abort();
    this.#unsubscribe();
    await Promise.allSettled([this.#whenBuilt, this.#repeating]);
    this.#forget();
  }

  /** What was read for this index is kept for no other. */
  #forget(): void {
    this.#built?.cache.close();
    this.#built?.bodies.close();
  }

  #take(id: string, leaves: readonly string[], deleted: boolean): void {
    const built = this.#built;
    if (built !== null) {
      if (parseDocId(id) === null) this.#others.add(id);
      else this.#set(id, leaves, deleted);
      built.marks.note(built.index.ordinal, this.#tail.sequence);
    }
    this.#catchUp.tailMoved();
    const partition = partitionOf(id);
    for (const waiter of this.#waiters) if (waiter.partitions === null || waiter.partitions.has(partition)) waiter.wake();
  }

  #set(id: string, leaves: readonly string[], deleted: boolean): void {
    this.#built?.index.set(id, leaves, deleted);
    for (const meanwhile of this.#learning) meanwhile.add(id);
  }

  async #readNamed(ids: readonly string[]): Promise<LeavesRow[]> {
    const query = { filter: '_doc_ids', style: 'all_docs' };
    const rows: LeavesRow[] = [];
    for (let from = 0; from < ids.length; from += NAMED_AT_ONCE) {
      const json = { doc_ids: ids.slice(from, from + NAMED_AT_ONCE) };
      const request = { query, json, signal: this.#closing.signal };
      rows.push(...(await this.#couch.ask(leavesPage, 'POST', `${this.#path}/_changes`, request)).results);
    }
    return rows;
  }

  #knows(row: LeavesRow): boolean {
    // Strangers' documents are in nobody's feed.
    if (parseDocId(row.id) === null) return true;
    const known = this.#built?.index.leaves(row.id) ?? null;
    const leaves = leavesOf(row);
    return known !== null && (sameLeaves(known, leaves) || numberOf(known[0] ?? '0') > numberOf(leaves[0] ?? '0'));
  }

  #rebuild(): void {
    if (this.#building || this.#closing.signal.aborted) return;
    this.#epoch = this.#newEpoch();
    this.#noted = -1;
    this.#whenBuilt = this.#build();
  }

  async #build(): Promise<void> {
    const { signal } = this.#closing;
    this.#building = true;
    while (!signal.aborted) {
      try {
        await this.#buildOnce();
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#log.warn({ err: error }, 'The index of a school could not be built; it is tried again');
        await pause(RETRY_MS, signal);
      }
    }
  }

  async #buildOnce(): Promise<void> {
    const { signal } = this.#closing;
    const [index, others, marks] = [new FeedIndex(), new Set<string>(), new SequenceMarks()];
    const info = await this.#info();
    for (let rows = PAGE_ROWS; rows === PAGE_ROWS; ) {
      const query = { since: marks.last.sequence, style: 'all_docs', limit: String(PAGE_ROWS) };
      const page = await this.#couch.ask(leavesPage, 'GET', `${this.#path}/_changes`, { query, signal });
      for (const row of page.results) {
        if (parseDocId(row.id) === null) others.add(row.id);
        else index.set(row.id, leavesOf(row), row.deleted);
      }
      marks.note(index.ordinal, String(page.last_seq));
      rows = page.results.length;
    }
    await this.confirm(marks.last.sequence);
    marks.confirm(marks.last);
    this.#building = false;
    this.#others = others;
    this.#known = info;
    this.#suspected = null;
    const singleCopy = info.cluster.n === 1;
    const [cache, bodies] = [new DocumentCache<ExchangeDocument>(this.#budget), new DocumentCache<string>(this.#budget)];
    this.#forget();
    this.#built = { index, epoch: this.#epoch, marks, singleCopy, cache, bodies };
    // One reading from the beginning on, without a gap.
    this.#tail.continueFrom(marks.last.sequence);
    for (const waiter of this.#waiters) waiter.wake();
    this.#log.debug({ documents: index.size, bytes: index.byteLength }, 'The index of a school is built');
  }

  /** Has the database know how far places of this index reach; only up to there they are told. */
  async confirm(sequence: string): Promise<void> {
    // One at a time: what is written for one may do for the next.
    while (this.#confirming !== null && numberOf(sequence) > this.#noted) await this.#confirming;
    if (numberOf(sequence) <= this.#noted) return;
    const epoch = this.#epoch;
    this.#confirming = this.#noteWithin(epoch, sequence).finally(() => {
      this.#confirming = null;
    });
    if ((await this.#confirming) && this.#epoch === epoch) this.#noted = numberOf(sequence);
  }

  /** Not beyond the database's own end: a client may have brought the sequence. */
  async #noteWithin(epoch: string, sequence: string): Promise<boolean> {
    return numberOf((await this.#info()).update_seq) >= numberOf(sequence) && this.lineage.note(epoch, sequence);
  }

  /** Where the database was restored this moment nothing is noted: its record is right as it is. */
  async #confirmLast(): Promise<void> {
    const built = this.#built;
    const mark = built?.marks.last;
    if (mark === undefined || this.#building || numberOf(mark.sequence) <= this.#noted) return;
    if (numberOf((await this.#info()).update_seq) < numberOf(mark.sequence) || this.#built !== built) return;
    await this.confirm(mark.sequence);
    built?.marks.confirm(mark);
  }

  #info(): Promise<DatabaseInfo> {
    return this.#couch.ask(databaseInfo, 'GET', this.#path, { signal: this.#closing.signal });
  }

  async #each(ms: number, task: () => Promise<void>): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await pause(ms, signal);
      if (!signal.aborted) await task().catch(() => undefined);
    }
  }

  /**
   * Whether the database is still the one that was read. Purging and restoring are told by no feed; they show in the
   * database's own numbers. A wrong count may be a lag of the tail, so it has to stand twice with nothing changed between.
   */
  async #audit(reconnected: boolean): Promise<void> {
    const [built, known] = [this.#built, this.#known];
    if (built === null || known === null || this.#building) return;
    const info = await this.#info();
    if (info.instance_start_time !== known.instance_start_time || numberOf(info.purge_seq) !== numberOf(known.purge_seq)) {
      this.#log.warn('The database was purged or made anew; its index is built again');
      this.#rebuild();
      return;
    }
    const wentBack = numberOf(info.update_seq) < numberOf(known.update_seq);
    if (!wentBack) this.#known = info;
    const [counted, held] = [info.doc_count + info.doc_del_count, built.index.size + this.#others.size];
    // A node of a cluster that lags shows an older sequence too, but not for long.
    const state = wentBack ? 'went back' : `${numberOf(info.update_seq)} ${counted} ${held}`;
    if (counted === held && !wentBack) this.#suspected = null;
    else if (this.#suspected === state) {
      this.#log.warn({ counted, held, wentBack }, 'The database is not the one that was read; its index is built again');
      this.#rebuild();
    } else {
      this.#suspected = state;
      if (!reconnected) return;
      await pause(TRUST_MS, this.#closing.signal);
      if (!this.#closing.signal.aborted) await this.#audit(false);
    }
  }
}
