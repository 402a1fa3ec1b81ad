import { SCOPES, type Scope } from '@darasa/shared/protocol';
import * as v from 'valibot';
import { CouchRefused } from '../../couch/couch-client.ts';
import { type ChangesPage, type ChangesQuery, type ChangesRow, readChangesPage, type Seq } from '../../feed/changes-page.ts';
import { ChangeWaiter } from '../../feed/wait-for-change.ts';
import { RequestProblem } from '../../middleware/errors.ts';
import { MAX_READ_BYTES, readJson } from '../../middleware/json-body.ts';
import { takesGzip } from '../../middleware/packed-json.ts';
import { type DocumentReader, documentReader } from '../../policies/document-reader.ts';
import { allowedQuery, flag, jsonValue, wholeNumber } from '../../policies/query.ts';
import { noteContact } from './note-contact.ts';
import type { SchoolRequest } from './school-request.ts';
import { type Send, streamed } from './streamed.ts';

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
const MAX_WAIT_MS = 60_000;
const DEFAULT_HEARTBEAT_MS = 60_000;
const MIN_HEARTBEAT_MS = 500;
/** Even without news a waiting feed asks the database now and then: a node of a cluster may lag behind the one with the tail. */
const RECHECK_MS = 20_000;
const MAX_DOC_IDS = 10_000;
/** CouchDB's sequences are a number, a hyphen and base64url; the embedded store's are numbers. */
const SEQ = /^(?:now|"?\d{1,15}(?:-[\w-]{0,2000})?"?)$/;
const docIdsSchema = v.pipe(v.array(v.string()), v.maxLength(MAX_DOC_IDS));

interface FeedRequest {
  readonly feed: 'normal' | 'longpoll' | 'continuous';
  readonly scope: Scope | null;
  readonly query: Omit<ChangesQuery, 'limit'>;
  /** Null for no limit. */
  readonly limit: number | null;
  /** Null when no heartbeat is wanted. */
  readonly heartbeatMs: number | null;
  readonly timeoutMs: number;
}

/** `GET` and `POST /db/school-<slug>/_changes`. */
export async function changes(request: SchoolRequest): Promise<Response> {
  const asked = await readFeedRequest(request);
  // Who may read what can change while the feed is open: the open courses are asked for each page.
  const reader = (): DocumentReader => documentReader(request.principal?.person ?? null, request.feed.openCourses(), asked.scope);
  const first = await page(request, asked.query, asked.limit, reader()).catch((error: unknown) => {
    if (error instanceof CouchRefused && error.status === 400)
      throw new RequestProblem(400, 'bad_request', 'since is no place in this feed');
    throw error;
  });
  noteContact(request, 0);
  // A packer holds back what it has not filled a block with: news and heartbeats of a waiting feed would come late.
  const packed = asked.feed === 'normal' && takesGzip(request.c);
  return streamed(request, packed, async (send, signal) => {
    if (asked.feed === 'continuous') return continuous(request, asked, first, reader, send, signal);
    return whole(request, asked, first, reader, send, signal);
  });
}

async function readFeedRequest({ c, url, method, principal }: SchoolRequest): Promise<FeedRequest> {
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
  if (flag('descending', given.descending)) throw new RequestProblem(400, 'query_parse_error', 'A feed is read forwards');
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
    query: { since: given.since ?? '0', passed, docIds: given.filter === undefined ? null : docIdsFrom(given.doc_ids, body) },
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

/** Without a limit the feed is still read page by page, so that no school has to fit into memory. */
const PAGE_ROWS = 1_000;
/** Of rows with whole documents in them fewer are held at a time. */
const PAGE_DOCS = 100;

async function page(
  { couch, database, metrics }: SchoolRequest,
  query: Omit<ChangesQuery, 'limit'>,
  limit: number | null,
  mayRead: DocumentReader,
  signal?: AbortSignal,
): Promise<ChangesPage> {
  const rows = query.passed['include_docs'] === 'true' ? PAGE_DOCS : PAGE_ROWS;
  const read = await readChangesPage(couch, database, { ...query, limit: Math.min(rows, limit ?? rows) }, mayRead, signal);
  metrics.changesRows.inc({ outcome: 'passed' }, read.rows.length);
  metrics.changesRows.inc({ outcome: 'filtered' }, read.filtered);
  return read;
}

type Reader = () => DocumentReader;

/** `normal` and `longpoll`: one JSON object, with line breaks before it is complete as heartbeats. */
async function whole(
  request: SchoolRequest,
  asked: FeedRequest,
  first: ChangesPage,
  reader: Reader,
  send: Send,
  signal: AbortSignal,
): Promise<void> {
  await send('{"results":[');
  let sent = 0;
  const sendRows = async (rows: readonly ChangesRow[]): Promise<void> => {
    if (rows.length === 0) return;
    await send(`${sent === 0 ? '\n' : ',\n'}${rows.map((row) => JSON.stringify(row)).join(',\n')}`);
    sent += rows.length;
  };
  const left = (): number | null => (asked.limit === null ? null : asked.limit - sent);
  const query = (lastSeq: Seq): Omit<ChangesQuery, 'limit'> => ({ ...asked.query, since: String(lastSeq) });

  let current = first;
  await sendRows(current.rows);
  while (current.pending > 0 && left() !== 0) {
    current = await page(request, query(current.lastSeq), left(), reader(), signal);
    await sendRows(current.rows);
  }
  if (asked.feed === 'longpoll' && sent === 0) {
    current = await nextNews(request, asked, current, reader, send, signal);
    await sendRows(current.rows);
  }
  await send(`\n],\n"last_seq":${JSON.stringify(current.lastSeq)},"pending":${current.pending}}\n`);
}

async function continuous(
  request: SchoolRequest,
  asked: FeedRequest,
  first: ChangesPage,
  reader: Reader,
  send: Send,
  signal: AbortSignal,
): Promise<void> {
  let left = asked.limit;
  let current = first;
  for (;;) {
    if (current.rows.length > 0) await send(current.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    if (left !== null) left -= current.rows.length;
    if (left === 0 || signal.aborted) break;
    if (current.pending > 0) {
      current = await page(request, { ...asked.query, since: String(current.lastSeq) }, left, reader(), signal);
      continue;
    }
    const news = await nextNews(request, { ...asked, limit: left }, current, reader, send, signal);
    current = news;
    if (news.rows.length === 0) break;
  }
  await send(`${JSON.stringify({ last_seq: current.lastSeq, pending: current.pending })}\n`);
}

/**
 * Waits until there are rows for the caller; answers a page without rows when the waiting time is over, the token has
 * expired or the client has gone. With heartbeats the waiting time is the token's, as in CouchDB.
 */
async function nextNews(
  request: SchoolRequest,
  asked: FeedRequest,
  from: ChangesPage,
  reader: Reader,
  send: Send,
  signal: AbortSignal,
): Promise<ChangesPage> {
  const now = Date.now();
  const tokenEnds = request.principal?.expiresAt ?? now + 10 * MAX_WAIT_MS;
  const deadline = Math.min(tokenEnds, asked.heartbeatMs === null ? now + asked.timeoutMs : Number.POSITIVE_INFINITY);
  const waiter = new ChangeWaiter(request.feed.tail, (id) => reader()(id));
  const beat = asked.heartbeatMs === null ? null : setInterval(() => void send('\n').catch(() => undefined), asked.heartbeatMs);
  let current = from;
  try {
    for (;;) {
      waiter.arm();
      current = await page(request, { ...asked.query, since: String(current.lastSeq) }, asked.limit, reader(), signal);
      if (current.rows.length > 0 || current.pending > 0 || signal.aborted || Date.now() >= deadline) return current;
      await waiter.wait(Math.min(RECHECK_MS, deadline - Date.now()), signal);
    }
  } finally {
    waiter.close();
    if (beat !== null) clearInterval(beat);
  }
}
