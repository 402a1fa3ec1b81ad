import * as v from 'valibot';
import { CouchRefused } from '../../couch/couch-client.ts';
import { RequestProblem } from '../../middleware/errors.ts';
import { readJson } from '../../middleware/json-body.ts';
import { packedJson } from '../../middleware/packed-json.ts';
import { allowedQuery } from '../../policies/query.ts';
import type { SchoolRequest } from './school-request.ts';

const MAX_DOCS = 5_000;
const wanted = v.looseObject({ id: v.string(), rev: v.optional(v.string()), atts_since: v.optional(v.array(v.string())) });
const bodySchema = v.looseObject({ docs: v.pipe(v.array(wanted), v.maxLength(MAX_DOCS)) });
const answerSchema = v.looseObject({ results: v.array(v.looseObject({ id: v.string() })) });

/** `POST /db/school-<slug>/_bulk_get`. A document that the person may not read is answered as one that does not exist. */
export async function bulkGet({ c, couch, database, url, mayRead }: SchoolRequest): Promise<Response> {
  const query = allowedQuery(url, ['revs', 'latest', 'attachments', 'att_encoding_info']);
  const parsed = v.safeParse(bodySchema, await readJson(c));
  if (!parsed.success) throw new RequestProblem(400, 'bad_request', `docs is a list of at most ${MAX_DOCS} ids and revisions`);
  const { docs } = parsed.output;
  const readable = docs.filter(({ id }) => mayRead(id));
  const asked = readable.map(({ id, rev, atts_since }) => ({
    id,
    ...(rev === undefined ? {} : { rev }),
    ...(atts_since === undefined ? {} : { atts_since }),
  }));
  const { results } =
    asked.length === 0
      ? { results: [] }
      : await couch.ask(answerSchema, 'POST', `/${database}/_bulk_get`, { query, json: { docs: asked } });
  // The database answers about what it was asked; were it ever otherwise, nothing must come through.
  if (!results.every(({ id }) => mayRead(id))) throw new CouchRefused('POST _bulk_get', 200, 'an answer about another document');

  const missing = docs
    .filter(({ id }) => !mayRead(id))
    .map(({ id, rev = 'undefined' }) => ({ id, docs: [{ error: { id, rev, error: 'not_found', reason: 'missing' } }] }));
  return packedJson(c, { results: [...results, ...missing] });
}
