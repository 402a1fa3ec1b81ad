import { personFrom } from '@darasa/shared/rules';
import { type ExchangeOptions, type ExchangeOutcome, exchangeWithSchool, type SendExchange } from '@darasa/shared/sync';
import { contentDatabaseName, ownDatabaseName } from '../database-names.ts';
import { type AccountRow, DeviceStore } from '../device-store.ts';
import type { Environment } from '../environment.ts';
import { exchangeOverHttp } from '../exchange-over-http.ts';
import { ExchangeStorage } from '../exchange-storage.ts';
import { Ledger } from '../ledger.ts';
import { LocalDatabase } from '../local-database.ts';

/** Whose storage it is, and how they reach their school. */
export interface TabAccount {
  readonly accountId: string;
  readonly roles: () => readonly string[];
  readonly origin: string;
  readonly school: string;
  /** Requests with the account's token. */
  readonly send: typeof fetch;
}

/** One person's storage in one tab of a device: all of the app's sync below the loop that decides when. */
export class AppTab {
  readonly storage: ExchangeStorage;
  readonly own: LocalDatabase;
  readonly content: LocalDatabase;
  readonly ledgers: { readonly own: Ledger; readonly content: Ledger };
  readonly store: DeviceStore;
  readonly #account: TabAccount;
  readonly #environment: Environment;

  private constructor(environment: Environment, account: TabAccount, store: DeviceStore, own: LocalDatabase, content: LocalDatabase) {
    const { accountId, roles } = account;
    [this.own, this.content, this.store, this.#account, this.#environment] = [own, content, store, account, environment];
    const person = () => personFrom(accountId, roles());
    const ledger = (database: LocalDatabase): Ledger => new Ledger({ environment, store, database, person, onRemoved: () => undefined });
    this.ledgers = { own: ledger(own), content: ledger(content) };
    this.storage = this.storageAt(null);
  }

  /** The same documents as a class laptop meets them; null is the school. */
  storageAt(hub: string | null): ExchangeStorage {
    const { accountId, roles, school } = this.#account;
    return new ExchangeStorage({
      environment: this.#environment,
      store: this.store,
      // Of an account the storage reads its id, its school and its roles.
      account: () => ({ accountId, school, roles: roles() }) as AccountRow,
      ...this.ledgers,
      hub,
      onChange: () => undefined,
    });
  }

  static async open(environment: Environment, account: TabAccount): Promise<AppTab> {
    const store = new DeviceStore(environment.indexedDB);
    const own = await LocalDatabase.open(environment, ownDatabaseName(account.accountId), () => undefined);
    const content = await LocalDatabase.open(environment, contentDatabaseName(account.school), () => undefined);
    return new AppTab(environment, account, store, own, content);
  }

  /** How its exchanges travel. */
  get exchange(): SendExchange {
    return exchangeOverHttp(this.#account, new AbortController().signal);
  }

  sync(options: ExchangeOptions = {}, exchange: SendExchange = this.exchange): Promise<ExchangeOutcome> {
    return exchangeWithSchool(this.storage, exchange, options);
  }

  async close(): Promise<void> {
    await this.own.close();
    await this.content.close();
    this.store.close();
  }
}
