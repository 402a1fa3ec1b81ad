import type { Database } from '../database.ts';
import { bulkGetResult, missingRevisions } from '../document-reads.ts';
import { parseDocument } from '../document-syntax.ts';
import { type WriteResult, writeDocuments } from '../document-writes.ts';
import { badRequest } from '../errors.ts';
import { flag, json, readJsonObject, requireJsonType, type Store, type StoreContext, type StoreRoutes } from '../http.ts';
import { isJsonObject, isStringArray, type JsonObject } from '../json.ts';
import { requireMember } from '../security.ts';
import { requireUsersAdmin } from '../users.ts';
import { writeSettings } from './write-one.ts';

/** What replication is made of: many documents in one request. */
export function bulkRoutes(routes: StoreRoutes, store: Store): void {
  const database = (c: StoreContext): Database => {
    const found = store.databases.get(c.req.param('db') ?? '');
    requireMember(c.get('caller'), found);
    return found;
  };

  routes.post('/:db/_bulk_docs', async (c) => {
    const target = database(c);
    requireJsonType(c);
    const body = await readJsonObject(c, store);
    const { docs, new_edits: newEditsField } = body;
    if (docs === undefined) throw badRequest('POST body must include `docs` parameter.');
    if (!Array.isArray(docs)) throw badRequest('`docs` parameter must be an array.');
    if (newEditsField !== undefined && typeof newEditsField !== 'boolean') throw badRequest('`new_edits` parameter must be a boolean.');
    const newEdits = newEditsField !== false;
    const drafts = docs.map((document: unknown) => parseDocument(document, { newEdits }));
    const results = await writeDocuments(target, drafts, writeSettings(c, store, newEdits));
    const shown = newEdits ? results : results.filter(({ ok }) => !ok);
    return json(
      c,
      shown.map((result) => bulkResult(result, newEdits)),
      201,
    );
  });

  routes.post('/:db/_bulk_get', async (c) => {
    const target = database(c);
    requireUsersAdmin(target, c.get('caller'));
    requireJsonType(c);
    const { docs } = await readJsonObject(c, store);
    if (!Array.isArray(docs)) throw badRequest("Missing JSON list of 'docs'.");
    const settings = { revs: flag(c, 'revs'), latest: flag(c, 'latest'), attachments: flag(c, 'attachments') };
    const results = await target.use((pouch) =>
      Promise.all(
        docs.map((item: unknown) => {
          if (!isJsonObject(item)) throw badRequest('document must be a JSON object');
          const since = item['atts_since'];
          return bulkGetResult(pouch, { id: item['id'], rev: item['rev'], attsSince: isStringArray(since) ? since : undefined }, settings);
        }),
      ),
    );
    return json(c, { results });
  });

  routes.post('/:db/_revs_diff', async (c) => {
    const target = database(c);
    requireJsonType(c);
    const asked = revisionLists(await readJsonObject(c, store));
    const found = await target.use((pouch) => missingRevisions(pouch, asked));
    return json(c, Object.fromEntries(found));
  });

  routes.post('/:db/_missing_revs', async (c) => {
    const target = database(c);
    requireJsonType(c);
    const asked = revisionLists(await readJsonObject(c, store));
    const found = await target.use((pouch) => missingRevisions(pouch, asked));
    return json(c, { missing_revs: Object.fromEntries([...found].map(([id, { missing }]) => [id, missing])) });
  });
}

function revisionLists(body: JsonObject): Map<string, string[]> {
  return new Map(
    Object.entries(body).map(([id, revs]) => {
      if (!isStringArray(revs)) throw badRequest('Invalid revision list');
      for (const rev of revs) if (!/^\d+-./.test(rev)) throw badRequest('Invalid rev format');
      return [id, revs];
    }),
  );
}

function bulkResult(result: WriteResult, newEdits: boolean): JsonObject {
  if (result.ok) return { ok: true, id: result.id, rev: result.rev };
  const { id, rev, refusal } = result;
  return { id, ...(newEdits || rev === undefined ? {} : { rev }), error: refusal.error, reason: refusal.reason };
}
