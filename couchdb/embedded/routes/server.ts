import { randomUUID } from 'node:crypto';
import { databaseInfo } from '../database-info.ts';
import { badRequest, CouchError } from '../errors.ts';
import { json, readJsonObject, requireJsonType, type Store, type StoreContext, type StoreRoutes } from '../http.ts';
import { isStringArray } from '../json.ts';
import { requireServerAdmin } from '../security.ts';

const version = '3.5.0';

/** The server's own endpoints: what it is, which databases it has, what it is busy with. */
export function serverRoutes(routes: StoreRoutes, store: Store): void {
  routes.get('/', (c) =>
    json(c, {
      couchdb: 'Welcome',
      version,
      git_sha: 'embedded',
      uuid: store.config.get('couchdb', 'uuid'),
      features: ['scheduler'],
      vendor: { name: 'Darasa embedded store' },
    }),
  );
  routes.get('/_up', (c) => json(c, { status: 'ok', seeds: {} }));
  routes.get('/_uuids', (c) => {
    const count = Number(c.req.query('count') ?? 1);
    if (!Number.isInteger(count) || count < 0) throw badRequest('Invalid value for `count`');
    if (count > 1000) throw new CouchError(400, 'bad_request', 'count parameter too large');
    const uuids = Array.from({ length: count }, () => randomUUID().replaceAll('-', ''));
    return json(c, { uuids }, 200, { 'Cache-Control': 'no-cache', Pragma: 'no-cache' });
  });
  routes.get('/_all_dbs', (c) => {
    requireServerAdmin(c.get('caller'));
    return json(c, page(c, store.databases.names()));
  });
  routes.get('/_dbs_info', async (c) => {
    requireServerAdmin(c.get('caller'));
    return json(c, await infos(store, page(c, store.databases.names())));
  });
  routes.post('/_dbs_info', async (c) => {
    requireServerAdmin(c.get('caller'));
    requireJsonType(c);
    const { keys } = await readJsonObject(c, store);
    if (!isStringArray(keys)) throw badRequest('`keys` member must exist.');
    return json(c, await infos(store, keys));
  });
  routes.get('/_active_tasks', (c) => {
    requireServerAdmin(c.get('caller'));
    return json(c, store.replicator.activeTasks());
  });
  routes.get('/_membership', (c) => {
    requireServerAdmin(c.get('caller'));
    return json(c, { all_nodes: ['nonode@nohost'], cluster_nodes: ['nonode@nohost'] });
  });
}

async function infos(store: Store, names: readonly string[]): Promise<unknown[]> {
  return Promise.all(
    names.map(async (key) =>
      store.databases.has(key) ? { key, info: await databaseInfo(store.databases.get(key)) } : { key, error: 'not_found' },
    ),
  );
}

/** The part of a list of names that `startkey`, `endkey`, `skip`, `limit` and `descending` ask for. */
function page(c: StoreContext, names: readonly string[]): string[] {
  const text = (name: string) => {
    const value = c.req.query(name);
    if (value === undefined) return undefined;
    try {
      return String(JSON.parse(value));
    } catch {
      throw badRequest('invalid UTF-8 JSON');
    }
  };
  const descending = c.req.query('descending') === 'true';
  const ordered = descending ? names.toReversed() : [...names];
  const startKey = text('startkey') ?? text('start_key');
  const endKey = text('endkey') ?? text('end_key');
  const [low, high] = descending ? [endKey, startKey] : [startKey, endKey];
  const inRange = ordered.filter((name) => (low === undefined || name >= low) && (high === undefined || name <= high));
  const skip = Number(c.req.query('skip') ?? 0);
  const limit = Number(c.req.query('limit') ?? Number.POSITIVE_INFINITY);
  return inRange.slice(skip, skip + limit);
}
