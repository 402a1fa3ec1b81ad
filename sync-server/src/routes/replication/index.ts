import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { Hono } from 'hono';
import { actingAs, type CouchClient } from '../../couch/couch-client.ts';
import type { SchoolDirectory } from '../../couch/school-directory.ts';
import type { SchoolFeeds } from '../../feed/school-feed.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { couchError, RequestProblem } from '../../middleware/errors.ts';
import type { ServerContext, ServerEnv } from '../../middleware/server-context.ts';
import { documentReader } from '../../policies/document-reader.ts';
import type { Principal } from '../../policies/principal.ts';
import type { AccessTokens } from '../../services/access-tokens.ts';
import type { DeviceProofs } from '../../services/device-proofs.ts';
import type { HubCredentials } from '../../services/hub-credentials.ts';
import type { Metrics } from '../../services/metrics.ts';
import type { OwnPlace } from '../../services/own-place.ts';
import type { Presence } from '../../services/presence.ts';
import type { Receipts } from '../../services/receipts.ts';
import { allDocs } from './all-docs.ts';
import { bulkDocs } from './bulk-docs.ts';
import { bulkGet } from './bulk-get.ts';
import { changes } from './changes.ts';
import { databaseInfo } from './database-info.ts';
import { readAttachment, readDocument, writeDocument } from './document.ts';
import { exchange } from './exchange.ts';
import type { Load, ReplicationGate } from './limits.ts';
import { localDocument } from './local-document.ts';
import { revsDiff } from './revs-diff.ts';
import type { SchoolRequest } from './school-request.ts';

export interface ReplicationRouteParts {
  readonly couch: CouchClient;
  readonly schools: SchoolDirectory;
  readonly feeds: SchoolFeeds;
  readonly accessTokens: AccessTokens;
  readonly proofs: DeviceProofs;
  readonly presence: Presence;
  readonly metrics: Metrics;
  readonly gate: ReplicationGate;
  readonly credentials: Pick<HubCredentials, 'current'>;
  readonly own: OwnPlace;
  readonly receipts: Receipts;
}

type Handler = (request: SchoolRequest) => Promise<Response>;

/** Everything that is served of a database beside its documents. What is not here is refused. */
const endpoints: Readonly<Record<string, { readonly methods: readonly string[]; readonly handle: Handler }>> = {
  '': { methods: ['GET', 'HEAD'], handle: databaseInfo },
  _changes: { methods: ['GET', 'POST'], handle: changes },
  _all_docs: { methods: ['GET', 'POST'], handle: allDocs },
  _bulk_get: { methods: ['POST'], handle: bulkGet },
  _bulk_docs: { methods: ['POST'], handle: bulkDocs },
  _exchange: { methods: ['POST'], handle: exchange },
  _revs_diff: { methods: ['POST'], handle: revsDiff },
  // Every write is durable when it is answered.
  _ensure_full_commit: { methods: ['POST'], handle: async ({ c }) => c.json({ ok: true, instance_start_time: '0' }, 201) },
};

/** `/db/school-<slug>/…`: CouchDB's replication protocol, of what the person may read and write. Default deny. */
export function replicationRoutes(parts: ReplicationRouteParts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>({ strict: false });
  routes.use(async (c, next) => {
    c.set('route', 'db');
    await next();
    c.res.headers.set('Cache-Control', 'must-revalidate');
    // What a school stores is data: opened as a page it runs nothing in the app's origin.
    c.res.headers.set('Content-Security-Policy', "default-src 'none'; sandbox; frame-ancestors 'none'");
  });
  routes.use(authenticate(parts, (c) => couchError(c, 401, 'unauthorized', 'The access token is not valid any more: refresh it')));
  routes.get('/', (c) => c.json({ couchdb: 'Welcome', version: '3.5.0', vendor: { name: 'Darasa' } }));
  routes.all('/*', async (c) => parts.gate.pass(c, loadOf(new URL(c.req.url)), () => serve(c, parts)));
  return routes;
}

const HEAVY = /\/_(?:changes|exchange|all_docs|bulk_get|bulk_docs|revs_diff)\/?$/;

function loadOf({ pathname, searchParams }: URL): Load {
  if (!HEAVY.test(pathname)) return 'light';
  const feed = searchParams.get('feed');
  if (pathname.includes('/_exchange')) return feed === 'longpoll' ? 'feed' : 'heavy';
  return pathname.includes('/_changes') && (feed === 'longpoll' || feed === 'continuous') ? 'feed' : 'heavy';
}

async function serve(
  c: ServerContext,
  { couch, schools, feeds, presence, metrics, accessTokens, credentials, own, receipts }: ReplicationRouteParts,
): Promise<Response> {
  const url = new URL(c.req.url);
  const [, , database = '', ...segments] = pathSegments(url);
  const slug = /^school-(.+)$/.exec(database)?.[1];
  const school = slug === undefined ? null : await schools.find(slug);
  if (school === null) return couchError(c, 404, 'not_found', 'Database does not exist.');
  const principal = c.get('principal');
  if (principal !== null && principal.school !== school.slug) return couchError(c, 403, 'forbidden', 'You are not of this school');
  const hubId = principal?.person.hub ?? null;
  // Asked anew each time: a laptop that was lost is out at once, not when its token has expired.
  if (hubId !== null && (await credentials.current(school.slug, hubId)) === null)
    return couchError(c, 403, 'forbidden', 'This laptop was removed by the school');

  const feed = await feeds.of(school.slug);
  const openCourses = feed.openCourses();
  const request: SchoolRequest = {
    c,
    // Never as the server's admin: were a path or a policy ever wrong, CouchDB itself keeps the request within the school.
    couch: actingAs(couch, () => readerOf(principal, school.slug, accessTokens)),
    asPerson: readsAsPerson(principal),
    metrics,
    presence,
    receipts,
    feed,
    hub: own.kind === 'hub' ? own.id : null,
    school: school.slug,
    database: schoolDatabase(school.slug),
    principal,
    url,
    method: c.req.method,
    openCourses,
    mayRead: documentReader(principal?.person ?? null, openCourses),
  };
  const [first = '', ...rest] = segments;
  c.set(
    'route',
    first.startsWith('_') ? `db/${first in endpoints || first === '_local' ? first : 'other'}` : first === '' ? 'db' : 'db/document',
  );
  return dispatch(request, first, rest);
}

/** A feed may outlast the token that opened it by the moment of its last reading. */
const TOKEN_MARGIN_MS = 10_000;

/** CouchDB reads headers of 8 KB and little more: a teacher of very many learners has a longer token. */
const MAX_TOKEN_BYTES = 6 * 1024;

/** As whom CouchDB is asked: the person, and where that cannot be a member of the school who may do nothing else. */
async function readerOf(principal: Principal | null, school: string, tokens: AccessTokens): Promise<string> {
  return readsAsPerson(principal) ? principal.authorization : tokens.signService('reader', school);
}

function readsAsPerson(principal: Principal | null): principal is Principal {
  return principal !== null && principal.expiresAt > Date.now() + TOKEN_MARGIN_MS && principal.authorization.length <= MAX_TOKEN_BYTES;
}

function dispatch(request: SchoolRequest, first: string, rest: readonly string[]): Promise<Response> | Response {
  const { c, method } = request;
  const endpoint = Object.hasOwn(endpoints, first) && rest.length === 0 ? endpoints[first] : undefined;
  if (endpoint !== undefined) return endpoint.methods.includes(method) ? endpoint.handle(request) : notAllowed(c, endpoint.methods);

  const [name] = rest;
  if (first === '_local' && name !== undefined && rest.length === 1) {
    const methods = ['GET', 'HEAD', 'PUT', 'DELETE'];
    return methods.includes(method) ? localDocument(request, name) : notAllowed(c, methods);
  }
  if (first === '_find')
    return couchError(
      c,
      403,
      'forbidden',
      'Queries run on the device, over its own copy: what a query matches can tell what may not be read',
    );
  if (first.startsWith('_')) return couchError(c, 403, 'forbidden', 'Only replication is served here');

  if (rest.length === 0) {
    if (method === 'GET' || method === 'HEAD') return readDocument(request, first);
    if (method === 'PUT' || method === 'DELETE') return writeDocument(request, first);
    return notAllowed(c, ['GET', 'HEAD', 'PUT', 'DELETE']);
  }
  if (method === 'GET' || method === 'HEAD') return readAttachment(request, first, rest.join('/'));
  return notAllowed(c, ['GET', 'HEAD']);
}

function notAllowed(c: ServerContext, methods: readonly string[]): Response {
  c.header('Allow', methods.join(', '));
  return couchError(c, 405, 'method_not_allowed', `Only ${methods.join(',')} allowed`);
}

/** The decoded parts of a path. A part that could climb out of its place when it is written into a path again is refused. */
function pathSegments(url: URL): string[] {
  const path = url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : url.pathname;
  const parts = path.split('/').map((part) => {
    let decoded: string;
    try {
      decoded = decodeURIComponent(part);
    } catch {
      throw new RequestProblem(400, 'bad_request', 'The path is not encoded rightly');
    }
    return decoded;
  });
  // Before the first slash is nothing. Within a part an encoded slash stands as one, and would be one when it is written again.
  if (parts.slice(1).some(climbs)) throw new RequestProblem(400, 'bad_request', 'Not a path of a document');
  return parts;
}

function climbs(part: string): boolean {
  return part.includes('\0') || part.split(/[/\\]/).some((piece) => piece === '' || piece === '.' || piece === '..');
}
