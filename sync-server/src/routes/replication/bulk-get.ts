import * as v from 'valibot';
import { CouchRefused } from '../../couch/couch-client.ts';
import { RequestProblem } from '../../middleware/errors.ts';
import { MAX_READ_BYTES, readJson } from '../../middleware/json-body.ts';
import { takesGzip } from '../../middleware/packed-json.ts';
import { allowedQuery } from '../../policies/query.ts';
import { inBatches } from './batches.ts';
import type { SchoolRequest } from './school-request.ts';
import { streamed } from './streamed.ts';

/** A stock PouchDB asks for one batch of its replication at once (100, up to 1,000 where it is set so), and of a document each conflict. */
const MAX_DOCS = 2_000;
const MAX_DOCS_OF_NOBODY = 500;
const wanted = v.looseObject({ id: v.string(), rev: v.optional(v.string()), atts_since: v.optional(v.array(v.string())) });
const bodySchema = v.looseObject({ docs: v.array(wanted) });
const answerSchema = v.looseObject({ results: v.array(v.looseObject({ id: v.string() })) });
type Wanted = v.InferOutput<typeof wanted>;
type Result = v.InferOutput<typeof answerSchema>['results'][number];

/**
 * `POST /db/school-<slug>/_bulk_get`. A document that the person may not read is answered as one that does not exist. What is
 * asked for twice is answered once, and the answer goes out batch by batch: a small request must not fill the server's memory.
 */
export async function bulkGet(request: SchoolRequest): Promise<Response> {
  const { c, url, mayRead, principal } = request;
  const query = allowedQuery(url, ['revs', 'latest', 'attachments', 'att_encoding_info']);
  const parsed = v.safeParse(bodySchema, await readJson(c, MAX_READ_BYTES));
  const max = principal === null ? MAX_DOCS_OF_NOBODY : MAX_DOCS;
  if (!parsed.success || parsed.output.docs.length > max)
    throw new RequestProblem(400, 'bad_request', `docs is a list of at most ${max} ids and revisions`);
  const docs = [...new Map(parsed.output.docs.map((doc) => [JSON.stringify([doc.id, doc.rev]), doc])).values()];
  const batches = inBatches(
    docs.filter(({ id }) => mayRead(id)),
    query.attachments === 'true',
  );
  const missing = docs
    .filter(({ id }) => !mayRead(id))
    .map(({ id, rev = 'undefined' }) => ({ id, docs: [{ error: { id, rev, error: 'not_found', reason: 'missing' } }] }));

  const [firstBatch, ...others] = batches;
  const first = firstBatch === undefined ? [] : await read(request, query, firstBatch);
  return streamed(request, takesGzip(c), async (send, signal) => {
    let comma = '';
    const sendResults = async (results: readonly unknown[]): Promise<void> => {
      if (results.length === 0) return;
      await send(comma + results.map((result) => JSON.stringify(result)).join(','));
      comma = ',';
    };
    await send('{"results":[');
    await sendResults(first);
    for (const batch of others) await sendResults(await read(request, query, batch, signal));
    await sendResults(missing);
    await send(']}');
  });
}

async function read(
  { couch, database, mayRead }: SchoolRequest,
  query: Record<string, string>,
  batch: readonly Wanted[],
  signal?: AbortSignal,
): Promise<readonly Result[]> {
  const docs = batch.map(({ id, rev, atts_since }) => ({
    id,
    ...(rev === undefined ? {} : { rev }),
    ...(atts_since === undefined ? {} : { atts_since }),
  }));
  const { results } = await couch.ask(answerSchema, 'POST', `/${database}/_bulk_get`, {
    query,
    json: { docs },
    ...(signal === undefined ? {} : { signal }),
  });
  // The database answers about what it was asked; were it ever otherwise, nothing must come through.
  if (!results.every(({ id }) => mayRead(id))) throw new CouchRefused('POST _bulk_get', 200, 'an answer about another document');
  return results;
}
