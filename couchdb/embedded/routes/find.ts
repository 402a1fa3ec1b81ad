import type { Database } from '../database.ts';
import { writeDocuments } from '../document-writes.ts';
import { badRequest, CouchError, forbidden, notFound, unauthorized } from '../errors.ts';
import { json, readJsonObject, requireJsonType, type Store, type StoreContext, type StoreRoutes } from '../http.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { findRequest, nextBookmark } from '../mango.ts';
import { isDatabaseAdmin, requireMember } from '../security.ts';
import { requireUsersAdmin } from '../users.ts';
import { writeSettings } from './write-one.ts';

/** Mango: `_find`, `_explain` and `_index`. */
export function findRoutes(routes: StoreRoutes, store: Store): void {
  const target = (c: StoreContext): Database => {
    const database = store.databases.get(c.req.param('db') ?? '');
    requireMember(c.get('caller'), database);
    requireUsersAdmin(database, c.get('caller'));
    return database;
  };
  routes.post('/:db/_find', async (c) => {
    const database = target(c);
    requireJsonType(c);
    const request = findRequest(await readJsonObject(c, store));
    const found = await database.use((pouch) => pouch.find(request.forPouch)).catch(refuseQuery);
    return json(c, {
      docs: found.docs,
      bookmark: nextBookmark(request, found.docs.length),
      ...(found.warning ? { warning: found.warning } : {}),
    });
  });
  routes.post('/:db/_explain', async (c) => {
    const database = target(c);
    requireJsonType(c);
    const request = findRequest(await readJsonObject(c, store));
    const plan = await database.use((pouch) => pouch.explain(request.forPouch)).catch(refuseQuery);
    return json(c, { ...plan, dbname: database.name });
  });
  routes.get('/:db/_index', async (c) => json(c, await target(c).use((pouch) => pouch.getIndexes())));
  routes.post('/:db/_index', async (c) => {
    const database = target(c);
    requireJsonType(c);
    const body = await readJsonObject(c, store);
    if (!isJsonObject(body['index'])) throw new CouchError(400, 'missing_required_key', 'Missing required key: index');
    if (body['type'] !== undefined && body['type'] !== 'json')
      throw badRequest(`Index type ${String(body['type'])} is not available here.`);
    requireDesignAdmin(c, database);
    const index = indexOf(body['index']);
    const created = await database.write((pouch) => pouch.createIndex({ index: { ...index, ...named(body) } })).catch(refuseQuery);
    database.designFunctions = undefined;
    database.announce();
    return json(c, created);
  });
  routes.delete('/:db/_index/:path{.+}', async (c) => {
    const database = target(c);
    const parts = /^(?:_design\/)?([^/]+)\/json\/([^/]+)$/.exec(c.req.param('path'));
    if (!parts) throw notFound('missing');
    requireDesignAdmin(c, database);
    await deleteIndex(c, store, database, `_design/${parts[1] ?? ''}`, parts[2] ?? '');
    return json(c, { ok: true });
  });
}

function requireDesignAdmin(c: StoreContext, database: Database): void {
  const caller = c.get('caller');
  if (isDatabaseAdmin(caller, database.properties.security)) return;
  const reason = 'You are not a db or server admin.';
  throw caller.name === null ? unauthorized(reason) : forbidden(reason);
}

function indexOf(index: JsonObject): JsonObject {
  const { fields, partial_filter_selector: partial } = index;
  if (!Array.isArray(fields) || fields.length === 0)
    throw new CouchError(400, 'invalid_index_fields', 'Index fields must be a non-empty list.');
  for (const field of fields) {
    if (typeof field !== 'string' && !isJsonObject(field))
      throw new CouchError(400, 'invalid_sort_field', `Invalid sort field: ${JSON.stringify(field)}`);
  }
  return { fields, ...(isJsonObject(partial) ? { partial_filter_selector: partial } : {}) };
}

function named({ ddoc, name }: JsonObject): JsonObject {
  return {
    ...(typeof ddoc === 'string' ? { ddoc: ddoc.replace(/^_design\//, '') } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
}

async function deleteIndex(c: StoreContext, store: Store, database: Database, id: string, name: string): Promise<void> {
  const document = await database.use((pouch) => pouch.get(id));
  const views = isJsonObject(document['views']) ? { ...document['views'] } : {};
  if (!(name in views)) throw notFound('missing');
  delete views[name];
  const isLast = Object.keys(views).length === 0;
  const draft = isLast ? { _id: id, _rev: document._rev, _deleted: true } : { ...document, views };
  const [result] = await writeDocuments(database, [draft], writeSettings(c, store, true));
  if (result && !result.ok) throw result.refusal;
}

/** pouchdb-find throws plain errors for queries that it cannot run. */
function refuseQuery(error: unknown): never {
  if (!(error instanceof Error) || error instanceof CouchError || 'status' in error === false) {
    const message = error instanceof Error ? error.message : String(error);
    if (/Cannot sort on field/.test(message)) {
      throw new CouchError(400, 'no_usable_index', 'No index exists for this sort, try indexing by the sort fields.');
    }
    if (error instanceof CouchError) throw error;
    throw new CouchError(400, 'invalid_selector', message);
  }
  throw error;
}
