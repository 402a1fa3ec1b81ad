import type { Database } from '../database.ts';
import { inOrder, type ReadSettings, readDocument, readRevisions } from '../document-reads.ts';
import { checkDocumentId, checkRevision, type DraftDocument, parseDocument } from '../document-syntax.ts';
import { badRequest, conflict, notFound, queryParseError } from '../errors.ts';
import { flag, json, jsonParameter, parseJson, readBody, revisionOf, type Store, type StoreContext, type StoreRoutes } from '../http.ts';
import { isStringArray } from '../json.ts';
import { readLocal, writeLocal } from '../local-documents.ts';
import { documentAsMultipart, parseMultipartDocument, revisionsAsMultipart } from '../multipart-documents.ts';
import { revisionTree } from '../pouch.ts';
import { requireMember } from '../security.ts';
import { requireOwnUserDocument } from '../users.ts';
import { location, writeOne } from './write-one.ts';

type Path = '/:db/:doc' | '/:db/_design/:doc' | '/:db/_local/:doc';
const prefixes: readonly (readonly [Path, string])[] = [
  ['/:db/_design/:doc', '_design/'],
  ['/:db/_local/:doc', '_local/'],
  ['/:db/:doc', ''],
];

/** Single documents: plain, design and local ones. */
export function documentRoutes(routes: StoreRoutes, store: Store): void {
  for (const [path, prefix] of prefixes) {
    const target = (c: StoreContext): { database: Database; id: string } => {
      const database = store.databases.get(c.req.param('db') ?? '');
      requireMember(c.get('caller'), database);
      const id = prefix + (c.req.param('doc') ?? '');
      requireOwnUserDocument(database, id, c.get('caller'));
      return { database, id };
    };
    routes.get(path, async (c) => {
      const { database, id } = target(c);
      if (prefix === '' && id.startsWith('_') && !/^_(?:design|local)\//.test(id)) throw notFound('missing');
      return id.startsWith('_local/') ? json(c, inOrder((await readLocal(database, id)) as never)) : readRoute(c, database, id);
    });
    routes.put(path, async (c) => {
      const { database, id } = target(c);
      checkDocumentId(id);
      const newEdits = c.req.query('new_edits') !== 'false';
      const draft = await draftFromBody(c, store, id, newEdits);
      const rev = revisionOf(c);
      if (rev !== undefined && newEdits) {
        if (!id.startsWith('_local/')) checkRevision(rev);
        if (draft._rev !== undefined && draft._rev !== rev)
          throw badRequest('Document rev from request body and query string have different values');
        draft._rev = rev;
      }
      if (id.startsWith('_local/')) return json(c, await writeLocal(database, draft), 201, { Location: location(c, database.name, id) });
      return writeOne(c, store, database, draft, newEdits);
    });
    routes.delete(path, async (c) => {
      const { database, id } = target(c);
      const rev = revisionOf(c);
      if (id.startsWith('_local/')) return json(c, { ...(await writeLocal(database, deletion(id, rev))), rev: '0-0' });
      checkDocumentId(id);
      if (rev !== undefined) checkRevision(rev);
      else await requireExisting(database, id);
      return writeOne(c, store, database, deletion(id, rev));
    });
    routes.on('COPY', path, async (c) => {
      const { database, id } = target(c);
      return copy(c, store, database, id);
    });
  }
}

/** CouchDB answers 404 to the deletion of what is not there and 409 when the revision is left out. */
async function requireExisting(database: Database, id: string): Promise<void> {
  const tree = await database.use((pouch) => revisionTree(pouch, id));
  if (!tree) throw notFound('missing');
  await database.use((pouch) => pouch.get(id));
  throw conflict();
}

function deletion(id: string, rev: string | undefined): DraftDocument {
  return { _id: id, _deleted: true, ...(rev === undefined ? {} : { _rev: rev }) };
}

async function draftFromBody(c: StoreContext, store: Store, id: string, newEdits: boolean): Promise<DraftDocument> {
  const body = await readBody(c, store.config.number('chttpd', 'max_http_request_size'));
  const type = c.req.header('content-type') ?? '';
  const value = type.toLowerCase().startsWith('multipart/related') ? parseMultipartDocument(body, type) : parseJson(body);
  return parseDocument(value, { id, newEdits });
}

function readSettings(c: StoreContext): ReadSettings {
  const rev = c.req.query('rev');
  if (rev !== undefined) checkRevision(rev);
  const meta = flag(c, 'meta');
  const attsSince = jsonParameter(c, 'atts_since');
  if (attsSince !== undefined && !isStringArray(attsSince)) throw badRequest('atts_since must be a list of revisions');
  return {
    rev,
    latest: flag(c, 'latest'),
    revs: flag(c, 'revs'),
    revsInfo: meta || flag(c, 'revs_info'),
    conflicts: meta || flag(c, 'conflicts'),
    deletedConflicts: meta || flag(c, 'deleted_conflicts'),
    localSeq: flag(c, 'local_seq'),
    attachments: flag(c, 'attachments'),
    attsSince,
  };
}

async function readRoute(c: StoreContext, database: Database, id: string): Promise<Response> {
  const settings = readSettings(c);
  const accept = c.req.header('accept') ?? '';
  const openRevs = c.req.query('open_revs');
  if (openRevs !== undefined) {
    const wanted = openRevs === 'all' ? 'all' : jsonParameter(c, 'open_revs');
    if (wanted !== 'all' && !isStringArray(wanted)) throw badRequest('open_revs must be `all` or a list of revisions');
    if (wanted !== 'all') for (const rev of wanted) checkRevision(rev);
    const multipart = !accept.includes('application/json');
    // CouchDB sends attachments whole with multipart revisions.
    const found = await database.use((pouch) =>
      readRevisions(pouch, id, wanted, multipart ? { ...settings, attachments: true } : settings),
    );
    if (!multipart) return json(c, found);
    const { body, contentType } = revisionsAsMultipart(found);
    return c.body(body, 200, { 'Content-Type': contentType });
  }
  const multipart = settings.attachments === true && accept.includes('multipart/related');
  const document = await database
    .use((pouch) => readDocument(pouch, id, settings))
    .catch((error: unknown) => {
      throw settings.rev !== undefined && isMissing(error) ? notFound('missing') : error;
    });
  const etag = `"${document._rev}"`;
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, { ETag: etag });
  if (multipart && document._attachments) {
    const { body, contentType } = documentAsMultipart(document);
    return c.body(body, 200, { 'Content-Type': contentType, ETag: etag });
  }
  // A view of the document that changes with its conflicts must not be cached under its revision.
  const plain = !(settings.conflicts || settings.revsInfo || settings.revs || settings.deletedConflicts || settings.localSeq);
  return json(c, document, 200, plain || settings.revs ? { ETag: etag } : {});
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === 404;
}

async function copy(c: StoreContext, store: Store, database: Database, id: string): Promise<Response> {
  const header = c.req.header('destination');
  if (!header) throw badRequest('Destination header is mandatory for COPY.');
  const [target = '', query = ''] = header.split('?');
  const rev = new URLSearchParams(query).get('rev');
  const targetId = decodeId(target.replace(/^https?:\/\/[^/]+\/[^/]+\//, ''));
  const source = await database.use((pouch) => readDocument(pouch, id, { ...readSettings(c), attachments: true }));
  const { _rev, _revisions, ...body } = source;
  for (const attachment of Object.values(body._attachments ?? {})) delete attachment.revpos;
  const draft = parseDocument({ ...body, _id: targetId, ...(rev ? { _rev: rev } : {}) }, { newEdits: true });
  return writeOne(c, store, database, draft);
}

function decodeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw queryParseError('Invalid Destination header');
  }
}
