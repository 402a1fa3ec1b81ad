import type { Environment } from './environment.ts';

export type StoredDocument = PouchDB.Core.ExistingDocument<Record<string, unknown>>;
export type Pouch = PouchDB.Database;

/** A change of a local database. `leaves`: how many leaves the document's revision tree has, deleted ones included. */
export interface LocalChange {
  readonly id: string;
  readonly leaves: number;
}

/** WebKit's private sessions never answer an open request. */
const OPEN_PATIENCE_MS = 15_000;

/** The database did not open. */
export class StorageClosed extends Error {
  override readonly name = 'StorageClosed';
}

function words(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  // Any error’s usual members, CouchDB’s, and the one in which Dexie keeps what IndexedDB said.
  const { name, message, reason, inner } = error as { name?: unknown; message?: unknown; reason?: unknown; inner?: unknown };
  return [name, message, reason, inner === undefined || inner === error ? '' : words(inner)].join(' ');
}

export function isStorageFull(error: unknown): boolean {
  return /quota|NS_ERROR_DOM_INDEXEDDB_QUOTA|disk.*full/i.test(words(error));
}

/** After a suspend a mobile browser may have closed the connection under us; the next transaction then throws. */
export function isStorageClosed(error: unknown): boolean {
  return (
    /StorageClosed|InvalidStateError|indexed_db_went_bad|connection is clos|database is closed|DatabaseClosed|UnknownError/i.test(
      words(error),
    ) && !isStorageFull(error)
  );
}

export function hasStatus(error: unknown, status: number): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === status;
}

/**
 * One PouchDB database of this device. It opens with a time-out, opens again when the browser closed it, and tells of
 * every change, whoever made it in this tab.
 */
export class LocalDatabase {
  readonly name: string;
  readonly #environment: Environment;
  readonly #onChanges: (changes: readonly LocalChange[]) => void;
  #pouch: Pouch;
  #feed: PouchDB.Core.Changes<Record<string, unknown>> | null = null;
  #gathered: LocalChange[] = [];
  #telling = false;
  #reopening: Promise<void> | null = null;
  #closed = false;

  private constructor(environment: Environment, name: string, onChanges: (changes: readonly LocalChange[]) => void) {
    this.name = name;
    this.#environment = environment;
    this.#onChanges = onChanges;
    this.#pouch = environment.openLocal(name);
  }

  /** Throws StorageClosed when the browser does not open it in time. */
  static async open(environment: Environment, name: string, onChanges: (changes: readonly LocalChange[]) => void): Promise<LocalDatabase> {
    const database = new LocalDatabase(environment, name, onChanges);
    await database.#begin();
    return database;
  }

  async #begin(): Promise<void> {
    let stop = (): void => undefined;
    const tooLate = new Promise<never>((_, reject) => {
      stop = this.#environment.after(OPEN_PATIENCE_MS, () => reject(new StorageClosed(`${this.name} did not open`)));
    });
    await Promise.race([this.#pouch.info(), tooLate]).finally(stop);
    this.#follow();
  }

  #follow(): void {
    this.#feed = this.#pouch
      .changes({ since: 'now', live: true, style: 'all_docs', return_docs: false })
      .on('change', ({ id, changes }) => {
        this.#gathered.push({ id, leaves: changes.length });
        // A batch of replication is told of once.
        if (this.#telling) return;
        this.#telling = true;
        queueMicrotask(() => {
          this.#telling = false;
          const told = this.#gathered;
          this.#gathered = [];
          if (!this.#closed) this.#onChanges(told);
        });
      })
      // The feed dies with the connection; the next use opens both again.
      .on('error', () => undefined);
  }

  /** The database itself, for replication. */
  get pouch(): Pouch {
    return this.#pouch;
  }

  /**
   * Works with the database; when the browser had closed it, opens it and does the work again. Work that writes must
   * carry revisions, so that what was done before the break is not done twice.
   */
  async use<Value>(work: (pouch: Pouch) => Promise<Value>): Promise<Value> {
    try {
      return await work(this.#pouch);
    } catch (error) {
      if (this.#closed || !isStorageClosed(error)) throw error;
      this.#reopening ??= this.#reopen().finally(() => {
        this.#reopening = null;
      });
      await this.#reopening;
      return await work(this.#pouch);
    }
  }

  async #reopen(): Promise<void> {
    this.#feed?.cancel();
    await this.#pouch.close().catch(() => undefined); // It is closed already: that is why we are here.
    this.#pouch = this.#environment.openLocal(this.name);
    await this.#begin();
  }

  /** Removes the database from the device. */
  async destroy(): Promise<void> {
    this.#closed = true;
    this.#feed?.cancel();
    await this.#pouch.destroy();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#feed?.cancel();
    await this.#pouch.close();
  }
}
