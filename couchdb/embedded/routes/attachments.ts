import { parseRange } from '../byte-range.ts';
import type { Database } from '../database.ts';
import { checkDocumentId, checkRevision, type DraftDocument } from '../document-syntax.ts';
import { badRequest, CouchError, conflict, notFound } from '../errors.ts';
import { json, readBody, revisionOf, type Store, type StoreContext, type StoreRoutes } from '../http.ts';
import type { StoredDocument } from '../pouch.ts';
import { requireMember } from '../security.ts';
import { requireOwnUserDocument } from '../users.ts';
import { writeOne } from './write-one.ts';

type Path = '/:db/:doc/:name{.+}' | '/:db/_design/:doc/:name{.+}';

/** Attachments of plain and of design documents. */
export function attachmentRoutes(routes: StoreRoutes, store: Store): void {
  for (const [path, prefix] of [
    ['/:db/_design/:doc/:name{.+}', '_design/'],
    ['/:db/:doc/:name{.+}', ''],
  ] as const satisfies readonly (readonly [Path, string])[]) {
    const target = (c: StoreContext) => {
      const database = store.databases.get(c.req.param('db') ?? '');
      requireMember(c.get('caller'), database);
      const id = prefix + (c.req.param('doc') ?? '');
      requireOwnUserDocument(database, id, c.get('caller'));
      if (prefix === '') checkDocumentId(id);
      const name = c.req.param('name') ?? '';
      return { database, id, name };
    };
    routes.get(path, async (c) => {
      const { database, id, name } = target(c);
      return readAttachment(c, database, id, name);
    });
    routes.put(path, async (c) => {
      const { database, id, name } = target(c);
      if (name.startsWith('_')) throw badRequest(`Attachment name '${name}' starts with prohibited character '_'`);
      const data = await readBody(c, store.config.number('chttpd', 'max_http_request_size'));
      const contentType = c.req.header('content-type') ?? 'application/octet-stream';
      const { draft } = await draftOf(c, database, id);
      draft._attachments = { ...draft._attachments, [name]: { content_type: contentType, data: data.toString('base64') } };
      return writeOne(c, store, database, draft);
    });
    routes.delete(path, async (c) => {
      const { database, id, name } = target(c);
      const { draft, exists } = await draftOf(c, database, id);
      if (!exists) throw notFound('missing');
      if (!draft._attachments?.[name]) throw notFound('Document is missing attachment');
      const { [name]: _removed, ...rest } = draft._attachments;
      const { _attachments, ...body } = draft;
      const next: DraftDocument = Object.keys(rest).length > 0 ? { ...body, _id: id, _attachments: rest } : { ...body, _id: id };
      const answer = await writeOne(c, store, database, next);
      return answer.status === 201 ? json(c, await answer.json(), 200) : answer;
    });
  }
}

/** The document that the attachment is about to change. */
async function draftOf(c: StoreContext, database: Database, id: string): Promise<{ draft: DraftDocument; exists: boolean }> {
  const rev = revisionOf(c);
  if (rev !== undefined) checkRevision(rev);
  const stored = await database.use((pouch) => pouch.get(id, rev === undefined ? {} : { rev })).catch(absent);
  if (!stored) {
    if (rev !== undefined) throw conflict();
    return { draft: { _id: id }, exists: false };
  }
  if (rev === undefined) throw conflict();
  return { draft: { ...stored }, exists: true };
}

function absent(error: { status?: number }): undefined {
  if (error.status === 404) return undefined;
  throw error;
}

async function readAttachment(c: StoreContext, database: Database, id: string, name: string): Promise<Response> {
  const rev = c.req.query('rev');
  if (rev !== undefined) checkRevision(rev);
  const options = rev === undefined ? {} : { rev };
  const document: StoredDocument = await database.use((pouch) => pouch.get(id, options));
  const attachment = document._attachments?.[name];
  if (!attachment) throw notFound('Document is missing attachment');
  const digest = String(attachment.digest ?? '').replace(/^md5-/, '');
  const length = attachment.length ?? 0;
  const headers: Record<string, string> = {
    'Content-Type': attachment.content_type ?? 'application/octet-stream',
    ETag: `"${digest}"`,
    'Content-MD5': digest,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'must-revalidate',
    // What people put into a school's database must not run as a page of the store's origin.
    'Content-Security-Policy': 'sandbox',
    'X-Content-Type-Options': 'nosniff',
  };
  if (c.req.header('if-none-match') === headers['ETag']) return c.body(null, 304, headers);
  if (c.req.method === 'HEAD') return c.body(null, 200, { ...headers, 'Content-Length': String(length) });
  const data = await database.use((pouch) => pouch.getAttachment(id, name, options));
  const range = parseRange(c.req.header('range'), data.length);
  if (range === 'unsatisfiable') {
    throw new CouchError(416, 'requested_range_not_satisfiable', 'Requested range not satisfiable', {
      'Content-Range': `bytes */${data.length}`,
    });
  }
  if (range === 'whole') return c.body(copyOf(data), 200, { ...headers, 'Content-Length': String(data.length) });
  const part = data.subarray(range.first, range.last + 1);
  return c.body(copyOf(part), 206, {
    ...headers,
    'Content-Length': String(part.length),
    'Content-Range': `bytes ${range.first}-${range.last}/${data.length}`,
  });
}

/** A view on the bytes that fetch's types accept. */
function copyOf(data: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data);
}
