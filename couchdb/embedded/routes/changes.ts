import { chooseFilter } from '../change-filters.ts';
import { type ChangesSettings, currentSequence, readChanges } from '../changes.ts';
import type { Database } from '../database.ts';
import { badRequest, CouchError, queryParseError } from '../errors.ts';
import { flag, readBody, type Store, type StoreContext, type StoreRoutes } from '../http.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { awaitNews } from '../news.ts';
import { requireMember } from '../security.ts';
import { formatSequence, parseSequence } from '../sequence.ts';
import { requireUsersAdmin } from '../users.ts';

const feeds = ['normal', 'longpoll', 'continuous', 'live', 'eventsource'];
const defaultTimeout = 60_000;

/** `GET` and `POST /{db}/_changes`, in all its forms. */
export function changesRoutes(routes: StoreRoutes, store: Store): void {
  routes.on(['GET', 'POST'], '/:db/_changes', async (c) => {
    const database = store.databases.get(c.req.param('db'));
    const caller = c.get('caller');
    requireMember(caller, database);
    requireUsersAdmin(database, caller);
    const body = c.req.method === 'POST' ? await bodyOf(c, store) : {};
    const feed = c.req.query('feed') ?? 'normal';
    if (!feeds.includes(feed)) throw badRequest('Supported `feed` types: normal, continuous, live, longpoll, eventsource');
    const settings = await settingsOf(c, database, body);
    const waiting = waitingOf(c);
    const stream = streamOf(database, settings, feed, waiting, c.req.raw.signal);
    return c.body(stream, 200, {
      'Content-Type': feed === 'eventsource' ? 'text/event-stream' : 'application/json',
      'Cache-Control': 'must-revalidate',
      // A proxy that buffers would hold back a feed's changes.
      'X-Accel-Buffering': 'no',
    });
  });
}

async function bodyOf(c: StoreContext, store: Store): Promise<JsonObject> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && type !== 'application/json')
    throw new CouchError(415, 'bad_content_type', 'Content-Type must be application/json');
  const bytes = await readBody(c, store.config.number('chttpd', 'max_http_request_size'));
  if (bytes.length === 0) return {};
  const value = parse(bytes.toString('utf8'));
  if (!isJsonObject(value)) throw badRequest('Request body must be a JSON object');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('invalid UTF-8 JSON');
  }
}

async function settingsOf(c: StoreContext, database: Database, body: JsonObject): Promise<ChangesSettings> {
  const current = await currentSequence(database);
  const lastEvent = c.req.header('last-event-id');
  const since = parseSequence(c.req.query('since') ?? lastEvent ?? '0', database.properties.life, current);
  const query = c.req.query();
  const filter = await chooseFilter(database, {
    name: query['filter'] ?? (query['view'] ? '_view' : undefined),
    view: query['view'],
    documentIds: body['doc_ids'] ?? (query['doc_ids'] === undefined ? undefined : parse(query['doc_ids'])),
    selector: body['selector'],
    query,
    caller: c.get('caller'),
  });
  return {
    since,
    limit: limitOf(query['limit']),
    descending: flag(c, 'descending'),
    includeDocs: flag(c, 'include_docs'),
    conflicts: flag(c, 'conflicts'),
    attachments: flag(c, 'attachments'),
    allLeaves: query['style'] === 'all_docs',
    filter,
    caller: c.get('caller'),
  };
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^\d{1,15}$/.test(text)) throw queryParseError(`Invalid value for integer: "${text}"`);
  return Number(text);
}

interface Waiting {
  readonly heartbeat: number | undefined;
  readonly timeout: number;
}

function waitingOf(c: StoreContext): Waiting {
  const number = (name: string) => {
    const text = c.req.query(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text)) throw queryParseError(`Invalid value for ${name}: "${text}"`);
    return Number(text);
  };
  const beat = c.req.query('heartbeat');
  const heartbeat = beat === 'true' ? defaultTimeout : beat === 'false' ? undefined : number('heartbeat');
  // CouchDB caps the wait at a minute, and a heartbeat replaces it.
  const timeout = heartbeat === undefined ? Math.min(number('timeout') ?? defaultTimeout, defaultTimeout) : Number.POSITIVE_INFINITY;
  return { heartbeat: heartbeat === 0 ? 1 : heartbeat, timeout };
}

function streamOf(
  database: Database,
  settings: ChangesSettings,
  feed: string,
  waiting: Waiting,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const parts =
    feed === 'normal' || feed === 'longpoll'
      ? listFeed(database, settings, feed, waiting, signal)
      : lineFeed(database, settings, feed, waiting, signal);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await parts.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
}

/** One JSON object with all changes; with `longpoll`, once there is at least one or the time is up. */
async function* listFeed(
  database: Database,
  settings: ChangesSettings,
  feed: string,
  waiting: Waiting,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  yield '{"results":[\n';
  let since = settings.since;
  let count = 0;
  for (;;) {
    const seen = database.writes;
    for await (const { rows, lastSequence } of readChanges(database, { ...settings, since })) {
      since = lastSequence;
      if (rows.length > 0) yield (count > 0 ? ',\n' : '') + rows.map((row) => JSON.stringify(row)).join(',\n');
      count += rows.length;
    }
    if (feed === 'normal' || count > 0 || settings.descending) break;
    const outcome = yield* awaitNews(database, seen, waiting, signal, '\n');
    if (outcome !== 'changed') break;
  }
  const life = database.properties.life;
  const pending = settings.descending || database.isGone ? 0 : Math.max(0, (await currentSequence(database)) - since);
  const last = count === 0 && !settings.filter ? Math.max(since, settings.since) : since;
  yield `\n],\n"last_seq":${JSON.stringify(formatSequence(last, life))},"pending":${pending}}\n`;
}

/** One change a line, for as long as the client listens. */
async function* lineFeed(
  database: Database,
  settings: ChangesSettings,
  feed: string,
  waiting: Waiting,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const events = feed === 'eventsource';
  const line = (row: JsonObject) => (events ? `data: ${JSON.stringify(row)}\nid: ${String(row['seq'])}\n\n` : `${JSON.stringify(row)}\n`);
  let { since, limit } = settings;
  for (;;) {
    const seen = database.writes;
    for await (const { rows, lastSequence } of readChanges(database, { ...settings, since, limit })) {
      since = lastSequence;
      limit -= rows.length;
      if (rows.length > 0) yield rows.map(line).join('');
    }
    if (limit <= 0 || settings.descending) break;
    const outcome = yield* awaitNews(database, seen, waiting, signal, events ? 'event: heartbeat\ndata: \n\n' : '\n');
    if (outcome !== 'changed') break;
  }
  if (!events) yield `${JSON.stringify({ last_seq: formatSequence(since, database.properties.life), pending: 0 })}\n`;
}
