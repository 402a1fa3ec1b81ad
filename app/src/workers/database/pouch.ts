import http from 'pouchdb-adapter-http';
import idb from 'pouchdb-adapter-idb';
import PouchDB from 'pouchdb-core';
import replication from 'pouchdb-replication';
import type { Environment } from './environment.ts';
import { named } from './pouch-identity.ts';

/**
 * PouchDB from its parts. The adapter is `idb`, not the newer `indexeddb`: with two tabs on one database that one lost
 * writes and hung (PouchDB's issues 8599 and 9018).
 */
PouchDB.plugin(idb).plugin(http).plugin(replication);

/** Old revisions of a document are of no use on a phone; leaves of a conflict stay. */
export function openLocal(name: string): PouchDB.Database {
  return new PouchDB(name, { adapter: 'idb', auto_compaction: true, revs_limit: 50 });
}

export const openRemote: Environment['openRemote'] = (url, identity, send) => {
  // The types of PouchDB leave out that `fetch` may be given and that setting a database up may be skipped.
  const options: PouchDB.HttpAdapter.HttpAdapterConfiguration & { skip_setup: boolean } = {
    adapter: 'http',
    skip_setup: true,
    fetch: (input, init) => send(input, init),
  };
  return named(new PouchDB(url, options), identity);
};
