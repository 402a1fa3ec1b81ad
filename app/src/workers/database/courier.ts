import { exchangeWithSchool } from '@darasa/shared/sync';
import { ownDatabaseName } from './database-names.ts';
import type { DeviceKeys } from './device-keys.ts';
import type { AccountRow, DeviceStore } from './device-store.ts';
import type { Environment } from './environment.ts';
import { exchangeOverHttp, NoExchangeHere } from './exchange-over-http.ts';
import { ExchangeStorage } from './exchange-storage.ts';
import { unsentCount, WorkPlaces } from './honesty.ts';
import { Ledger } from './ledger.ts';
import { LocalDatabase } from './local-database.ts';
import { fillOutbox } from './outbox.ts';
import { hubOf, type Places } from './places.ts';
import { authorised, openSchool } from './remote.ts';
import { personOf, type SessionKeeper } from './session.ts';
import { push } from './stock-replication.ts';
import { syncProblem } from './sync-problem.ts';

/*
 * On a shared tablet the work of whoever is not in must not wait for them: locking protects the eyes, not the sync. While
 * an account's session lives on this device, its unsent work is sent in the background, and nothing is fetched for it.
 *
 * It costs nothing while nothing waits: the list of accounts says who has unsent work, and only their database is opened,
 * one at a time, under the same lock that their own replication would hold, so that no two tabs send the same work.
 */

export interface CourierParts {
  readonly environment: Environment;
  readonly store: DeviceStore;
  readonly session: SessionKeeper;
  readonly keys: DeviceKeys;
  readonly places: Places;
  readonly deviceId: () => Promise<string>;
  /** Whoever is in sends their own work. */
  readonly isIn: (accountId: string) => boolean;
  /** What is unsent in the list of accounts changed. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 10 * 60_000;

/** Carries the work of people who are not in to the school. */
export class Courier {
  readonly #parts: CourierParts;
  #running: Promise<void> | null = null;
  #carrying: { readonly accountId: string; readonly stop: AbortController; readonly ended: Promise<boolean> } | null = null;
  #again = false;
  #failures = 0;
  #stopWaiting: () => void = () => undefined;
  /** Accounts that somebody is about to enter: their database is not touched. */
  readonly #left = new Map<string, number>();
  #closed = false;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Something happened that makes a try worth while: the network is back, the school answered, somebody left. */
  nudge(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#stopWaiting();
    this.#running ??= this.#run()
      .catch(this.#parts.onError)
      .finally(() => {
        this.#running = null;
      });
  }

  /** Does something with an account's database to itself. */
  async without<Value>(accountId: string, work: () => Promise<Value>): Promise<Value> {
    this.#left.set(accountId, (this.#left.get(accountId) ?? 0) + 1);
    try {
      if (this.#carrying?.accountId === accountId) {
        this.#carrying.stop.abort();
        await this.#carrying.ended;
      }
      return await work();
    } finally {
      const others = (this.#left.get(accountId) ?? 1) - 1;
      if (others > 0) this.#left.set(accountId, others);
      else this.#left.delete(accountId);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWaiting();
    this.#carrying?.stop.abort();
    await this.#running;
  }

  #mayCarry = ({ accountId, unsent }: AccountRow): boolean =>
    unsent > 0 && !this.#parts.isIn(accountId) && !this.#left.has(accountId) && !this.#closed;

  async #run(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      let failed = false;
      for (const account of await this.#parts.store.accounts.toArray()) {
        if (!this.#mayCarry(account)) continue;
        if (!(await this.#carryAlone(account))) failed = true;
      }
      this.#failures = failed ? this.#failures + 1 : 0;
      if (failed) this.#tryLater();
    }
  }

  #tryLater(): void {
    if (this.#closed) return;
    const { environment } = this.#parts;
    const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#failures, 10));
    this.#stopWaiting = environment.after(most / 2 + (environment.chance() * most) / 2, () => this.nudge());
  }

  /** False: it should be tried again later. */
  async #carryAlone(account: AccountRow): Promise<boolean> {
    const { locks } = this.#parts.environment;
    if (locks === null) return this.#carry(account);
    // Held: another tab sends it, or has this person in.
    return locks.request(`darasa-sync-${account.accountId}`, { ifAvailable: true }, (lock) =>
      lock === null ? true : this.#carry(account),
    );
  }

  async #carry(account: AccountRow): Promise<boolean> {
    if (!this.#mayCarry(account)) return true;
    const stop = new AbortController();
    const ended = this.#send(account, stop.signal);
    this.#carrying = { accountId: account.accountId, stop, ended };
    const good = await ended;
    this.#carrying = null;
    return good || stop.signal.aborted;
  }

  async #send(account: AccountRow, signal: AbortSignal): Promise<boolean> {
    const { environment, store, session, keys, places, onChange, onError } = this.#parts;
    const { accountId, school } = account;
    let database: LocalDatabase | null = null;
    try {
      database = await LocalDatabase.open(environment, ownDatabaseName(accountId), () => undefined);
      const person = personOf(account);
      const own = new Ledger({ environment, store, database, person: () => person, onRemoved: () => undefined });
      const storageAt = (hub: string | null): ExchangeStorage =>
        new ExchangeStorage({ environment, store, account: () => account, own, content: null, hub, onChange: () => undefined });
      const place = await places.nearest(school);
      const storage = storageAt(hubOf(place));
      const asking = { place, school, accountId, deviceId: await this.#parts.deviceId() };
      try {
        const send = authorised(environment, session, keys, asking);
        await exchangeWithSchool(storage, exchangeOverHttp({ origin: place.address, school, send }, signal), { sendOnly: true, signal });
      } catch (error) {
        if (!(error instanceof NoExchangeHere)) throw error;
        await push(storage, async () => openSchool(environment, session, keys, asking, 'push'), signal);
      }
      const unsent = unsentCount(await new WorkPlaces(store, [own], accountId).current());
      await store.accounts.update(accountId, { unsent });
      const served = storageAt(hubOf(await places.served()));
      await fillOutbox({ environment, store, accountId, school, storage: served });
      onChange();
      return unsent === 0;
    } catch (error) {
      if (signal.aborted) return true;
      const { id } = syncProblem(error);
      if (id === 'unexpected') onError(error);
      // An ended session waits for the person's password; whatever else it was, as no network, may be over later.
      return id === 'signed-out';
    } finally {
      await database?.close();
    }
  }
}
