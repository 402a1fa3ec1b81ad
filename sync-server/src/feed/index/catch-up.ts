import type { CouchClient } from '../../couch/couch-client.ts';
import { pause } from '../pause.ts';
import type { SchoolTail } from '../school-tail.ts';
import { type LeavesRow, leavesPage } from './change-rows.ts';

/** How long a request waits for the tail to bring what the database has already. */
const CATCH_UP_MS = 1_000;
const ROWS = 200;
/** So many questions to the database at the same time: the more, the sooner the answer, and the fewer share it. */
const AT_ONCE = 2;

export interface CatchUpParts {
  readonly couch: Pick<CouchClient, 'ask'>;
  /** Of the database. */
  readonly path: string;
  readonly tail: Pick<SchoolTail, 'sequence'>;
  /** Whether the index has what the row says, or something newer. */
  readonly knows: (row: LeavesRow) => boolean;
  /** Reads documents of the database itself, for the tail does not bring them. */
  readonly learn: (ids: readonly string[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Lets a request see what was written before it, by whichever server: asks the database what follows the place that the tail
 * has come to, and waits until the tail has brought it; for at most a second, then it is learned from the answer.
 */
export class CatchUp {
  readonly #parts: CatchUpParts;
  /** Called after each change that the tail brings. */
  readonly #watchers = new Set<() => void>();
  /** Of requests to the database. */
  #underWay = 0;
  /** The next one, not yet sent, and what lets it go. */
  #next: Promise<void> | null = null;
  #letGo: (() => void) | null = null;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  tailMoved(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Whoever asks before the next question to the database is sent shares its answer; one that was sent may be older than what they wrote. */
  now(): Promise<void> {
    this.#next ??= this.#ask();
    return this.#next;
  }

  async #ask(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#underWay < AT_ONCE) setImmediate(resolve);
      else this.#letGo = resolve;
    });
    this.#next = null;
    this.#underWay += 1;
    try {
      await this.#catchUp();
    } finally {
      this.#underWay -= 1;
      this.#letGo?.();
      this.#letGo = null;
    }
  }

  async #catchUp(): Promise<void> {
    const { couch, path, tail, learn, signal } = this.#parts;
    const until = Date.now() + CATCH_UP_MS;
    let since = tail.sequence;
    for (let rows = ROWS; rows === ROWS; ) {
      const query = { since, style: 'all_docs', limit: String(ROWS) };
      const { results, last_seq } = await couch.ask(leavesPage, 'GET', `${path}/_changes`, { query, signal });
      const missing = await this.#missingOf(results, until - Date.now());
      // Not as these rows say: they may be older by now than what the tail has brought.
      if (missing.length > 0 && !signal.aborted) await learn(missing.map(({ id }) => id));
      // Not from the tail's place again: it may stand still.
      since = String(last_seq);
      rows = results.length;
    }
  }

  /** Waits, at most so long, until the tail has brought all of these rows; answers those that it has not. */
  async #missingOf(rows: readonly LeavesRow[], ms: number): Promise<readonly LeavesRow[]> {
    const { knows, signal } = this.#parts;
    let missing = rows.filter((row) => !knows(row));
    if (missing.length === 0) return missing;
    const over = new AbortController();
    const watcher = (): void => {
      missing = missing.filter((row) => !knows(row));
      if (missing.length === 0) over.abort();
    };
    this.#watchers.add(watcher);
    await pause(Math.max(0, ms), AbortSignal.any([over.signal, signal]));
    this.#watchers.delete(watcher);
    return missing;
  }
}
