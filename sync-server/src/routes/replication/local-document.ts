import * as v from 'valibot';
import { couchError, RequestProblem } from '../../middleware/errors.ts';
import { readJson } from '../../middleware/json-body.ts';
import { allowedQuery } from '../../policies/query.ts';
import { localPath, MAX_CHECKPOINT_BYTES, makeRoom } from './checkpoint-register.ts';
import type { SchoolRequest } from './school-request.ts';

const LOCAL_ID = /^[\w.~+=@:-]{1,200}$/;
const anObject = v.record(v.string(), v.unknown());

/**
 * `/db/school-<slug>/_local/<id>`: where replication keeps its checkpoints. Each person has their own: the database
 * keeps it as `_local/<accountId>.<id>`, and an account id has no dot. How many and how large: `checkpoint-register.ts`.
 */
export async function localDocument(request: SchoolRequest, id: string): Promise<Response> {
  const { c, couch, database, principal, url, method } = request;
  if (principal === null) {
    // Replication without signing in goes on without a checkpoint here.
    return method === 'GET' || method === 'HEAD'
      ? couchError(c, 404, 'not_found', 'missing')
      : couchError(c, 403, 'forbidden', 'Sign in to keep a checkpoint');
  }
  const query = allowedQuery(url, ['rev', 'new_edits', 'revs']);
  if (!LOCAL_ID.test(id)) throw new RequestProblem(400, 'bad_request', 'The id of a checkpoint is letters, digits and few signs');
  const { accountId, authorization } = principal;
  const stored = `${accountId}.${id}`;
  const path = localPath(request, stored);

  const json = method === 'PUT' ? { ...(await checkpoint(request)), _id: `_local/${stored}` } : undefined;
  if (json !== undefined) {
    const bytes = Buffer.byteLength(JSON.stringify(json));
    const fits = await makeRoom({ couch, database, accountId, authorization }, { id: stored, bytes }, Date.now());
    // Whoever replicates reads again and writes again, as after any conflict.
    if (!fits) return couchError(c, 409, 'conflict', 'Document update conflict.');
  }
  const answer = await couch.send(method, path, {
    authorization,
    ...(json === undefined ? {} : { json }),
    ...(query.rev === undefined ? {} : { query: { rev: query.rev } }),
  });
  if (method === 'HEAD') return new Response(null, { status: answer.status });
  const text = await answer.text();
  const body = v.parse(anObject, JSON.parse(text));
  const own = `_local/${id}`;
  const answered = { ...body, ...('_id' in body ? { _id: own } : {}), ...('id' in body ? { id: own } : {}) };
  return Response.json(answered, { status: answer.status });
}

/** Deeply nested JSON costs every reader more than its bytes. */
const MAX_DEPTH = 8;

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1));
}

async function checkpoint({ c }: SchoolRequest): Promise<Record<string, unknown>> {
  const parsed = v.safeParse(anObject, await readJson(c, MAX_CHECKPOINT_BYTES));
  if (!parsed.success) throw new RequestProblem(400, 'bad_request', 'A checkpoint is a JSON object');
  if (!isShallow(parsed.output, MAX_DEPTH)) throw new RequestProblem(400, 'bad_request', 'A checkpoint is not so deep');
  return parsed.output;
}
