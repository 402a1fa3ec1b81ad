import * as v from 'valibot';
import { RequestProblem } from '../../middleware/errors.ts';
import { readJson } from '../../middleware/json-body.ts';
import { packedJson } from '../../middleware/packed-json.ts';
import { allowedQuery, flag, jsonValue, wholeNumber } from '../../policies/query.ts';
import type { SchoolRequest } from './school-request.ts';

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
const MAX_KEYS = 10_000;
const MAX_ROWS = 10_000;
const BATCH = 500;
const row = v.looseObject({ id: v.optional(v.string()), key: v.optional(v.string()) });
const answerSchema = v.looseObject({ rows: v.array(row) });
const bodySchema = v.looseObject({ keys: v.optional(v.pipe(v.array(v.string()), v.maxLength(MAX_KEYS))) });
type Row = v.InferOutput<typeof row>;

/** `GET` and `POST /db/school-<slug>/_all_docs`. Counts of the whole school are left out: `total_rows` counts what is shown. */
export async function allDocs(request: SchoolRequest): Promise<Response> {
  const { c, url, method } = request;
  const query = allowedQuery(url, PARAMETERS);
  const passed: Record<string, string> = {};
  for (const name of ['include_docs', 'conflicts', 'attachments', 'att_encoding_info'] as const)
    if (flag(name, query[name])) passed[name] = 'true';

  const body = v.safeParse(bodySchema, method === 'POST' ? await readJson(c) : { keys: jsonValue('keys', query.keys) });
  if (!body.success) throw new RequestProblem(400, 'bad_request', `keys is a list of at most ${MAX_KEYS} ids`);
  const one = jsonValue('key', query.key);
  const keys = body.output.keys ?? (typeof one === 'string' ? [one] : undefined);
  const rows = keys === undefined ? await readRange(request, query, passed) : await readKeys(request, keys, passed);
  return packedJson(c, {
    total_rows: rows.length,
    offset: 0,
    rows: query.key === undefined ? rows : rows.filter(({ id }) => id !== undefined),
  });
}

/** What may not be read is answered as what does not exist. */
async function readKeys(
  { couch, database, mayRead }: SchoolRequest,
  keys: readonly string[],
  query: Record<string, string>,
): Promise<Row[]> {
  const readable = keys.filter(mayRead);
  const { rows } =
    readable.length === 0
      ? { rows: [] }
      : await couch.ask(answerSchema, 'POST', `/${database}/_all_docs`, { query, json: { keys: readable } });
  const found = new Map(rows.map((each) => [each.key ?? each.id, each]));
  return keys.map((key) => (mayRead(key) ? found.get(key) : undefined) ?? { key, error: 'not_found' });
}

async function readRange(
  { couch, database, mayRead }: SchoolRequest,
  query: Partial<Record<(typeof PARAMETERS)[number], string>>,
  passed: Record<string, string>,
): Promise<Row[]> {
  const limit = wholeNumber('limit', query.limit, MAX_ROWS) ?? MAX_ROWS;
  let toSkip = wholeNumber('skip', query.skip, Number.MAX_SAFE_INTEGER) ?? 0;
  const range: Record<string, string> = { ...passed, limit: String(BATCH) };
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
