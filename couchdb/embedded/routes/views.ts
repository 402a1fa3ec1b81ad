import type { Database } from '../database.ts';
import { badRequest, CouchError, notFound, queryParseError } from '../errors.ts';
import { json, readJsonObject, requireJsonType, type Store, type StoreContext, type StoreRoutes } from '../http.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { requireDatabaseAdmin, requireMember } from '../security.ts';
import { formatSequence } from '../sequence.ts';
import { requireUsersAdmin } from '../users.ts';
import { mapReduce } from '../view-functions.ts';
import { asBoolean, asCount, fromQuery } from '../view-query.ts';

/** Views of design documents. */
export function viewRoutes(routes: StoreRoutes, store: Store): void {
  const target = (c: StoreContext): Database => {
    const database = store.databases.get(c.req.param('db') ?? '');
    requireMember(c.get('caller'), database);
    requireUsersAdmin(database, c.get('caller'));
    return database;
  };
  const path = '/:db/_design/:design/_view/:view';
  const named = (c: StoreContext) => ({ design: c.req.param('design') ?? '', view: c.req.param('view') ?? '' });

  routes.get(path, async (c) => json(c, await query(target(c), named(c), fromQuery(c))));
  routes.post(path, async (c) => {
    const database = target(c);
    requireJsonType(c);
    const body = await readJsonObject(c, store);
    if (body['queries'] !== undefined) return json(c, await queries(database, named(c), body['queries']));
    if (body['keys'] !== undefined && !Array.isArray(body['keys'])) throw badRequest('`keys` member must be an array.');
    return json(c, await query(database, named(c), { ...fromQuery(c), ...body }));
  });
  routes.post(`${path}/queries`, async (c) => {
    const database = target(c);
    return json(c, await queries(database, named(c), (await readJsonObject(c, store))['queries']));
  });
  routes.get('/:db/_design/:design/_info', async (c) => {
    const name = c.req.param('design');
    await target(c).use((pouch) => pouch.get(`_design/${name}`));
    return json(c, { name, view_index: { updater_running: false, compact_running: false, language: 'javascript', waiting_clients: 0 } });
  });
  routes.post('/:db/_view_cleanup', async (c) => {
    const database = target(c);
    requireDatabaseAdmin(c.get('caller'), database);
    requireJsonType(c);
    await database.use((pouch) => mapReduce.viewCleanup.call(pouch));
    return json(c, { ok: true }, 202);
  });
}

interface ViewName {
  readonly design: string;
  readonly view: string;
}

async function queries(database: Database, name: ViewName, list: unknown): Promise<JsonObject> {
  if (!Array.isArray(list)) throw badRequest('`queries` member must be an array.');
  const results: JsonObject[] = [];
  for (const one of list) results.push(await query(database, name, isJsonObject(one) ? one : {}));
  return { results };
}

async function query(database: Database, { design, view }: ViewName, asked: JsonObject): Promise<JsonObject> {
  return database.use(async (pouch) => {
    const document = await pouch.get(`_design/${design}`);
    const views = isJsonObject(document['views']) ? document['views'] : {};
    const source = views[view];
    if (!isJsonObject(source) || typeof source['map'] !== 'string') throw notFound('missing_named_view');
    const hasReduce = typeof source['reduce'] === 'string';
    const options = viewOptions(asked, hasReduce);
    const result = await mapReduce.query.call(pouch, `${design}/${view}`, options).catch((error: unknown) => {
      throw error instanceof SyntaxError ? new CouchError(500, 'compilation_error', error.message) : error;
    });
    const { rows, total_rows, offset, update_seq } = result;
    const sequence = update_seq === undefined ? {} : { update_seq: formatSequence(Number(update_seq), database.properties.life) };
    return options['reduce'] ? { rows, ...sequence } : { total_rows, offset, rows, ...sequence };
  });
}

const passed = ['key', 'keys', 'startkey', 'endkey'] as const;

function viewOptions(asked: JsonObject, hasReduce: boolean): JsonObject {
  const wantsReduce = asBoolean(asked, 'reduce');
  const group = asBoolean(asked, 'group') ?? false;
  const groupLevel = asked['group_level'] === 'exact' ? undefined : asCount(asked, 'group_level');
  if (wantsReduce === true && !hasReduce) throw queryParseError('Reduce is invalid for map-only views.');
  const reduce = hasReduce && wantsReduce !== false;
  if (!reduce && (group || groupLevel !== undefined)) throw queryParseError('Invalid use of grouping on a map view.');
  const includeDocs = asBoolean(asked, 'include_docs') ?? false;
  if (reduce && includeDocs) throw queryParseError('`include_docs` is invalid for reduce');
  if (reduce && Array.isArray(asked['keys']) && !group && groupLevel === undefined) {
    throw queryParseError('Multi-key fetches for reduce views must use `group=true`');
  }
  const aliased: JsonObject = { startkey: asked['start_key'], endkey: asked['end_key'], ...asked };
  const options: JsonObject = { reduce, include_docs: includeDocs };
  for (const name of passed) if (aliased[name] !== undefined) options[name] = aliased[name];
  for (const name of ['descending', 'inclusive_end', 'conflicts', 'attachments', 'update_seq']) {
    const value = asBoolean(asked, name);
    if (value !== undefined) options[name] = value;
  }
  for (const name of ['limit', 'skip']) {
    const value = asCount(asked, name);
    if (value !== undefined) options[name] = value;
  }
  if (group || asked['group_level'] === 'exact') options['group'] = true;
  if (groupLevel !== undefined) options['group_level'] = groupLevel;
  if (asked['update'] === 'false' || asked['stale'] === 'ok') options['stale'] = 'ok';
  if (asked['update'] === 'lazy' || asked['stale'] === 'update_after') options['stale'] = 'update_after';
  return options;
}
