import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import * as v from 'valibot';
import { type CouchClient, CouchRefused } from '../couch/couch-client.ts';
import { pause } from './pause.ts';

const changeRow = v.looseObject({
  seq: v.union([v.string(), v.number()]),
  id: v.string(),
  changes: v.array(v.looseObject({ rev: v.string() })),
  deleted: v.optional(v.boolean(), false),
});
const lastRow = v.looseObject({ last_seq: v.union([v.string(), v.number()]) });
const info = v.looseObject({ update_seq: v.union([v.string(), v.number()]) });

/**
 * Called with the id of a document that changed, its leaf revisions, the winner first, and whether that is a deletion; with
 * null when the connection was lost meanwhile.
 */
export type ChangeListener = (id: string | null, leaves: readonly string[], deleted: boolean) => void;

interface TailRow {
  readonly seq: string;
  /** Null for the row that ends a feed. */
  readonly id: string | null;
  readonly leaves: readonly string[];
  readonly deleted: boolean;
}

const HEARTBEAT_MS = 10_000;
const SILENCE_MS = 30_000;
const RECONNECT_MS = 1_000;

/**
 * The one continuous `_changes` of a school that this server holds open. A thousand waiting devices wait for this
 * tail, and ask the database only when something of theirs has changed.
 */
export class SchoolTail {
  readonly #couch: CouchClient;
  readonly #path: string;
  readonly #log: Logger;
  readonly #listeners = new Set<ChangeListener>();
  readonly #closing = new AbortController();
  #connection = new AbortController();
  #sequence = '0';
  #ended: Promise<void> = Promise.resolve();

  private constructor(couch: CouchClient, database: string, log: Logger) {
    this.#couch = couch;
    this.#path = `/${encodeURIComponent(database)}`;
    this.#log = log;
  }

  /** Starts from the present. */
  static async open(couch: CouchClient, database: string, log: Logger): Promise<SchoolTail> {
    const tail = new SchoolTail(couch, database, log);
    const { update_seq } = await couch.ask(info, 'GET', tail.#path);
    tail.#sequence = String(update_seq);
    tail.#ended = tail.#run();
    return tail;
  }

  /** The place in the database's feed up to which the listeners were told. */
  get sequence(): string {
    return this.#sequence;
  }

  /** Goes on from another place: whoever has read the feed up to there then misses nothing. */
  continueFrom(sequence: string): void {
    this.#sequence = sequence;
    this.#connection.abort();
  }

  /** Answers the function that ends the subscription. */
  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const connection = new AbortController();
      this.#connection = connection;
      try {
        for await (const row of this.#rows(this.#sequence, connection)) {
          if (connection.signal.aborted) break;
          this.#sequence = row.seq;
          if (row.id !== null) this.#tell(row.id, row.leaves, row.deleted);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!connection.signal.aborted) this.#log.warn({ err: error }, 'The tail of a school’s changes broke off; it is taken up again');
      }
      // It was sent elsewhere: nothing was lost.
      if (this.#connection.signal.aborted) continue;
      await pause(RECONNECT_MS, signal);
      if (!signal.aborted) this.#tell(null, [], false);
    }
  }

  async *#rows(since: string, connection: AbortController): AsyncGenerator<TailRow> {
    const silence = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, connection.signal, silence.signal]);
    const query = { feed: 'continuous', style: 'all_docs', since, heartbeat: String(HEARTBEAT_MS) };
    const response = await this.#couch.send('GET', `${this.#path}/_changes`, { query, signal });
    if (!response.ok || response.body === null) throw new CouchRefused('GET _changes', response.status, await response.text());

    // A connection that died without a word is noticed by the heartbeats that stay away.
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      for await (const line of createInterface({ input: Readable.from(response.body), crlfDelay: Number.POSITIVE_INFINITY })) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        if (line === '') continue;
        const value: unknown = JSON.parse(line);
        const row = v.safeParse(changeRow, value);
        if (row.success) {
          const { seq, id, changes, deleted } = row.output;
          yield { seq: String(seq), id, leaves: changes.map(({ rev }) => rev), deleted };
        } else yield { seq: String(v.parse(lastRow, value).last_seq), id: null, leaves: [], deleted: false };
      }
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  #tell(id: string | null, leaves: readonly string[], deleted: boolean): void {
    for (const listener of [...this.#listeners]) listener(id, leaves, deleted);
  }
}
