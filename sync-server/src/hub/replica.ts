import { exchangeWithSchool } from '@darasa/shared/sync';
import type { Logger } from 'pino';
import type { Accounts } from '../couch/accounts.ts';
import { pause } from '../feed/pause.ts';
import type { Environment } from '../services/environment.ts';
import type { RefreshTokens } from '../services/refresh-tokens.ts';
import { keepPeople, type PeopleParts } from './keep-people.ts';
import type { ReplicaStorage } from './replica-storage.ts';
import { type SchoolClient, SchoolRefused } from './school-client.ts';

export interface ReplicaParts extends PeopleParts {
  readonly client: SchoolClient;
  readonly storage: ReplicaStorage;
  readonly accounts: Accounts;
  readonly refreshTokens: RefreshTokens;
  readonly environment: Environment;
  readonly log: Logger;
}

/** How the laptop stands with its school. Times in milliseconds since 1970. */
export interface ReplicaStatus {
  readonly lastContactAt: number | null;
  /** When both were last proved to hold the same. */
  readonly provedAt: number | null;
  /** Why the last try failed; null where it did not. `hub-revoked`: the school has removed this laptop. */
  readonly problem: string | null;
  readonly unsent: number;
  readonly refused: number;
}

const WAIT_MS = 55_000;
const PEOPLE_EVERY_MS = 60_000;
const AFTER_SUCCESS_MS = 1_000;
const FIRST_BACKOFF_MS = 5_000;
const MAX_BACKOFF_MS = 300_000;
/** What a class writes in the same moment goes in one request. */
const GATHER_MS = 250;

/**
 * Keeps a class laptop and its school the same, for as long as it runs: exchanges one after the other, the last of which stands open for
 * news. Work that is written here ends the waiting. Whatever fails is tried again, ever more rarely, and goes on from where it was.
 */
export class Replica {
  readonly #parts: ReplicaParts;
  readonly #closing = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #news = new AbortController();
  #failures = 0;
  #peopleAt = Number.NEGATIVE_INFINITY;
  #toldEnded = '';
  #roles = '';
  #status: Omit<ReplicaStatus, 'unsent' | 'refused'> = { lastContactAt: null, provedAt: null, problem: null };

  constructor(parts: ReplicaParts) {
    this.#parts = parts;
  }

  get status(): ReplicaStatus {
    return { ...this.#status, ...this.#parts.storage.waiting };
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Something was written here: an exchange that waits for the school's news ends, and another sends it. */
  wake(): void {
    this.#news.abort();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#news.abort();
    await this.#running;
  }

  /** One time of everything: the token, the people, and an exchange to its end. Throws what went wrong. */
  async settle(wait = 0): Promise<'proved' | 'unproved' | 'stopped'> {
    const { client, storage, environment } = this.#parts;
    const { token, fresh } = await client.token();
    const now = environment.now();
    if (fresh) this.#status = { ...this.#status, lastContactAt: now };
    const rights = token.accessToken.split('.')[1] ?? '';
    if (fresh || now - this.#peopleAt >= PEOPLE_EVERY_MS) {
      await this.settlePeople();
      if (this.#roles !== '' && this.#roles !== rights) storage.tryRefusedAgain();
      [this.#peopleAt, this.#roles] = [now, rights];
    }
    const { state } = await exchangeWithSchool(
      storage,
      client.exchange(() => this.#news.signal),
      { ...(wait > 0 ? { wait } : {}), signal: this.#closing.signal },
    );
    if (state !== 'proved') return state;
    if (this.#status.provedAt === null) this.#parts.log.info('The school and this laptop hold the same: the class may come');
    this.#status = { lastContactAt: environment.now(), provedAt: environment.now(), problem: null };
    if (token.leaving.length > 0) {
      // All that was held of them is at the school: this was proved. With the next token they are not this laptop's any more.
      await client.release(token.leaving);
      client.forgetToken();
    }
    return state;
  }

  /** The next time begins with a new token, so with the roster as it is now. */
  askAnew(): void {
    this.#parts.client.forgetToken();
  }

  /** Makes the people of this laptop those of the school, and tells it which sign-ins were ended here. */
  async settlePeople(): Promise<void> {
    const { client, accounts, refreshTokens, school } = this.#parts;
    const here = new Set((await accounts.ofSchool(school)).map(({ name }) => name));
    const ended = await refreshTokens.endedOf(here);
    const told = ended.map(({ family }) => family).join();
    if (ended.length > 0 && told !== this.#toldEnded) await client.tellEnded(ended);
    this.#toldEnded = told;
    await keepPeople(this.#parts, await client.people());
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const news = new AbortController();
      this.#news = news;
      let rest = AFTER_SUCCESS_MS;
      try {
        const state = await this.settle(this.#failures === 0 && this.#status.provedAt !== null ? WAIT_MS : 0);
        this.#failures = state === 'proved' ? 0 : this.#failures + 1;
        if (state !== 'proved') rest = this.#backOff();
      } catch (error) {
        if (signal.aborted) return;
        if (news.signal.aborted) rest = GATHER_MS;
        else rest = this.#failed(error);
      }
      await pause(rest, signal);
    }
  }

  #failed(error: unknown): number {
    this.#failures += 1;
    const problem = error instanceof SchoolRefused ? error.id : 'unreachable';
    // A laptop is away for weeks: once is enough.
    if (problem !== this.#status.problem) this.#parts.log.warn({ err: error, problem }, 'The school was not reached; it is tried again');
    this.#status = { ...this.#status, problem };
    return this.#backOff();
  }

  #backOff(): number {
    const most = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(10, this.#failures));
    const [byte = 0] = this.#parts.environment.random(new Uint8Array(1));
    return FIRST_BACKOFF_MS + ((most - FIRST_BACKOFF_MS) * byte) / 255;
  }
}
