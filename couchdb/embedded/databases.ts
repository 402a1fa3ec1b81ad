import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { Database, type DatabaseProperties, readProperties, type SecurityObject } from './database.ts';
import { checkDatabaseName, folderOf, nameOf } from './database-names.ts';
import { syncFolder } from './durable-file.ts';
import { CouchError, missingDatabase } from './errors.ts';

/** CouchDB 3's default: nobody but server admins, until `_security` says otherwise. */
const adminsOnly: SecurityObject = { admins: { roles: ['_admin'] }, members: { roles: ['_admin'] } };
const trash = '.deleted-';

/** Every database of the store. At most `maxOpen` stay open: each open leveldb takes four file descriptors, and so does each index. */
export class Databases {
  readonly #directory: string;
  readonly #maxOpen: number;
  readonly #byName = new Map<string, Database>();
  /** Names whose making or deletion is under way. */
  readonly #changing = new Set<string>();
  #tidying: Promise<void> | undefined;

  constructor(directory: string, maxOpen: number) {
    this.#directory = directory;
    this.#maxOpen = maxOpen;
  }

  async load(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    for (const folder of await readdir(this.#directory)) {
      const path = `${this.#directory}/${folder}`;
      const properties = folder.startsWith(trash) ? undefined : await readProperties(path);
      if (properties) this.#byName.set(nameOf(folder), new Database(nameOf(folder), path, properties));
      else await rm(path, { recursive: true, force: true });
    }
  }

  names(): string[] {
    return [...this.#byName.keys()].sort();
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Throws CouchDB's refusal when there is no such database. */
  get(name: string): Database {
    const database = this.#byName.get(name);
    if (!database) throw missingDatabase();
    this.#tidy();
    return database;
  }

  async create(name: string): Promise<Database> {
    checkDatabaseName(name);
    if (this.#byName.has(name) || this.#changing.has(name)) {
      throw new CouchError(412, 'file_exists', 'The database could not be created, the file already exists.');
    }
    this.#changing.add(name);
    try {
      const folder = `${this.#directory}/${folderOf(name)}`;
      const properties: DatabaseProperties = {
        life: randomBytes(12).toString('base64url'),
        createdAt: Math.floor(Date.now() / 1000),
        security: adminsOnly,
        revsLimit: 1000,
        purgedInfosLimit: 1000,
        purgeSequence: 0,
      };
      await mkdir(folder, { recursive: true });
      const database = new Database(name, folder, properties);
      await database.changeProperties({});
      await syncFolder(this.#directory);
      this.#byName.set(name, database);
      return database;
    } finally {
      this.#changing.delete(name);
    }
  }

  async delete(name: string): Promise<void> {
    const database = this.get(name);
    await database.end(async () => {
      const grave = `${this.#directory}/${trash}${randomBytes(8).toString('hex')}`;
      await rename(database.folder, grave);
      await syncFolder(this.#directory);
      this.#byName.delete(name);
      await rm(grave, { recursive: true, force: true });
    });
  }

  /** Closes the databases that were used least recently, one pass at a time. */
  #tidy(): void {
    const open = [...this.#byName.values()].filter((database) => database.isOpen);
    if (this.#tidying || open.length <= this.#maxOpen) return;
    const idle = open.filter((database) => database.isIdle).sort((a, b) => a.lastUsed - b.lastUsed);
    this.#tidying = Promise.all(idle.slice(0, open.length - this.#maxOpen).map((database) => database.close()))
      .then(() => undefined)
      .finally(() => {
        this.#tidying = undefined;
      });
  }

  /** Ends every feed and closes every database; none can be used afterwards. */
  async close(): Promise<void> {
    await Promise.all([...this.#byName.values()].map((database) => database.end(async () => undefined)));
    this.#byName.clear();
  }
}
