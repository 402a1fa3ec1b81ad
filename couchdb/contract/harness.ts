import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { startEmbeddedStore } from '../embedded/index.ts';

/** JSON as an answer brings it; checks say what they expect of it. */
// biome-ignore lint/suspicious/noExplicitAny: answers are compared with literals, and a wrong shape fails the check
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, parsed; `undefined` when it is not JSON. */
  readonly json: Json;
  readonly bytes: Buffer;
}

export interface Call {
  /** Sent as JSON, with its content type. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
  /** Basic credentials; the admin's when left out, none for `anonymous`. */
  readonly as?: 'anonymous' | { readonly name: string; readonly password: string };
  readonly signal?: AbortSignal;
}

const require = createRequire(import.meta.url);

/** Stock PouchDB with the memory and http adapters, as other programs use it. */
export const PouchDB = require('pouchdb') as Json;
PouchDB.plugin(require('pouchdb-adapter-memory'));

/** The store under test: the one at `COUCHDB_URL`, else an embedded one that lives as long as the file's checks. */
export class ContractStore {
  url = '';
  admin = { name: 'admin', password: 'secret' };
  /** Whether this is the embedded store. Used where an outcome may differ only in words that CouchDB takes from Erlang. */
  embedded = true;
  readonly #databases: string[] = [];
  readonly #accounts: string[] = [];
  #stop: () => Promise<void> = async () => undefined;

  async start(): Promise<void> {
    const given = process.env['COUCHDB_URL'];
    if (given) {
      const url = new URL(given);
      this.admin = { name: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
      this.url = `${url.protocol}//${url.host}`;
      this.embedded = false;
      return;
    }
    const dataDir = await mkdtemp(join(tmpdir(), 'darasa-contract-'));
    const store = await startEmbeddedStore({ dataDir, admin: this.admin });
    this.url = store.url;
    this.#stop = async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    };
  }

  async stop(): Promise<void> {
    for (const name of this.#databases) await this.call('DELETE', `/${encodeURIComponent(name)}`);
    for (const name of this.#accounts) {
      const path = `/_users/org.couchdb.user:${encodeURIComponent(name)}`;
      const { json } = await this.call('GET', path);
      if (json._rev) await this.call('DELETE', `${path}?rev=${json._rev}`);
    }
    await this.#stop();
  }

  /** The URL with the admin's credentials, for PouchDB and for replication. */
  addressOf(database: string, as: { name: string; password: string } = this.admin): string {
    return `${this.url.replace('://', `://${as.name}:${as.password}@`)}/${encodeURIComponent(database)}`;
  }

  fetch(method: string, path: string, { body, raw, headers = {}, as, signal }: Call = {}): Promise<Response> {
    const person = as ?? this.admin;
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(person === 'anonymous' ? {} : { authorization: `Basic ${btoa(`${person.name}:${person.password}`)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(raw === undefined ? {} : { body: raw }),
      ...(signal ? { signal } : {}),
    });
  }

  async call(method: string, path: string, call: Call = {}): Promise<Answer> {
    const response = await this.fetch(method, path, call);
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    return { status: response.status, headers: response.headers, text, bytes, json: parse(text) };
  }

  /** A new database that is deleted at the end. */
  async database({ open = false, prefix = 'contract' }: { open?: boolean; prefix?: string } = {}): Promise<string> {
    const name = this.databaseName(prefix);
    const made = await this.call('PUT', `/${encodeURIComponent(name)}`);
    if (made.status !== 201) throw new Error(`cannot make ${name}: ${made.text}`);
    if (open) await this.call('PUT', `/${encodeURIComponent(name)}/_security`, { body: { admins: {}, members: {} } });
    return name;
  }

  /** A name that no database has yet; one made under it is deleted at the end. */
  databaseName(prefix = 'contract'): string {
    const name = `${prefix}-${randomBytes(6).toString('hex')}`;
    this.#databases.push(name);
    return name;
  }

  /** A new account that is deleted at the end. */
  async account(roles: string[] = []): Promise<{ name: string; password: string }> {
    const name = `contract-${randomBytes(6).toString('hex')}`;
    const password = randomBytes(6).toString('hex');
    this.#accounts.push(name);
    const made = await this.call('PUT', `/_users/org.couchdb.user:${name}`, { body: { name, password, roles, type: 'user' } });
    if (made.status !== 201) throw new Error(`cannot make the account ${name}: ${made.text}`);
    return { name, password };
  }

  async put(database: string, id: string, body: object = {}): Promise<string> {
    const { json, status, text } = await this.call('PUT', `/${encodeURIComponent(database)}/${id}`, { body });
    if (status !== 201) throw new Error(`cannot write ${id}: ${text}`);
    return json.rev;
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The store for the checks of one file. */
export function useStore(): ContractStore {
  const store = new ContractStore();
  beforeAll(() => store.start());
  afterAll(() => store.stop());
  return store;
}
