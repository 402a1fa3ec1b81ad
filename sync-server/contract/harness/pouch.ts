import { createRequire } from 'node:module';

/** The outcome of a replication, as PouchDB's documentation gives it. */
interface ReplicationOutcome {
  readonly ok: boolean;
  readonly docs_read: number;
  readonly docs_written: number;
  readonly doc_write_failures: number;
  readonly last_seq: number | string;
}

export interface ChangeEvents {
  on(event: string, listener: (change: { readonly id: string }) => void): this;
  cancel(): void;
}

interface Replication extends Promise<ReplicationOutcome> {
  on(event: 'denied' | 'error', listener: (error: unknown) => void): this;
  cancel(): void;
}

export interface LocalChanges {
  readonly results: readonly { readonly id: string; readonly changes: readonly { readonly rev: string }[] }[];
  readonly last_seq: number | string;
}

/** What the contract uses of a stock PouchDB. */
export interface Pouch {
  readonly replicate: {
    from(source: Pouch, options?: object): Replication;
    to(target: Pouch, options?: object): Replication;
  };
  get(id: string, options?: object): Promise<Record<string, unknown> & { _id: string; _rev: string }>;
  getAttachment(id: string, name: string): Promise<Buffer>;
  put(doc: object): Promise<{ id: string; rev: string }>;
  bulkDocs(docs: readonly object[], options?: object): Promise<unknown[]>;
  allDocs(options?: object): Promise<{ rows: { id: string; doc?: Record<string, unknown> & { _id: string; _rev: string } }[] }>;
  changes(options: object): ChangeEvents & Promise<LocalChanges>;
  destroy(): Promise<unknown>;
}

interface PouchConstructor {
  new (name: string, options?: object): Pouch;
  plugin(plugin: unknown): void;
  fetch: typeof fetch;
}

// Required, not imported: @types/pouchdb redeclares Node's Buffer for the whole program.
const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb') as PouchConstructor;
PouchDB.plugin(require('pouchdb-adapter-memory'));
let count = 0;

/** A stock PouchDB in memory, as a device has it. */
export function deviceDatabase(): Pouch {
  count += 1;
  return new PouchDB(`device-${process.pid}-${count}`, { adapter: 'memory' });
}

/** A school as a stock PouchDB sees it through the server. `token` is asked at each request: it may have been refreshed. */
export function remoteSchool(url: string, school: string, token: () => string | null): Pouch {
  return new PouchDB(`${url}/db/school-${school}`, {
    skip_setup: true,
    fetch(address: string, options: RequestInit = {}) {
      const headers = new Headers(options.headers);
      const bearer = token();
      if (bearer !== null) headers.set('Authorization', `Bearer ${bearer}`);
      return PouchDB.fetch(address, { ...options, headers });
    },
  });
}

/** A database of the store itself, past the server. */
export function storeDatabase(url: string, authorization: string): Pouch {
  return new PouchDB(url, {
    skip_setup: true,
    fetch(address: string, options: RequestInit = {}) {
      const headers = new Headers(options.headers);
      headers.set('Authorization', authorization);
      return PouchDB.fetch(address, { ...options, headers });
    },
  });
}
