import { partitionOf } from '@darasa/shared/documents';
import { type OutboxRow, scopeOf } from '@darasa/shared/protocol';
import { partitionReader, personFrom } from '@darasa/shared/rules';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import idb from 'pouchdb-adapter-idb';
import memory from 'pouchdb-adapter-memory';
import PouchDB from 'pouchdb-core';
import replication from 'pouchdb-replication';
import { DeviceStore } from '../device-store.ts';
import type { Environment, TabChannel, TabMessage } from '../environment.ts';
import { named } from '../pouch-identity.ts';
import { removeDocuments } from '../remove-documents.ts';
import { fakeLocks } from './locks.fixture.ts';
import { exchangeOf } from './school-exchange.fixture.ts';

/*
 * The device's databases are of the adapter that the app has, over an IndexedDB in memory. The adapter takes that from the global scope, and
 * asks the browser's name whether it can keep Blobs, which Node's cannot: Chrome could not before version 43 either.
 */
const pouchStorage = { factory: new IDBFactory(), keyRange: IDBKeyRange };
Object.assign(globalThis, { indexedDB: pouchStorage.factory, IDBKeyRange });
Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Chrome/42.0' }, configurable: true });

PouchDB.plugin(idb).plugin(memory).plugin(replication);

/** One school's server: its database in memory, and who may sign in. */
export interface FakeSchool {
  readonly accounts: readonly FakeAccount[];
  /** Another one in its place is a school that was restored from a backup. */
  database: PouchDB.Database;
  readonly fetch: typeof fetch;
  /** What the server was asked, in order: `POST /v1/auth/login`. */
  readonly asked: string[];
  /** The headers of each of these requests. */
  readonly headers: Headers[];
  /** The server does its work, and its answers to these paths get lost on the way. */
  readonly losesReplies: Set<string>;
  /** Answers in the place of the server's own, by path: a broken gateway. */
  readonly instead: Map<string, () => Response>;
  /** Ends every session, as after a new password. */
  readonly endSessions: () => void;
  online: boolean;
  /** Ids of the documents that devices sent, in order; more than once when they were sent more than once. */
  readonly pushed: string[];
  readonly openCourses: Set<string>;
  /** Ids of documents that the school refuses, with its reason. */
  readonly refuses: Map<string, string>;
  /** What the school answers in the place of an exchange: a server that does not speak it. */
  noExchange: (() => Response) | null;
  /** The connection breaks off after so many characters of a reply to an exchange; null: it does not. */
  cutsRepliesAfter: number | null;
}

export interface FakeAccount {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly password: string;
  roles: readonly string[];
}

let count = 0;

/**
 * A server that signs in the accounts given and hands out refresh tokens that are good once; a token that was used, and
 * whose successor was not, is answered with the same successor.
 */
export function fakeSchool(accounts: readonly FakeAccount[]): FakeSchool {
  count += 1;
  const asked: string[] = [];
  const headers: Headers[] = [];
  const losesReplies = new Set<string>();
  const instead = new Map<string, () => Response>();
  const live = new Map<string, string>();
  /** The token that was used to the one that came of it, while that one lives. */
  const successors = new Map<string, { readonly token: string; readonly body: object }>();
  const accessTokens = new Map<string, string>();
  let issued = 0;
  const session = (account: FakeAccount): { readonly token: string; readonly body: object } => {
    issued += 1;
    const [token, accessToken] = [`refresh-${issued}`, `access-${issued}`];
    live.set(token, account.id);
    accessTokens.set(accessToken, account.id);
    const { id, name, roles } = account;
    return { token, body: { accessToken, refreshToken: token, expiresIn: 900, account: { id, name, roles } } };
  };
  const refusal = (status: number, id: string): Response => Response.json({ error: { id, message: id } }, { status });
  const databaseName = `school-${count}`;
  const school: FakeSchool = {
    accounts,
    database: new PouchDB(databaseName, { adapter: 'memory' }),
    asked,
    headers,
    losesReplies,
    instead,
    endSessions: () => {
      live.clear();
      successors.clear();
      accessTokens.clear();
    },
    online: true,
    pushed: [],
    openCourses: new Set(),
    refuses: new Map(),
    noExchange: null,
    cutsRepliesAfter: null,
    fetch: async (input, init) => {
      if (!school.online) throw new TypeError('Failed to fetch');
      const { pathname, search } = new URL(String(input));
      asked.push(`${init?.method ?? 'GET'} ${pathname}${search}`);
      headers.push(new Headers(init?.headers));
      const other = instead.get(pathname);
      if (other !== undefined) return other();
      const answer = await serve(pathname, init);
      if (losesReplies.has(pathname)) throw new TypeError('network error');
      return answer;
    },
  };
  const exchange = exchangeOf(school);
  const serve = async (pathname: string, init: RequestInit | undefined): Promise<Response> => {
    if (pathname.endsWith('/_exchange')) {
      const bearer = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '') ?? '';
      const account = accounts.find(({ id }) => id === accessTokens.get(bearer));
      if (account === undefined) return Response.json({ error: 'unauthorized', reason: 'no' }, { status: 401 });
      return school.noExchange?.() ?? exchange(account, init);
    }
    const body: { username?: string; password?: string; refreshToken?: string } = JSON.parse(String(init?.body ?? '{}'));
    switch (pathname) {
      case '/v1/place':
        return Response.json({ kind: 'school', id: 'the-school', name: 'Greenhill', school: null, version: '0.1.0', now: 0 });
      case '/v1/schools':
        return Response.json({ schools: [{ slug: 'greenhill', name: 'Greenhill', demoAccounts: [] }] });
      case '/v1/auth/login': {
        const account = accounts.find(({ username, password }) => username === body.username && password === body.password);
        return account === undefined ? refusal(401, 'wrong-credentials') : Response.json(session(account).body);
      }
      case '/v1/auth/refresh': {
        const token = body.refreshToken ?? '';
        const successor = successors.get(token);
        if (successor !== undefined && live.has(successor.token)) return Response.json(successor.body);
        const account = accounts.find(({ id }) => id === live.get(token));
        if (account === undefined) return refusal(401, 'signed-out');
        live.delete(token);
        const next = session(account);
        successors.set(token, next);
        return Response.json(next.body);
      }
      default: {
        if (!pathname.startsWith('/db/')) return Response.json({});
        const bearer = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '') ?? '';
        return accessTokens.has(bearer) ? Response.json({}) : Response.json({ error: 'unauthorized', reason: 'no' }, { status: 401 });
      }
    }
  };
  return school;
}

export interface FakeDevice {
  /** A new tab of this device: the same storage, locks and channel. */
  readonly tab: () => Environment;
  /** What lies ready to be sent. */
  readonly outbox: () => Promise<readonly OutboxRow[]>;
  /** What is set by hand: the clock in milliseconds. */
  now: number;
  /** How much longer than in truth the clock that only goes forward has gone, in milliseconds. */
  waited: number;
}

/** A device with storage in memory. Two tabs share it; two devices share nothing. */
export function fakeDevice(school: FakeSchool, seed: number): FakeDevice {
  count += 1;
  const prefix = `device-${count}-`;
  const factory = new IDBFactory();
  const locks = fakeLocks();
  const listeners = new Set<{ readonly hear: (message: TabMessage) => void; readonly tab: symbol }>();
  let state = seed;
  const chance = (): number => {
    // A linear congruential generator: the same numbers in every run.
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const device: FakeDevice = {
    now: Date.UTC(2026, 0, 5, 8),
    waited: 0,
    outbox: async () => {
      const store = new DeviceStore({ factory, keyRange: IDBKeyRange });
      const rows = await store.outbox.toArray();
      store.close();
      return rows;
    },
    tab: () => {
      const tab = Symbol('tab');
      const channel: TabChannel = {
        post: (message) => {
          for (const each of listeners) if (each.tab !== tab) queueMicrotask(() => each.hear(structuredClone(message)));
        },
        listen: (hear) => listeners.add({ hear, tab }),
        close: () => {
          for (const each of listeners) if (each.tab === tab) listeners.delete(each);
        },
      };
      return {
        now: () => device.now,
        elapsed: () => performance.now() + device.waited,
        watchTraffic: () => () => undefined,
        random: (bytes) => bytes.map(() => Math.floor(chance() * 256)),
        chance,
        fetch: (input, init) => school.fetch(input, init),
        locks,
        openChannel: () => channel,
        indexedDB: { factory, keyRange: IDBKeyRange },
        // Instances of one name share their storage, as tabs do; the adapter would close it for all of them at once.
        openLocal: (name) =>
          Object.assign(new PouchDB(prefix + name, { adapter: 'idb', auto_compaction: true, revs_limit: 50 }), {
            close: async () => undefined,
          }),
        removeDocuments: (name, ids, upTo) => removeDocuments(pouchStorage, prefix + name, ids, upTo),
        openRemote: (url, identity, send) =>
          named(
            remoteOf(school, identity, () => send(url)),
            identity,
          ),
        after: (milliseconds, call) => {
          const timer = setTimeout(call, milliseconds);
          return () => clearTimeout(timer);
        },
      };
    },
  };
  return device;
}

type Loose = Record<'get' | 'changes' | 'bulkDocs', (...args: unknown[]) => unknown>;

/**
 * The school's database as one account reaches it through the proxy: after a request that carries their token, filtered by
 * scope and partition, with refusals as CouchDB answers them for `new_edits=false`, and not at all while there is no network.
 */
function remoteOf(school: FakeSchool, identity: string, ask: () => Promise<Response>): PouchDB.Database {
  const remote = new PouchDB(school.database.name, { adapter: 'memory' });
  const account = school.accounts.find(({ id }) => identity.includes(id));
  if (account === undefined) throw new Error(`Nobody of this school asks: ${identity}`);
  // PouchDB’s overloads cannot be named in a wrapper; what is passed through is what replication passes.
  const loose = remote as unknown as Loose;
  const plain: Pick<Loose, 'get' | 'changes'> = { get: loose.get.bind(remote), changes: loose.changes.bind(remote) };
  const reached = async (): Promise<void> => {
    const { ok, status } = await ask();
    if (!ok) throw Object.assign(new Error('unauthorized'), { name: 'unauthorized', status });
  };

  loose.get = async (...args) => {
    await reached();
    return plain.get(...args);
  };
  loose.changes = (options) => {
    const given = options as { query_params?: { scope?: string } };
    const person = personFrom(account.id, account.roles);
    const mayRead = (id: string): boolean =>
      scopeOf(partitionOf(id)) === given.query_params?.scope && partitionReader(person, school.openCourses)(partitionOf(id));
    return plain.changes({ ...given, filter: (doc: { _id: string }) => mayRead(doc._id) });
  };
  loose.bulkDocs = async (docs, options) => {
    await reached();
    const request = (Array.isArray(docs) ? { docs } : docs) as { docs: { _id: string }[] };
    const given = request.docs;
    school.pushed.push(...given.map(({ _id }) => _id));
    const taken = given.filter(({ _id }) => !school.refuses.has(_id));
    // Not by this instance: inside, PouchDB calls its own methods by name.
    const answers = await school.database.bulkDocs(taken, { new_edits: false, ...(options as object) });
    const refused = given.filter(({ _id }) => school.refuses.has(_id));
    return [
      ...answers,
      ...refused.map(({ _id }) => ({ id: _id, error: 'forbidden', name: 'forbidden', reason: school.refuses.get(_id), status: 403 })),
    ];
  };
  return remote;
}

/** A new database of a school; with the documents of another, all leaves and histories. */
export async function emptyCopyOf(database: PouchDB.Database, filled: boolean): Promise<PouchDB.Database> {
  count += 1;
  const copy = new PouchDB(`school-${count}`, { adapter: 'memory' });
  if (filled) await database.replicate.to(copy);
  return copy;
}
