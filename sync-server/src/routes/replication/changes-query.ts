import { SCOPES, type Scope } from '@darasa/shared/protocol';
import * as v from 'valibot';
import { RequestProblem } from '../../middleware/errors.ts';
import { MAX_READ_BYTES, readJson } from '../../middleware/json-body.ts';
import { allowedQuery, flag, jsonValue, wholeNumber } from '../../policies/query.ts';
import type { SchoolRequest } from './school-request.ts';

const PARAMETERS = [
  'since',
  'limit',
  'style',
  'feed',
  'heartbeat',
  'timeout',
  'include_docs',
  'conflicts',
  'attachments',
  'att_encoding_info',
  'seq_interval',
  'descending',
  'filter',
  'doc_ids',
  'scope',
] as const;
/** CouchDB’s own: `changes_timeout`. */
export const MAX_WAIT_MS = 60_000;
const DEFAULT_HEARTBEAT_MS = 60_000;
const MIN_HEARTBEAT_MS = 500;
const MAX_DOC_IDS = 10_000;
/** A number, a hyphen and something opaque, as CouchDB's own and those of `feed/place.ts`. */
const SEQ = /^(?:now|"?\d{1,15}(?:-[\w.-]{0,2000})?"?)$/;
const docIdsSchema = v.pipe(v.array(v.string()), v.maxLength(MAX_DOC_IDS));

/** What is asked of a feed. */
export interface FeedRequest {
  readonly feed: 'normal' | 'longpoll' | 'continuous';
  readonly scope: Scope | null;
  readonly since: string;
  /** Only these documents; null for all. */
  readonly docIds: readonly string[] | null;
  readonly descending: boolean;
  /** Parameters that CouchDB gets as they are: `style`, `include_docs`, … */
  readonly passed: Readonly<Record<string, string>>;
  /** Null for no limit. */
  readonly limit: number | null;
  /** Null when no heartbeat is wanted. */
  readonly heartbeatMs: number | null;
  readonly timeoutMs: number;
}

/** Reads the query and the body of `_changes`. Throws 400 and 403. */
export async function readFeedRequest({ c, url, method, principal }: SchoolRequest): Promise<FeedRequest> {
  const given = allowedQuery(url, PARAMETERS);
  const feed = given.feed ?? 'normal';
  if (feed !== 'normal' && feed !== 'longpoll' && feed !== 'continuous')
    throw new RequestProblem(400, 'bad_request', 'The feed is normal, longpoll or continuous');
  if (feed === 'continuous' && principal === null)
    throw new RequestProblem(403, 'forbidden', 'Sign in to keep a feed open; without signing in ask for news by feed=longpoll');
  if (given.since !== undefined && !SEQ.test(given.since))
    throw new RequestProblem(400, 'bad_request', 'since is a place in the feed, or now');
  const scope = given.scope ?? null;
  if (scope !== null && !isScope(scope)) throw new RequestProblem(400, 'query_parse_error', `The scope is one of ${SCOPES.join(', ')}`);
  if (given.style !== undefined && given.style !== 'main_only' && given.style !== 'all_docs')
    throw new RequestProblem(400, 'query_parse_error', 'The style is main_only or all_docs');
  const descending = flag('descending', given.descending);
  if (descending && feed !== 'normal') throw new RequestProblem(400, 'query_parse_error', 'A feed that waits is read forwards');
  if (given.filter !== undefined && given.filter !== '_doc_ids')
    throw new RequestProblem(403, 'forbidden', 'The filter is _doc_ids, or none');
  wholeNumber('seq_interval', given.seq_interval, MAX_DOC_IDS);

  const passed: Record<string, string> = {};
  if (given.style !== undefined) passed['style'] = given.style;
  for (const name of ['include_docs', 'conflicts', 'attachments', 'att_encoding_info'] as const) {
    if (flag(name, given[name])) passed[name] = 'true';
  }
  const body = method === 'POST' ? await readJson(c, MAX_READ_BYTES) : undefined;
  const limit = wholeNumber('limit', given.limit, Number.MAX_SAFE_INTEGER);
  return {
    feed,
    scope,
    since: given.since ?? '0',
    docIds: given.filter === undefined ? null : docIdsFrom(given.doc_ids, body),
    descending,
    passed,
    // As in CouchDB, where 0 is 1.
    limit: limit === null ? null : Math.max(1, limit),
    heartbeatMs: heartbeatFrom(given.heartbeat),
    timeoutMs: wholeNumber('timeout', given.timeout, MAX_WAIT_MS) ?? MAX_WAIT_MS,
  };
}

function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

function docIdsFrom(parameter: string | undefined, body: unknown): readonly string[] {
  const inBody = v.safeParse(v.looseObject({ doc_ids: v.unknown() }), body);
  const parsed = v.safeParse(docIdsSchema, inBody.success ? inBody.output.doc_ids : jsonValue('doc_ids', parameter));
  if (!parsed.success) throw new RequestProblem(400, 'bad_request', `doc_ids is a list of at most ${MAX_DOC_IDS} ids`);
  return parsed.output;
}

function heartbeatFrom(text: string | undefined): number | null {
  if (text === undefined || text === 'false') return null;
  if (text === 'true') return DEFAULT_HEARTBEAT_MS;
  return Math.max(MIN_HEARTBEAT_MS, wholeNumber('heartbeat', text, DEFAULT_HEARTBEAT_MS) ?? DEFAULT_HEARTBEAT_MS);
}
