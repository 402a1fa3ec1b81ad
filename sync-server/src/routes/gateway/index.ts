import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { Hono } from 'hono';
import * as v from 'valibot';
import type { CouchClient } from '../../couch/couch-client.ts';
import { publicOrigin } from '../../middleware/client-address.ts';
import { couchError } from '../../middleware/errors.ts';
import { readBody } from '../../middleware/json-body.ts';
import type { ServerContext, ServerEnv } from '../../middleware/server-context.ts';
import { DASHBOARD_POLICY } from '../../policies/content-security.ts';
import { isAudited, judgeGateway, readOf } from '../../policies/gateway.ts';
import { isSafeMethod, isSameOrigin } from '../../policies/same-origin.ts';
import type { Audit } from '../../services/audit.ts';
import type { DashboardAdmin } from '../../services/dashboard-session.ts';
import { forwardedHeaders, passOn } from '../replication/pass-on.ts';
import { adminOf, type CouchSessionParts, couchSessionRoutes } from './couch-session.ts';

export interface GatewayParts extends CouchSessionParts {
  readonly couch: CouchClient;
  readonly audit: Audit;
}

const MAX_BYTES = 64 * 1024 * 1024;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'COPY'];

/** `/couch/*`: CouchDB as it is, with its dashboard, for admins. What they change is written down, and what they read logged. */
export function gatewayRoutes(parts: GatewayParts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>({ strict: false });
  routes.use(async (c, next) => {
    c.set('route', 'couch');
    await next();
    const dashboard = c.req.path.startsWith('/couch/_utils');
    c.res.headers.set('Content-Security-Policy', dashboard ? DASHBOARD_POLICY : "default-src 'none'; sandbox; frame-ancestors 'none'");
    if (!dashboard) c.res.headers.set('Cache-Control', 'no-store');
  });
  routes.route('/_session', couchSessionRoutes(parts));
  routes.all('/*', async (c) => serve(c, parts));
  return routes;
}

async function serve(c: ServerContext, parts: GatewayParts): Promise<Response> {
  const url = new URL(c.req.url);
  const path = url.pathname.slice('/couch'.length) || '/';
  const method = c.req.method;
  if (!METHODS.includes(method)) return couchError(c, 405, 'method_not_allowed', `Only ${METHODS.join(',')} allowed`);

  const { admin, byCookie } = await adminOf(c, parts.sessions);
  if (admin === null) {
    const page = isSafeMethod(method) && (c.req.header('accept') ?? '').includes('text/html');
    if (page) return c.redirect(`/sign-in?to=${encodeURIComponent('/couch/_utils/')}`, 302);
    return couchError(c, 401, 'unauthorized', 'Sign in as an admin of the school');
  }
  if (admin === 'not-admin') return couchError(c, 403, 'forbidden', 'The database itself is for admins of the school');
  if (byCookie && !isSafeMethod(method) && !isSameOrigin(c.req.raw.headers, publicOrigin(c, parts.publicUrl, parts.trustedProxies))) {
    return couchError(c, 403, 'forbidden', 'This request does not come from the dashboard');
  }
  if (path === '/_utils') return c.redirect('/couch/_utils/', 302);

  switch (judgeGateway(admin, path)) {
    case 'refuse':
      return couchError(c, 403, 'forbidden', 'Only an operator may open this');
    case 'list-databases':
      return c.json([schoolDatabase(admin.school)]);
    case 'describe-databases':
      return describeOwn(c, parts, admin);
    case 'pass':
      return forward(c, parts, admin, path, url.search);
  }
}

async function forward(
  c: ServerContext,
  { couch, sessions, audit }: GatewayParts,
  admin: DashboardAdmin,
  path: string,
  search: string,
): Promise<Response> {
  const method = c.req.method;
  const type = c.req.header('content-type');
  const destination = method === 'COPY' ? c.req.header('destination') : undefined;
  const headers = {
    ...forwardedHeaders(c.req.raw.headers),
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(destination === undefined ? {} : { destination }),
  };
  const body = isSafeMethod(method) ? undefined : await readBody(c, MAX_BYTES);
  const answer = await couch.send(method, path + search, {
    headers,
    authorization: await sessions.couchToken(admin),
    signal: c.req.raw.signal,
    ...(body === undefined || body.byteLength === 0 ? {} : { body }),
  });
  if (isAudited(method, path)) {
    const { school, accountId: actorId } = admin;
    // It is done already: the log has the entry in any case, and the answer must not hide what happened.
    await audit
      .write({
        school,
        actorId,
        action: `database.${method}`,
        target: path,
        detail: { method, path: path.slice(0, 1_000), status: answer.status },
      })
      .catch((error: unknown) => c.get('log').error({ err: error }, 'An audit entry could not be stored'));
  }
  const read = readOf(method, path);
  if (read !== null) audit.noteRead({ school: admin.school, actorId: admin.accountId, ...read, path, status: answer.status });
  return passOn(answer);
}

const keysSchema = v.object({ keys: v.array(v.string()) });

/** `_dbs_info` of the admin's own school; other databases do not exist for them. */
async function describeOwn(c: ServerContext, { couch, sessions }: GatewayParts, admin: DashboardAdmin): Promise<Response> {
  const own = schoolDatabase(admin.school);
  const asked = c.req.method === 'POST' ? v.safeParse(keysSchema, parseJson(await readBody(c, 1_000_000))) : null;
  if (asked !== null && !asked.success) return couchError(c, 400, 'bad_request', '`keys` member must exist.');
  const keys = asked === null ? [own] : asked.output.keys;
  const info = await couch.ask(v.record(v.string(), v.unknown()), 'GET', `/${own}`, { authorization: await sessions.couchToken(admin) });
  return c.json(keys.map((key) => (key === own ? { key, info } : { key, error: 'not_found' })));
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
