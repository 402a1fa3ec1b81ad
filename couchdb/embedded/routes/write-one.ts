import type { Database } from '../database.ts';
import type { DraftDocument } from '../document-syntax.ts';
import { type WriteSettings, writeDocuments } from '../document-writes.ts';
import { json, type Store, type StoreContext } from '../http.ts';

export function writeSettings(c: StoreContext, store: Store, newEdits: boolean): WriteSettings {
  return {
    newEdits,
    caller: c.get('caller'),
    iterations: store.config.number('chttpd_auth', 'iterations'),
    maxDocumentSize: store.config.number('couchdb', 'max_document_size'),
  };
}

/** Writes one document and answers as CouchDB does: 201, or 202 when the client asked for a batch. */
export async function writeOne(
  c: StoreContext,
  store: Store,
  database: Database,
  draft: DraftDocument,
  newEdits = true,
): Promise<Response> {
  const [result] = await writeDocuments(database, [draft], writeSettings(c, store, newEdits));
  if (!result) throw new Error('a write without a result');
  if (!result.ok) throw result.refusal;
  const { id, rev } = result;
  const headers = { ETag: `"${rev}"`, Location: location(c, database.name, id) };
  if (c.req.query('batch') === 'ok') return json(c, { ok: true, id }, 202, headers);
  const deletion = draft._deleted === true && c.req.method === 'DELETE';
  return json(c, { ok: true, id, rev }, deletion ? 200 : 201, deletion ? { ETag: `"${rev}"` } : headers);
}

export function location(c: StoreContext, ...path: string[]): string {
  return `${new URL(c.req.url).origin}/${path.map(encodeURIComponent).join('/')}`;
}
