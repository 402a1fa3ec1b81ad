import type { Database } from './database.ts';
import type { DraftDocument } from './document-syntax.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { readPart } from './level.ts';
import { levelOf } from './pouch.ts';

/** Local documents that PouchDB keeps for itself. */
const internal = new Set(['_local/_pouch_dependentDbs', '_local/mrviews', '_local/compaction', '_local/purges', '_local/idxviews']);

function requireVisible(id: string): void {
  if (internal.has(id)) throw notFound('missing');
}

export function readLocal(database: Database, id: string): Promise<JsonObject> {
  requireVisible(id);
  return database.use((pouch) => pouch.get(id));
}

export function writeLocal(database: Database, draft: DraftDocument): Promise<{ ok: true; id: string; rev: string }> {
  requireVisible(draft._id);
  const { _attachments, _revisions, ...body } = draft;
  if (_attachments) throw badRequest('_local documents do not accept attachments.');
  return database.write(async (pouch) => {
    const stored = await pouch.get(draft._id).catch(() => undefined);
    if (draft._deleted && !stored) throw notFound('missing');
    if (draft._rev !== undefined && draft._rev !== stored?._rev) throw conflict();
    const { rev } = await pouch.put({ ...body, ...(stored ? { _rev: stored._rev } : {}) });
    return { ok: true, id: draft._id, rev };
  });
}

/** Every local document by id, for `_local_docs`. PouchDB has no list of them, so leveldb is asked. */
export function listLocal(database: Database): Promise<JsonObject[]> {
  return database.use(async (pouch) => {
    const documents: JsonObject[] = [];
    for await (const value of readPart(levelOf(pouch), 'local-store', true)) {
      const document: unknown = JSON.parse(value.toString('utf8'));
      if (isJsonObject(document) && !internal.has(String(document['_id']))) documents.push(document);
    }
    return documents;
  });
}
