import { parseDocId, partitionOf } from '@darasa/shared/documents';
import type { Logger } from 'pino';
import * as v from 'valibot';
import type { CouchClient } from '../../couch/couch-client.ts';
import { pause } from '../pause.ts';
import type { SchoolTail } from '../school-tail.ts';
import { DocumentCache } from './document-cache.ts';
import { FeedIndex } from './feed-index.ts';

const seq = v.union([v.string(), v.number()]);
const pageSchema = v.looseObject({
  results: v.array(v.looseObject({ id: v.string(), changes: v.array(v.looseObject({ rev: v.string() })) })),
  last_seq: seq,
});
const infoSchema = v.looseObject({
  doc_count: v.number(),
  doc_del_count: v.number(),
  update_seq: seq,
  purge_seq: v.optional(seq, 0),
  instance_start_time: v.optional(v.string(), ''),
});
type Info = v.InferOutput<typeof infoSchema>;

const PAGE_ROWS = 5_000;
/** Of JSON, for each school that is in use. */
const CACHE_BYTES = 32 * 1024 * 1024;
const AUDIT_MS = 30_000;
const RETRY_MS = 2_000;
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
  /** What was read of the database lately; it goes with the index, so that nothing purged stays. */
  readonly cache: DocumentCache;
}

export interface Expectation {
  /** Waits, at most so long, until the tail has brought each of these; answers those that it has not. */
  unseen(wanted: readonly string[], ms: number): Promise<readonly string[]>;
  close(): void;
}

/**
 * Keeps the index of one school: reads the whole feed once in the background, then follows the tail. Whatever shows that
 * the database is not the one that was read (it was restored, purged, made anew) has the index built again, under a
 * new epoch, while the old one goes on serving.
 */
export class SchoolIndex {
  readonly #couch: Pick<CouchClient, 'ask'>;
  readonly #path: string;
  readonly #newEpoch: () => string;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #unsubscribe: () => void;
  readonly #waiters = new Set<Waiter>();
  /** Documents that somebody waits to see in the tail, with what to do then. */
  readonly #awaited = new Map<string, Set<() => void>>();
  /** Design documents and strangers: they count in the database's own count. */
  #others = new Set<string>();
  #built: BuiltIndex | null = null;
  /** While one is built: what the tail brought meanwhile is newer than what is read. */
  #building: { readonly index: FeedIndex; readonly others: Set<string>; readonly touched: Set<string> } | null = null;
  #whenBuilt: Promise<void>;
  #known: Info | null = null;
  #suspected: string | null = null;
  readonly #auditing: Promise<void>;

  constructor(couch: Pick<CouchClient, 'ask'>, database: string, tail: Pick<SchoolTail, 'subscribe'>, newEpoch: () => string, log: Logger) {
    this.#couch = couch;
    this.#path = `/${encodeURIComponent(database)}`;
    this.#newEpoch = newEpoch;
    this.#log = log;
    this.#unsubscribe = tail.subscribe((id, leaves) => {
      if (id === null) void this.#audit(true).catch(() => undefined);
      else this.#take(id, leaves);
    });
    this.#whenBuilt = this.#build();
    this.#auditing = this.#audits();
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

  /** Watches from now on for documents in the tail: before they are written, so that none is missed. */
  expect(ids: readonly string[]): Expectation {
    const seen = new Set<string>();
    let whenSeen = (): void => undefined;
    const watched = ids.map((id) => ({ id, tell: () => void (seen.add(id) && whenSeen()) }));
    for (const { id, tell } of watched) {
      const telling = this.#awaited.get(id);
      if (telling === undefined) this.#awaited.set(id, new Set([tell]));
      else telling.add(tell);
    }
    const { signal } = this.#closing;
    return {
      async unseen(wanted, ms) {
        const over = new AbortController();
        const isOver = (): boolean => wanted.every((id) => seen.has(id));
        whenSeen = () => {
          if (isOver()) over.abort();
        };
        if (!isOver()) await pause(ms, AbortSignal.any([over.signal, signal]));
        return wanted.filter((id) => !seen.has(id));
      },
      close: () => {
        for (const { id, tell } of watched) {
          const telling = this.#awaited.get(id);
          telling?.delete(tell);
          if (telling?.size === 0) this.#awaited.delete(id);
        }
      },
    };
  }

  /** What was read of the database itself, where the tail lags. */
  learn(id: string, leaves: readonly string[]): void {
    this.#take(id, leaves);
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
    this.#closing.abort();
    this.#unsubscribe();
    await Promise.allSettled([this.#whenBuilt, this.#auditing]);
  }

  #take(id: string, leaves: readonly string[]): void {
    const school = parseDocId(id) !== null;
    for (const into of [this.#built, this.#building]) {
      if (into === null) continue;
      if (school) into.index.set(id, leaves);
      else this.#othersOf(into).add(id);
    }
    this.#building?.touched.add(id);
    for (const tell of this.#awaited.get(id) ?? []) tell();
    const partition = partitionOf(id);
    for (const waiter of this.#waiters) if (waiter.partitions === null || waiter.partitions.has(partition)) waiter.wake();
  }

  #othersOf(into: object): Set<string> {
    return into === this.#building ? this.#building.others : this.#others;
  }

  #rebuild(): void {
    if (this.#building === null && !this.#closing.signal.aborted) this.#whenBuilt = this.#build();
  }

  async #build(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#buildOnce();
        return;
      } catch (error) {
        this.#building = null;
        if (signal.aborted) return;
        this.#log.warn({ err: error }, 'The index of a school could not be built; it is tried again');
        await pause(RETRY_MS, signal);
      }
    }
  }

  async #buildOnce(): Promise<void> {
    const { signal } = this.#closing;
    const building = { index: new FeedIndex(), others: new Set<string>(), touched: new Set<string>() };
    this.#building = building;
    const info = await this.#info();
    let since = '0';
    for (;;) {
      const query = { since, style: 'all_docs', limit: String(PAGE_ROWS) };
      const page = await this.#couch.ask(pageSchema, 'GET', `${this.#path}/_changes`, { query, signal });
      for (const { id, changes } of page.results) {
        if (building.touched.has(id)) continue;
        if (parseDocId(id) === null) building.others.add(id);
        else
          building.index.set(
            id,
            changes.map(({ rev }) => rev),
          );
      }
      since = String(page.last_seq);
      if (page.results.length < PAGE_ROWS) break;
    }
    this.#building = null;
    this.#others = building.others;
    this.#known = info;
    this.#suspected = null;
    this.#built = { index: building.index, epoch: this.#newEpoch(), cache: new DocumentCache(CACHE_BYTES) };
    for (const waiter of this.#waiters) waiter.wake();
    this.#log.debug({ documents: building.index.size, bytes: building.index.byteLength }, 'The index of a school is built');
  }

  #info(): Promise<Info> {
    return this.#couch.ask(infoSchema, 'GET', this.#path, { signal: this.#closing.signal });
  }

  async #audits(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await pause(AUDIT_MS, signal);
      // A database that does not answer now is asked again later.
      if (!signal.aborted) await this.#audit(false).catch(() => undefined);
    }
  }

  /**
   * Whether the database is still the one that was read. Purging and restoring are told by no feed; they show in the
   * database's own numbers. A wrong count may be a lag of the tail, so it has to stand twice with nothing changed between.
   */
  async #audit(reconnected: boolean): Promise<void> {
    const [built, known] = [this.#built, this.#known];
    if (built === null || known === null || this.#building !== null) return;
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

/** The number with which an update sequence begins; what follows it in a cluster is opaque. */
function numberOf(sequence: string | number): number {
  return Number.parseInt(String(sequence), 10);
}
