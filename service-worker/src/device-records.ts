import {
  type AccountTokens,
  accountTokensSchema,
  DEVICE_DATABASE,
  DEVICE_STORES,
  type DeviceKey,
  type OutboxRow,
  outboxRowSchema,
  publicJwkSchema,
} from '@darasa/shared/protocol';
import * as v from 'valibot';

/** What a refresh changes of an account. The rest of the row is the app's. */
export type RenewedTokens = Omit<AccountTokens, 'accountId'>;

/** The app's own database on this device, as far as sending needs it. */
export interface DeviceRecords {
  /** Accounts whose work waits here. */
  outbox(): Promise<readonly OutboxRow[]>;
  tokens(accountId: string): Promise<AccountTokens | null>;
  deviceId(): Promise<string | null>;
  /** The account's key on this device; null where it has none. */
  deviceKey(accountId: string): Promise<DeviceKey | null>;
  /** Puts new tokens in the place of those that were used; a sign-in that came in between stands. On the disk when it answers. */
  replaceTokens(used: AccountTokens, renewed: RenewedTokens): Promise<void>;
  /** Takes away what was sent, unless the app has put something else there. */
  sent(row: OutboxRow): Promise<void>;
  close(): void;
}

/** Opens it as it is; null where there is none: nobody has used the app here, or it is from a build without an outbox. */
export async function openDeviceRecords(factory: IDBFactory): Promise<DeviceRecords | null> {
  const database = await open(factory);
  if (database === null) return null;
  if (!database.objectStoreNames.contains(DEVICE_STORES.outbox)) {
    database.close();
    return null;
  }
  // A newer build of the app may change the tables at any time, and must not wait for this.
  database.onversionchange = () => database.close();
  return new StoredRecords(database);
}

function open(factory: IDBFactory): Promise<IDBDatabase | null> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(DEVICE_DATABASE);
    // Only the app makes it. An empty one that was made here would be taken for a broken one of the app's.
    opening.onupgradeneeded = () => opening.transaction?.abort();
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => (opening.error?.name === 'AbortError' ? resolve(null) : reject(opening.error));
  });
}

const deviceKeyRow = v.object({ publicKey: publicJwkSchema, privateKey: v.instance(CryptoKey) });
const ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;

class StoredRecords implements DeviceRecords {
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  async outbox(): Promise<readonly OutboxRow[]> {
    return v.parse(v.array(outboxRowSchema), await this.#read(DEVICE_STORES.outbox, (store) => store.getAll()));
  }

  async tokens(accountId: string): Promise<AccountTokens | null> {
    return v.parse(v.optional(accountTokensSchema), await this.#read(DEVICE_STORES.accounts, (store) => store.get(accountId))) ?? null;
  }

  async deviceId(): Promise<string | null> {
    const row = await this.#read(DEVICE_STORES.settings, (store) => store.get('deviceId'));
    const kept = v.safeParse(v.object({ value: v.string() }), row);
    return kept.success ? kept.output.value : null;
  }

  async deviceKey(accountId: string): Promise<DeviceKey | null> {
    // A build before the keys has no such store.
    if (!this.#database.objectStoreNames.contains(DEVICE_STORES.deviceKeys)) return null;
    const row = v.safeParse(deviceKeyRow, await this.#read(DEVICE_STORES.deviceKeys, (store) => store.get(accountId)));
    if (!row.success) return null;
    const { publicKey, privateKey } = row.output;
    return { publicKey, sign: async (data) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, data)) };
  }

  replaceTokens(used: AccountTokens, renewed: RenewedTokens): Promise<void> {
    return this.#change(DEVICE_STORES.accounts, used.accountId, (row) =>
      v.is(accountTokensSchema, row) && row.refreshToken === used.refreshToken ? { ...row, ...renewed } : row,
    );
  }

  sent(sent: OutboxRow): Promise<void> {
    return this.#change(DEVICE_STORES.outbox, sent.accountId, (row) =>
      v.is(outboxRowSchema, row) && row.updatedAt === sent.updatedAt ? undefined : row,
    );
  }

  close(): void {
    this.#database.close();
  }

  #read<Value>(name: string, ask: (store: IDBObjectStore) => IDBRequest<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const asking = ask(this.#database.transaction(name).objectStore(name));
      asking.onsuccess = () => resolve(asking.result);
      asking.onerror = () => reject(asking.error);
    });
  }

  /** Changes one row in one transaction, or removes it; answers when it is on the disk. */
  #change(name: string, key: string, change: (row: unknown) => unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(name, 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      const store = transaction.objectStore(name);
      const asking = store.get(key);
      asking.onsuccess = () => {
        if (asking.result === undefined) return;
        const next = change(asking.result);
        if (next === undefined) store.delete(key);
        else store.put(next);
      };
    });
  }
}
