import * as v from 'valibot';
import { RequestProblem } from '../../middleware/errors.ts';
import { MAX_READ_BYTES, readJson } from '../../middleware/json-body.ts';
import { packedJson } from '../../middleware/packed-json.ts';
import { allowedQuery } from '../../policies/query.ts';
import type { SchoolRequest } from './school-request.ts';

const bodySchema = v.record(v.string(), v.pipe(v.array(v.string()), v.maxLength(1_000)));
const answerSchema = v.record(v.string(), v.unknown());

/**
 * `POST /db/school-<slug>/_revs_diff`. All revisions of a document that the person may not read are said to be missing,
 * whether or not it exists: so the answer does not tell. (A person may write some documents that they may not read.)
 */
export async function revsDiff({ c, couch, database, principal, url, mayRead }: SchoolRequest): Promise<Response> {
  allowedQuery(url, []);
  if (principal === null) throw new RequestProblem(401, 'unauthorized', 'Sign in to write');
  const parsed = v.safeParse(bodySchema, await readJson(c, MAX_READ_BYTES));
  if (!parsed.success) throw new RequestProblem(400, 'bad_request', 'The body is lists of revisions by document id');
  const asked = Object.entries(parsed.output);
  const readable = asked.filter(([id]) => mayRead(id));
  const known =
    readable.length === 0 ? {} : await couch.ask(answerSchema, 'POST', `/${database}/_revs_diff`, { json: Object.fromEntries(readable) });
  const hidden = asked.filter(([id]) => !mayRead(id)).map(([id, revs]) => [id, { missing: revs }]);
  return packedJson(c, { ...known, ...Object.fromEntries(hidden) });
}
