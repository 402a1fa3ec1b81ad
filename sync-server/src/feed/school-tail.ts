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
});
const lastRow = v.looseObject({ last_seq: v.union([v.string(), v.number()]) });
const info = v.looseObject({ update_seq: v.union([v.string(), v.number()]) });

/** Called with the id of a document that changed and its leaf revisions; with null when the connection was lost meanwhile. */
export type ChangeListener = (id: string | null, leaves: readonly string[]) => void;

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
    tail.#ended = tail.#run(String(update_seq));
    return tail;
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

  async #run(since: string): Promise<void> {
    let seq = since;
    while (!this.#closing.signal.aborted) {
      try {
        for await (const row of this.#rows(seq)) {
          seq = row.seq;
          if (row.id !== null) this.#tell(row.id, row.leaves);
        }
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#log.warn({ err: error }, 'The tail of a school’s changes broke off; it is taken up again');
      }
      if (this.#closing.signal.aborted) return;
      await pause(RECONNECT_MS, this.#closing.signal);
      this.#tell(null, []);
    }
  }

  async *#rows(since: string): AsyncGenerator<{ seq: string; id: string | null; leaves: readonly string[] }> {
    const silence = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, silence.signal]);
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
          const { seq, id, changes } = row.output;
          yield { seq: String(seq), id, leaves: changes.map(({ rev }) => rev) };
        } else yield { seq: String(v.parse(lastRow, value).last_seq), id: null, leaves: [] };
      }
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  #tell(id: string | null, leaves: readonly string[]): void {
    for (const listener of [...this.#listeners]) listener(id, leaves);
  }
}
