import { methodNotAllowed } from '../errors.ts';
import type { StoreRoutes } from '../http.ts';

// Endpoints and what they take. Registered after them, so that only other methods come here.
const ofServer: readonly (readonly [path: string, methods: string])[] = [
  ['/', 'GET,HEAD'],
  ['/_up', 'GET,HEAD'],
  ['/_uuids', 'GET'],
  ['/_all_dbs', 'GET,HEAD'],
  ['/_dbs_info', 'GET,POST'],
  ['/_active_tasks', 'GET,HEAD'],
  ['/_membership', 'GET'],
  ['/_session', 'GET,HEAD,POST,DELETE'],
  ['/_replicate', 'POST'],
];

const ofDatabase: typeof ofServer = [
  ['/:db/_all_docs', 'GET,HEAD,POST'],
  ['/:db/_design_docs', 'GET,HEAD,POST'],
  ['/:db/_local_docs', 'GET,HEAD,POST'],
  ['/:db/_bulk_docs', 'POST'],
  ['/:db/_bulk_get', 'POST'],
  ['/:db/_revs_diff', 'POST'],
  ['/:db/_missing_revs', 'POST'],
  ['/:db/_changes', 'GET,HEAD,POST'],
  ['/:db/_find', 'POST'],
  ['/:db/_explain', 'POST'],
  ['/:db/_index', 'GET,POST'],
  ['/:db/_security', 'PUT,GET'],
  ['/:db/_purge', 'POST'],
  ['/:db/_compact', 'POST'],
  ['/:db/_view_cleanup', 'POST'],
  ['/:db/_ensure_full_commit', 'POST'],
  ['/:db/_revs_limit', 'PUT,GET'],
  ['/:db/_purged_infos_limit', 'PUT,GET'],
];

/** 405 with CouchDB's words for an endpoint that exists and a method that it does not take. */
export function serverMethodRoutes(routes: StoreRoutes): void {
  refuse(routes, ofServer);
}

export function databaseMethodRoutes(routes: StoreRoutes): void {
  refuse(routes, ofDatabase);
}

function refuse(routes: StoreRoutes, endpoints: typeof ofServer): void {
  for (const [path, methods] of endpoints) {
    routes.all(path, () => {
      throw methodNotAllowed(methods);
    });
  }
}
