import * as v from 'valibot';
import { RequestProblem } from '../../middleware/errors.ts';
import { MAX_READ_BYTES, readJson } from '../../middleware/json-body.ts';
import { takesGzip } from '../../middleware/packed-json.ts';
import { allowedQuery, flag, jsonValue, wholeNumber } from '../../policies/query.ts';
import { inBatches } from './batches.ts';
import type { SchoolRequest } from './school-request.ts';
import { streamed } from './streamed.ts';

const PARAMETERS = [
  'keys',
  'key',
  'startkey',
  'start_key',
  'endkey',
  'end_key',
  'limit',
  'skip',
  'descending',
  'inclusive_end',
  'include_docs',
  'conflicts',
  'attachments',
  'att_encoding_info',
] as const;
/** A list of ids within the largest body. */
const MAX_KEYS = 10_000;
const MAX_ROWS = 10_000;
const BATCH = 1_000;
const row = v.looseObject({
  id: v.optional(v.string()),
  key: v.optional(v.string()),
  value: v.optional(v.nullable(v.looseObject({ deleted: v.optional(v.boolean()) }))),
});
const answerSchema = v.looseObject({ rows: v.array(row) });
const bodySchema = v.looseObject({ keys: v.optional(v.pipe(v.array(v.string()), v.maxLength(MAX_KEYS))) });
type Row = v.InferOutput<typeof row>;

/**
 * `GET` and `POST /db/school-<slug>/_all_docs`. Counts of the whole school are left out: `total_rows` counts what is shown.
 * Ids are listed first and documents read after, of those alone that are shown, and go out batch by batch. A key that is
 * given twice is answered once.
 */
export async function allDocs(request: SchoolRequest): Promise<Response> {
  const { c, url, method, mayRead } = request;
  const query = allowedQuery(url, PARAMETERS);
  const passed: Record<string, string> = {};
  for (const name of ['include_docs', 'conflicts', 'attachments', 'att_encoding_info'] as const)
    if (flag(name, query[name])) passed[name] = 'true';

  const body = v.safeParse(bodySchema, method === 'POST' ? await readJson(c, MAX_READ_BYTES) : { keys: jsonValue('keys', query.keys) });
  if (!body.success) throw new RequestProblem(400, 'bad_request', `keys is a list of at most ${MAX_KEYS} ids`);
  const one = jsonValue('key', query.key);
  const keys = body.output.keys ?? (typeof one === 'string' ? [one] : undefined);
  const whole = passed['include_docs'] === 'true';
  const listed = keys === undefined ? await readRange(request, query) : null;
  // What may not be read is answered as what does not exist.
  const shown: readonly Row[] = listed ?? [...new Set(keys)].map((key) => (mayRead(key) ? { id: key, key } : { key, error: 'not_found' }));

  return streamed(request, takesGzip(c), async (send, signal) => {
    let sent = 0;
    await send('{"rows":[');
    for (const batch of inBatches(shown, passed['attachments'] === 'true')) {
      const rows = listed !== null && !whole ? batch : await withDocuments(request, batch, passed, signal);
      const wanted = listed === null && query.key === undefined ? rows : rows.filter(isThere);
      if (wanted.length === 0) continue;
      await send((sent === 0 ? '' : ',') + wanted.map((row) => JSON.stringify(row)).join(','));
      sent += wanted.length;
    }
    await send(`],"offset":0,"total_rows":${sent}}`);
  });
}

/** Of a range and of a single `key` only what lives is shown; a list of `keys` says of each what became of it. */
function isThere({ id, value }: Row): boolean {
  return id !== undefined && value?.deleted !== true;
}

/** The rows as the database has them, for those that have an id. */
async function withDocuments(
  { couch, database }: SchoolRequest,
  batch: readonly Row[],
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<Row[]> {
  const keys = batch.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const { rows } =
    keys.length === 0 ? { rows: [] } : await couch.ask(answerSchema, 'POST', `/${database}/_all_docs`, { query, json: { keys }, signal });
  const found = new Map(rows.map((each) => [each.key ?? each.id, each]));
  return batch.map((row) => (row.id === undefined ? row : (found.get(row.id) ?? { key: row.id, error: 'not_found' })));
}

async function readRange(
  { couch, database, mayRead }: SchoolRequest,
  query: Partial<Record<(typeof PARAMETERS)[number], string>>,
): Promise<Row[]> {
  const limit = wholeNumber('limit', query.limit, MAX_ROWS) ?? MAX_ROWS;
  let toSkip = wholeNumber('skip', query.skip, Number.MAX_SAFE_INTEGER) ?? 0;
  const range: Record<string, string> = { limit: String(BATCH) };
  if (flag('descending', query.descending)) range['descending'] = 'true';
  if (query.inclusive_end !== undefined) range['inclusive_end'] = String(flag('inclusive_end', query.inclusive_end));
  let start = stringKey('startkey', query.startkey ?? query.start_key);
  const end = stringKey('endkey', query.endkey ?? query.end_key);
  if (end !== null) range['endkey'] = JSON.stringify(end);

  const rows: Row[] = [];
  let after: string | null = null;
  while (rows.length < limit) {
    const from: Record<string, string> = {
      ...range,
      ...(start === null ? {} : { startkey: JSON.stringify(start) }),
      ...(after === null ? {} : { skip: '1' }),
    };
    const page = await couch.ask(answerSchema, 'GET', `/${database}/_all_docs`, { query: from });
    for (const each of page.rows) {
      if (each.id === undefined || !mayRead(each.id)) continue;
      if (toSkip > 0) toSkip -= 1;
      else if (rows.length < limit) rows.push(each);
    }
    after = page.rows.at(-1)?.id ?? null;
    if (page.rows.length < BATCH || after === null) break;
    start = after;
  }
  return rows;
}

function stringKey(name: string, text: string | undefined): string | null {
  const value = jsonValue(name, text);
  if (value === undefined) return null;
  if (typeof value !== 'string') throw new RequestProblem(400, 'query_parse_error', `The parameter ${name} is a text written as JSON`);
  return value;
}
