import { CouchRefused } from '../../couch/couch-client.ts';
import type { ChangesRow } from '../../feed/changes-page.ts';
import { type FeedPage, PersonFeed } from '../../feed/person-feed.ts';
import { couchError, RequestProblem } from '../../middleware/errors.ts';
import { takesGzip } from '../../middleware/packed-json.ts';
import { personAccess } from '../../policies/document-reader.ts';
import { type FeedRequest, MAX_WAIT_MS, readFeedRequest } from './changes-query.ts';
import { noteContact } from './note-contact.ts';
import type { SchoolRequest } from './school-request.ts';
import { type Send, streamed } from './streamed.ts';

/** Without news a waiting feed looks once more now and then: what the person may read can have changed. */
const RECHECK_MS = 20_000;
/** Without a limit the feed is still read page by page, so that no school has to fit into memory. */
const PAGE_ROWS = 1_000;
/** Of rows with whole documents in them fewer are held at a time. */
const PAGE_DOCS = 100;
/** How long a feed that is read backwards waits for the index of a server that has just started. */
const BUILDING_MS = 3_000;

/** `GET` and `POST /db/school-<slug>/_changes`. */
export async function changes(request: SchoolRequest): Promise<Response> {
  const asked = await readFeedRequest(request);
  const { c, couch, feed: school, principal } = request;
  const { docIds, descending, passed } = asked;
  if (descending && (await school.index.ready(BUILDING_MS)) === null) {
    c.header('Retry-After', '5');
    return couchError(c, 503, 'index_building', 'The server has just started: until it has read the school, a feed is read forwards');
  }
  // Who may read what can change while the feed is open: the open courses are asked for each page.
  const access = personAccess(principal?.person ?? null, () => school.openCourses(), asked.scope);
  const opened = await openFeed();
  noteContact(request, 0);
  // A packer holds back what it has not filled a block with: news and heartbeats of a waiting feed would come late.
  const packed = asked.feed === 'normal' && takesGzip(c);
  return streamed(request, packed, async (send, signal) => {
    try {
      if (asked.feed === 'continuous') await continuous(opened, send, signal);
      else await whole(opened, send, signal);
    } finally {
      opened.feed.close();
    }
  });

  async function openFeed(): Promise<OpenFeed> {
    try {
      const feed = await PersonFeed.open({ couch, feed: school, access, docIds, descending, passed }, asked.since);
      const opening = { request, asked, feed };
      return { ...opening, first: await page(opening, asked.limit) };
    } catch (error) {
      if (!(error instanceof CouchRefused) || error.status !== 400) throw error;
      throw new RequestProblem(400, 'bad_request', 'since is no place in this feed');
    }
  }
}

interface OpeningFeed {
  readonly request: SchoolRequest;
  readonly asked: FeedRequest;
  readonly feed: PersonFeed;
}

interface OpenFeed extends OpeningFeed {
  /** Read before the answer begins, so that its failure can still be told. */
  readonly first: FeedPage;
}

async function page({ request, asked, feed }: OpeningFeed, limit: number | null, signal?: AbortSignal): Promise<FeedPage> {
  const rows = asked.passed['include_docs'] === 'true' ? PAGE_DOCS : PAGE_ROWS;
  const read = await feed.page(Math.min(rows, limit ?? rows), signal);
  request.metrics.changesRows.inc({ outcome: 'passed' }, read.rows.length);
  request.metrics.changesRows.inc({ outcome: 'filtered' }, read.filtered);
  return read;
}

/** `normal` and `longpoll`: one JSON object, with line breaks before it is complete as heartbeats. */
async function whole(opened: OpenFeed, send: Send, signal: AbortSignal): Promise<void> {
  const { asked, first } = opened;
  await send('{"results":[');
  let sent = 0;
  const sendRows = async (rows: readonly ChangesRow[]): Promise<void> => {
    if (rows.length === 0) return;
    await send(`${sent === 0 ? '\n' : ',\n'}${rows.map((row) => JSON.stringify(row)).join(',\n')}`);
    sent += rows.length;
  };
  const left = (): number | null => (asked.limit === null ? null : asked.limit - sent);

  let current = first;
  await sendRows(current.rows);
  while (current.pending > 0 && left() !== 0) {
    current = await page(opened, left(), signal);
    await sendRows(current.rows);
  }
  if (asked.feed === 'longpoll' && sent === 0) {
    current = await nextNews(opened, asked.limit, send, signal);
    await sendRows(current.rows);
  }
  await send(`\n],\n"last_seq":${JSON.stringify(current.lastSeq)},"pending":${current.pending}}\n`);
}

async function continuous(opened: OpenFeed, send: Send, signal: AbortSignal): Promise<void> {
  let left = opened.asked.limit;
  let current = opened.first;
  for (;;) {
    if (current.rows.length > 0) await send(current.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    if (left !== null) left -= current.rows.length;
    if (left === 0 || signal.aborted) break;
    if (current.pending > 0) {
      current = await page(opened, left, signal);
      continue;
    }
    current = await nextNews(opened, left, send, signal);
    if (current.rows.length === 0) break;
  }
  await send(`${JSON.stringify({ last_seq: current.lastSeq, pending: current.pending })}\n`);
}

/**
 * Waits until there are rows for the caller; answers a page without rows when the waiting time is over, the token has
 * expired or the client has gone. With heartbeats the waiting time is the token's, as in CouchDB.
 */
async function nextNews(opened: OpenFeed, limit: number | null, send: Send, signal: AbortSignal): Promise<FeedPage> {
  const { request, asked, feed } = opened;
  const now = Date.now();
  const tokenEnds = request.principal?.expiresAt ?? now + 10 * MAX_WAIT_MS;
  const deadline = Math.min(tokenEnds, asked.heartbeatMs === null ? now + asked.timeoutMs : Number.POSITIVE_INFINITY);
  const beat = asked.heartbeatMs === null ? null : setInterval(() => void send('\n').catch(() => undefined), asked.heartbeatMs);
  try {
    for (;;) {
      feed.arm();
      const news = await page(opened, limit, signal);
      if (news.rows.length > 0 || news.pending > 0 || signal.aborted || Date.now() >= deadline) return news;
      await feed.wait(Math.min(RECHECK_MS, deadline - Date.now()), signal);
    }
  } finally {
    if (beat !== null) clearInterval(beat);
  }
}
