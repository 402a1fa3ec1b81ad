import { databaseInfo } from '../database-info.ts';
import { parseDocument } from '../document-syntax.ts';
import { badRequest, CouchError, methodNotAllowed } from '../errors.ts';
import { json, readJson, requireJsonType, type Store, type StoreContext, type StoreRoutes } from '../http.ts';
import { parseSecurity, requireDatabaseAdmin, requireMember, requireServerAdmin } from '../security.ts';
import { location, writeOne } from './write-one.ts';

/** One database: make, delete, ask, its `_security` and its settings. */
export function databaseRoutes(routes: StoreRoutes, store: Store): void {
  const database = (c: StoreContext) => store.databases.get(c.req.param('db') ?? '');

  routes.put('/:db', async (c) => {
    requireServerAdmin(c.get('caller'));
    const created = await store.databases.create(c.req.param('db'));
    return json(c, { ok: true }, 201, { Location: location(c, created.name) });
  });
  routes.delete('/:db', async (c) => {
    requireServerAdmin(c.get('caller'));
    if (c.req.query('rev') !== undefined)
      throw badRequest('You tried to DELETE a database with a ?=rev parameter. Did you mean to DELETE a document instead?');
    await store.databases.delete(c.req.param('db'));
    return json(c, { ok: true });
  });
  routes.get('/:db', async (c) => {
    requireMember(c.get('caller'), database(c));
    return json(c, await databaseInfo(database(c)));
  });
  routes.post('/:db', async (c) => {
    requireMember(c.get('caller'), database(c));
    requireJsonType(c);
    const draft = parseDocument(await readJson(c, store), { newEdits: true });
    return writeOne(c, store, database(c), draft);
  });

  routes.get('/:db/_security', (c) => {
    requireMember(c.get('caller'), database(c));
    return json(c, database(c).properties.security);
  });
  routes.put('/:db/_security', async (c) => {
    requireMember(c.get('caller'), database(c));
    requireDatabaseAdmin(c.get('caller'), database(c));
    await database(c).changeProperties({ security: parseSecurity(await readJson(c, store)) });
    return json(c, { ok: true });
  });

  for (const [path, key] of [
    ['_revs_limit', 'revsLimit'],
    ['_purged_infos_limit', 'purgedInfosLimit'],
  ] as const) {
    routes.get(`/:db/${path}`, (c) => {
      requireMember(c.get('caller'), database(c));
      return json(c, database(c).properties[key]);
    });
    routes.put(`/:db/${path}`, async (c) => {
      requireMember(c.get('caller'), database(c));
      requireDatabaseAdmin(c.get('caller'), database(c));
      const value = await readJson(c, store);
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) throw badRequest('`rev_limit` must be a positive integer');
      await database(c).changeProperties({ [key]: value });
      // PouchDB takes the limit when it opens.
      await database(c).close();
      return json(c, { ok: true });
    });
  }

  routes.post('/:db/_ensure_full_commit', (c) => {
    requireMember(c.get('caller'), database(c));
    requireJsonType(c);
    return json(c, { ok: true, instance_start_time: String(database(c).properties.createdAt) }, 201);
  });
  routes.post('/:db/_compact', async (c) => {
    requireMember(c.get('caller'), database(c));
    requireDatabaseAdmin(c.get('caller'), database(c));
    requireJsonType(c);
    startCompaction(store, c.req.param('db'));
    return json(c, { ok: true }, 202);
  });
  routes.post('/:db/_compact/:design', (c) => {
    requireMember(c.get('caller'), database(c));
    requireDatabaseAdmin(c.get('caller'), database(c));
    requireJsonType(c);
    return json(c, { ok: true }, 202);
  });
  routes.all('/:db', (c) => {
    requireMember(c.get('caller'), database(c));
    throw methodNotAllowed('DELETE,GET,HEAD,POST');
  });
}

/** Compaction goes on after the answer, as in CouchDB. */
function startCompaction(store: Store, name: string): void {
  const database = store.databases.get(name);
  database
    .write((pouch) => pouch.compact())
    .catch((error: unknown) => {
      if (!(error instanceof CouchError)) store.report(`compaction of ${name}`, error);
    });
}
