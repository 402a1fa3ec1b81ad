import * as v from 'valibot';
import type { CouchClient } from './couch-client.ts';

/** A document as it was stored; its own schema is checked by whoever uses its fields. */
export type StoredDocument = Readonly<Record<string, unknown>> & { readonly _id: string; readonly _rev: string };

const stored = v.pipe(
  v.looseObject({ _id: v.string(), _rev: v.string() }),
  v.transform((doc): StoredDocument => doc),
);
const row = v.looseObject({ id: v.optional(v.string()), doc: v.optional(v.nullable(stored)) });
const reply = v.object({ rows: v.array(row) });

/** The current revisions of documents, by id; ids without a living document are left out. */
export async function readDocuments(couch: CouchClient, database: string, ids: readonly string[]): Promise<Map<string, StoredDocument>> {
  const found = new Map<string, StoredDocument>();
  if (ids.length === 0) return found;
  const path = `/${encodeURIComponent(database)}/_all_docs`;
  const { rows } = await couch.ask(reply, 'POST', path, { query: { include_docs: 'true' }, json: { keys: ids } });
  for (const { doc } of rows) if (doc !== undefined && doc !== null) found.set(doc._id, doc);
  return found;
}

/** The documents whose id begins with the text. */
export async function readRange(couch: CouchClient, database: string, prefix: string): Promise<StoredDocument[]> {
  const query = { include_docs: 'true', startkey: JSON.stringify(prefix), endkey: JSON.stringify(`${prefix}\ufff0`) };
  const { rows } = await couch.ask(reply, 'GET', `/${encodeURIComponent(database)}/_all_docs`, { query });
  return rows.flatMap(({ doc }) => (doc === undefined || doc === null ? [] : [doc]));
}

const bulkRow = v.looseObject({
  id: v.optional(v.string()),
  ok: v.optional(v.boolean()),
  rev: v.optional(v.string()),
  error: v.optional(v.string()),
  reason: v.optional(v.string()),
});
export type WriteResult = v.InferOutput<typeof bulkRow>;

/** Writes revisions as replication does, each with its own name; answers what was refused. One that is there already is no edit. */
export async function writeRevisions(
  couch: CouchClient,
  database: string,
  docs: readonly Readonly<Record<string, unknown>>[],
  authorization: string,
): Promise<WriteResult[]> {
  const json = { docs, new_edits: false };
  const answers = await couch.ask(v.array(bulkRow), 'POST', `/${encodeURIComponent(database)}/_bulk_docs`, { json, authorization });
  return answers.filter(({ error }) => error !== undefined);
}

/** Writes documents with somebody's own token. The results stand in the order of the documents. */
export async function writeDocuments(
  couch: CouchClient,
  database: string,
  docs: readonly Readonly<Record<string, unknown>>[],
  authorization: string,
): Promise<WriteResult[]> {
  return couch.ask(v.array(bulkRow), 'POST', `/${encodeURIComponent(database)}/_bulk_docs`, { json: { docs }, authorization });
}
