import type { Database } from '../database.ts';
import { inOrder } from '../document-reads.ts';
import { badRequest } from '../errors.ts';
import { flag, json, readJsonObject, requireJsonType, type Store, type StoreContext, type StoreRoutes } from '../http.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { listLocal } from '../local-documents.ts';
import type { StoredDocument } from '../pouch.ts';
import { requireMember } from '../security.ts';
import { formatSequence } from '../sequence.ts';
import { requireUsersAdmin } from '../users.ts';
import { asBoolean, asCount, fromQuery } from '../view-query.ts';

/** `_all_docs` and its kin `_design_docs` and `_local_docs`. */
export function allDocsRoutes(routes: StoreRoutes, store: Store): void {
  const target = (c: StoreContext): Database => {
    const database = store.databases.get(c.req.param('db') ?? '');
    requireMember(c.get('caller'), database);
    requireUsersAdmin(database, c.get('caller'));
    return database;
  };
  for (const [path, bounds] of [
    ['_all_docs', {}],
    ['_design_docs', { low: '_design/', high: '_design0' }],
  ] as const) {
    routes.get(`/:db/${path}`, async (c) => json(c, await list(target(c), fromQuery(c), bounds)));
    routes.post(`/:db/${path}`, async (c) => {
      const database = target(c);
      requireJsonType(c);
      const body = await readJsonObject(c, store);
      const query = { ...fromQuery(c), ...body };
      if (query['keys'] !== undefined && !Array.isArray(query['keys'])) throw badRequest('`keys` body member must be an array.');
      return json(c, await list(database, query, bounds));
    });
    routes.post(`/:db/${path}/queries`, async (c) => {
      const database = target(c);
      const { queries } = await readJsonObject(c, store);
      if (!Array.isArray(queries)) throw badRequest('`queries` member must be an array.');
      const results = await Promise.all(queries.map((query: unknown) => list(database, isJsonObject(query) ? query : {}, bounds)));
      return json(c, { results });
    });
  }
  routes.get('/:db/_local_docs', async (c) => {
    const documents = await listLocal(target(c));
    const rows = documents.map((document) => ({
      id: document['_id'],
      key: document['_id'],
      value: { rev: document['_rev'] },
      ...(flag(c, 'include_docs') ? { doc: document } : {}),
    }));
    return json(c, { total_rows: null, offset: null, rows });
  });
}

interface Bounds {
  readonly low?: string;
  readonly high?: string;
}

async function list(database: Database, query: JsonObject, bounds: Bounds): Promise<JsonObject> {
  const descending = asBoolean(query, 'descending') ?? false;
  const includeDocs = asBoolean(query, 'include_docs') ?? false;
  const shared = {
    include_docs: includeDocs,
    conflicts: asBoolean(query, 'conflicts') ?? false,
    attachments: asBoolean(query, 'attachments') ?? false,
  };
  const skip = asCount(query, 'skip') ?? 0;
  const limit = asCount(query, 'limit');
  const { keys } = query;
  const range = Array.isArray(keys)
    ? { keys: keys.map(String), descending }
    : {
        ...rangeOf(query, descending, bounds),
        descending,
        skip,
        inclusive_end: asBoolean(query, 'inclusive_end') ?? true,
        ...(limit === undefined ? {} : { limit }),
      };
  return database.use(async (pouch) => {
    const info = await pouch.info();
    const found = await pouch.allDocs({ ...shared, ...range });
    const rows = Array.isArray(keys) ? found.rows.slice(skip, limit === undefined ? undefined : skip + limit) : found.rows;
    return {
      total_rows: info.doc_count,
      // CouchDB counts the rows before the first one; that would be a scan here.
      offset: Array.isArray(keys) || 'startkey' in range ? null : skip,
      ...(asBoolean(query, 'update_seq') ? { update_seq: formatSequence(info.update_seq, database.properties.life) } : {}),
      rows: rows.map((row) => (row['doc'] ? { ...row, doc: inOrder(row['doc'] as StoredDocument) } : row)),
    };
  });
}

/** Ids are strings: a key of another type lies before or after all of them, in CouchDB's order of types. */
function rangeOf(query: JsonObject, descending: boolean, bounds: Bounds): { startkey?: string; endkey?: string } {
  const key = query['key'];
  const start = key ?? query['startkey'] ?? query['start_key'];
  const end = key ?? query['endkey'] ?? query['end_key'];
  const text = (value: unknown) => (typeof value === 'string' ? value : typeof value === 'object' && value !== null ? '\uffff' : '');
  const low = descending ? end : start;
  const high = descending ? start : end;
  const lowest = maximum(low === undefined ? undefined : text(low), bounds.low);
  const highest = minimum(high === undefined ? undefined : text(high), bounds.high);
  const [first, last] = descending ? [highest, lowest] : [lowest, highest];
  return { ...(first === undefined ? {} : { startkey: first }), ...(last === undefined ? {} : { endkey: last === '' ? '\0' : last }) };
}

function maximum(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

function minimum(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
