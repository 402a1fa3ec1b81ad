import { EventEmitter } from 'node:events';
import type { DesignFunctions } from './design-functions.ts';
import { readJsonFile, writeJsonFile } from './durable-file.ts';
import { missingDatabase } from './errors.ts';
import type { JsonObject } from './json.ts';
import { closePouch, openPouch, type Pouch } from './pouch.ts';

export interface SecurityObject extends JsonObject {
  admins?: { names?: string[]; roles?: string[] };
  members?: { names?: string[]; roles?: string[] };
}

/** What CouchDB keeps in a database's header, and this store in a file beside the leveldb. */
export interface DatabaseProperties {
  /** One life of the database, from its making to its deletion; see `sequence.ts`. */
  readonly life: string;
  /** Seconds since 1970, as CouchDB tells it in `instance_start_time`. */
  readonly createdAt: number;
  readonly security: SecurityObject;
  readonly revsLimit: number;
  readonly purgedInfosLimit: number;
  readonly purgeSequence: number;
}

/**
 * One database. Its leveldb opens when it is used and may be closed between uses (`databases.ts` decides when), while feeds that wait
 * for news hold only this object. Writes are serialised, because a validation must see the document that it is about to replace.
 */
export class Database {
  readonly name: string;
  readonly folder: string;
  /** Emits `changed` after each write, and `closed` when the database is deleted or the store stops. */
  readonly news = new EventEmitter().setMaxListeners(0);
  lastUsed = 0;
  /** Compiled functions of the design documents; dropped when one is written. */
  designFunctions: Promise<Map<string, DesignFunctions>> | undefined;
  /** Deleted documents, as counted when the database stood at `sequence`. */
  deletedCount: { readonly sequence: number; readonly count: number } | undefined;
  #properties: DatabaseProperties;
  #pouch: Promise<Pouch> | undefined;
  #users = 0;
  #writeCount = 0;
  #gone = false;
  #writes: Promise<unknown> = Promise.resolve();
  #barrier: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(name: string, folder: string, properties: DatabaseProperties) {
    this.name = name;
    this.folder = folder;
    this.#properties = properties;
  }

  get properties(): DatabaseProperties {
    return this.#properties;
  }

  /** How many writes changed the database since it was opened; feeds compare it to know whether they missed one. */
  get writes(): number {
    return this.#writeCount;
  }

  get isGone(): boolean {
    return this.#gone;
  }

  /** Tells the feeds that documents changed. */
  announce(): void {
    this.#writeCount += 1;
    this.news.emit('changed');
  }

  get isIdle(): boolean {
    return this.#users === 0 && !this.#barrier;
  }

  get isOpen(): boolean {
    return this.#pouch !== undefined;
  }

  async changeProperties(change: Partial<DatabaseProperties>): Promise<void> {
    const next = { ...this.#properties, ...change };
    await writeJsonFile(`${this.folder}/properties.json`, { ...next });
    this.#properties = next;
  }

  /** Runs `work` on the open leveldb. */
  async use<T>(work: (pouch: Pouch) => Promise<T>): Promise<T> {
    while (this.#barrier) await this.#barrier;
    if (this.#gone) throw missingDatabase();
    this.#users += 1;
    this.lastUsed = Date.now();
    try {
      this.#pouch ??= openPouch(`${this.folder}/data`, this.#properties.revsLimit);
      const opening = this.#pouch;
      const pouch = await opening.catch((error: unknown) => {
        if (this.#pouch === opening) this.#pouch = undefined;
        throw error;
      });
      return await work(pouch);
    } finally {
      this.#users -= 1;
      this.lastUsed = Date.now();
      if (this.#users === 0) this.#whenIdle?.();
    }
  }

  /** Runs `work` on the open leveldb, after the writes that came before it. */
  write<T>(work: (pouch: Pouch) => Promise<T>): Promise<T> {
    const done = this.#writes.then(() => this.use(work));
    this.#writes = done.catch(() => undefined);
    return done;
  }

  /** Runs `work` while nobody uses the database and its leveldb is closed. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#barrier) await this.#barrier;
    let lift = (): void => undefined;
    this.#barrier = new Promise((resolve) => {
      lift = resolve;
    });
    try {
      if (this.#users > 0) {
        await new Promise<void>((resolve) => {
          this.#whenIdle = resolve;
        });
        this.#whenIdle = undefined;
      }
      const opened = this.#pouch;
      this.#pouch = undefined;
      if (opened) await closePouch(await opened);
      return await work();
    } finally {
      this.#barrier = undefined;
      lift();
    }
  }

  async close(): Promise<void> {
    await this.alone(async () => undefined);
  }

  /** No use after this succeeds; feeds end. */
  async end(work: () => Promise<void>): Promise<void> {
    await this.alone(async () => {
      if (this.#gone) throw missingDatabase();
      this.#gone = true;
      await work();
    });
    this.news.emit('closed');
  }
}

/** `undefined` when the folder was made but never finished: its creation was not acknowledged. */
export async function readProperties(folder: string): Promise<DatabaseProperties | undefined> {
  // Written by `changeProperties` alone.
  return (await readJsonFile(`${folder}/properties.json`)) as DatabaseProperties | undefined;
}
