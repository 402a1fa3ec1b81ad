import type { UncheckedDocument } from '@darasa/shared/rules';
import { documentPath } from '../../couch/couch-client.ts';
import { couchError, RequestProblem } from '../../middleware/errors.ts';
import { readJson } from '../../middleware/json-body.ts';
import { allowedQuery } from '../../policies/query.ts';
import { judgeWrites } from '../../policies/writes.ts';
import { isPlain, knownDocument, rememberDocument } from './known-document.ts';
import { noteContact } from './note-contact.ts';
import { forwardedHeaders, passedHeaders, passOn } from './pass-on.ts';
import type { SchoolRequest } from './school-request.ts';
import { writeLookups } from './write-lookups.ts';

const READ_PARAMETERS = [
  'rev',
  'revs',
  'revs_info',
  'open_revs',
  'latest',
  'attachments',
  'att_encoding_info',
  'atts_since',
  'conflicts',
  'deleted_conflicts',
  'meta',
] as const;

/** The answer about a document that may not be read: the same as about one that does not exist. */
export function hidden({ c, principal }: SchoolRequest): Response {
  if (principal === null) return couchError(c, 401, 'unauthorized', 'Sign in to read this');
  return couchError(c, 404, 'not_found', 'missing');
}

/** `GET` and `HEAD /db/school-<slug>/<document>` */
export async function readDocument(request: SchoolRequest, id: string): Promise<Response> {
  const { c, couch, database, url, method, mayRead } = request;
  const query = allowedQuery(url, READ_PARAMETERS);
  if (!mayRead(id)) return hidden(request);
  const headers = forwardedHeaders(c.req.raw.headers);
  const plain = method === 'GET' && Object.keys(query).length === 0 && isPlain(headers);
  const known = plain ? await knownDocument(request, id) : null;
  if (known !== null) return known;
  const answer = await couch.send(method, documentPath(database, id), { query, headers });
  return plain ? rememberDocument(request, id, answer) : passOn(answer);
}

/** `GET` and `HEAD /db/school-<slug>/<document>/<attachment>`; ranges are the database's. */
export async function readAttachment(request: SchoolRequest, id: string, name: string): Promise<Response> {
  const { c, couch, database, url, method, mayRead } = request;
  const query = allowedQuery(url, ['rev']);
  if (!mayRead(id)) return hidden(request);
  const path = `${documentPath(database, id)}/${name.split('/').map(encodeURIComponent).join('/')}`;
  return passOn(await couch.send(method, path, { query, headers: forwardedHeaders(c.req.raw.headers) }));
}

/** `PUT` and `DELETE /db/school-<slug>/<document>`: judged here, and again by the database with the person's own token. */
export async function writeDocument(request: SchoolRequest, id: string): Promise<Response> {
  const { c, couch, database, principal, url, method, metrics } = request;
  if (principal === null) throw new RequestProblem(401, 'unauthorized', 'Sign in to write');
  if (principal.person.hub !== null) throw new RequestProblem(403, 'forbidden', 'A class laptop hands documents in by replication');
  const query = allowedQuery(url, method === 'PUT' ? ['rev', 'new_edits'] : ['rev']);
  const newEdits = !('new_edits' in query) || query.new_edits !== 'false';
  const rev = query.rev ?? c.req.header('if-match')?.replaceAll('"', '');
  const doc =
    method === 'PUT' ? await documentOf(request, id, rev) : { _id: id, _deleted: true, ...(rev === undefined ? {} : { _rev: rev }) };

  const [verdict] = await judgeWrites([doc], principal.person, newEdits, writeLookups(couch, database));
  if (verdict?.verdict === 'refused') {
    metrics.writes.inc({ outcome: 'refused' });
    return couchError(c, verdict.error === 'unauthorized' ? 401 : verdict.error === 'forbidden' ? 403 : 400, verdict.error, verdict.reason);
  }
  // Written anew from what was judged: two readers of one text may see two documents.
  const answer = await couch.send('PUT', documentPath(database, id), {
    json: doc,
    authorization: principal.authorization,
    ...(newEdits ? {} : { query: { new_edits: 'false' } }),
  });
  metrics.writes.inc({ outcome: answer.ok ? 'passed' : 'failed' });
  if (answer.ok) noteContact(request, 1);
  // CouchDB answers 200 to a deletion, which here was a tombstone put in place.
  return method === 'DELETE' && answer.ok ? new Response(answer.body, { status: 200, headers: passedHeaders(answer) }) : passOn(answer);
}

async function documentOf({ c }: SchoolRequest, id: string, rev: string | undefined): Promise<UncheckedDocument> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? 'application/json')) {
    throw new RequestProblem(415, 'bad_content_type', 'A document is sent as application/json');
  }
  const doc = await readJson(c);
  if (typeof doc !== 'object' || doc === null || Array.isArray(doc))
    throw new RequestProblem(400, 'bad_request', 'Document must be a JSON object');
  const given: UncheckedDocument = { ...doc };
  if (given['_id'] !== undefined && given['_id'] !== id) throw new RequestProblem(400, 'bad_request', 'Document ID must match the path');
  return { ...given, _id: id, ...(rev === undefined || given['_rev'] !== undefined ? {} : { _rev: rev }) };
}
