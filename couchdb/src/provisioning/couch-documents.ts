import * as v from 'valibot';
import type { CouchAdmin } from './couch-admin.ts';
import { CouchError } from './couch-error.ts';

/** A document as CouchDB keeps it: anything, with an id. */
export interface StoredDocument {
  readonly _id: string;
  readonly _rev?: string | undefined;
  readonly [field: string]: unknown;
}

const storedDocument = v.looseObject({ _id: v.string(), _rev: v.string() });
const writtenReply = v.object({ id: v.string(), rev: v.string() });
const bulkReply = v.array(
  v.looseObject({ id: v.string(), rev: v.optional(v.string()), error: v.optional(v.string()), reason: v.optional(v.string()) }),
);

/** The path of a document. The slash of `_design/x` stays, as CouchDB wants it. */
export function documentPath(database: string, id: string): string {
  const [first, ...rest] = id.split('/');
  const path = first === '_design' || first === '_local' ? `${first}/${encodeURIComponent(rest.join('/'))}` : encodeURIComponent(id);
  return `/${encodeURIComponent(database)}/${path}`;
}

/** The document, or null when there is none. */
export async function readDocument(couch: CouchAdmin, database: string, id: string): Promise<(StoredDocument & { _rev: string }) | null> {
  const reply = await couch.request('GET', documentPath(database, id), { accept: [404] });
  return reply.status === 404 ? null : v.parse(storedDocument, reply.body);
}

/** Writes one document; `conflict` when somebody else wrote it since it was read. */
export async function writeDocument(couch: CouchAdmin, database: string, document: StoredDocument): Promise<'conflict' | { rev: string }> {
  const reply = await couch.request('PUT', documentPath(database, document._id), { body: document, accept: [409] });
  return reply.status === 409 ? 'conflict' : { rev: v.parse(writtenReply, reply.body).rev };
}

/** Deletes one revision of a document; a document that has gone or has moved on is left as it is. */
export async function deleteDocument(couch: CouchAdmin, database: string, id: string, rev: string): Promise<void> {
  await couch.request('DELETE', documentPath(database, id), { query: { rev }, accept: [404, 409] });
}

const BULK_SIZE = 500;

/**
 * Writes documents that may be there already. Those that are stay as they are, for bulk writes answer `conflict` for them.
 * Returns how many were new. Throws a CouchError when the database refuses any of them for another reason.
 */
export async function writeAbsent(couch: CouchAdmin, database: string, documents: readonly StoredDocument[]): Promise<number> {
  let written = 0;
  for (let start = 0; start < documents.length; start += BULK_SIZE) {
    const path = `/${encodeURIComponent(database)}/_bulk_docs`;
    const reply = await couch.request('POST', path, { body: { docs: documents.slice(start, start + BULK_SIZE) } });
    for (const { id, error, reason } of v.parse(bulkReply, reply.body)) {
      if (error === undefined) written += 1;
      else if (error !== 'conflict') throw new CouchError(`POST ${path} (${id})`, 403, error, reason ?? '');
    }
  }
  return written;
}

/** Writes revisions as replication does, each with its own `_rev`: also beside others, as conflicts. */
export async function writeRevisions(couch: CouchAdmin, database: string, documents: readonly StoredDocument[]): Promise<void> {
  const path = `/${encodeURIComponent(database)}/_bulk_docs`;
  const reply = await couch.request('POST', path, { body: { docs: documents, new_edits: false } });
  const [refused] = v.parse(bulkReply, reply.body).filter(({ error }) => error !== undefined);
  if (refused !== undefined) throw new CouchError(`POST ${path} (${refused.id})`, 403, refused.error ?? '', refused.reason ?? '');
}
