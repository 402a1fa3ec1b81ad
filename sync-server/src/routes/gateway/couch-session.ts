import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import * as v from 'valibot';
import type { SchoolDirectory } from '../../couch/school-directory.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { clientAddress, publicOrigin } from '../../middleware/client-address.ts';
import { apiError, couchError, RequestProblem } from '../../middleware/errors.ts';
import { readBody } from '../../middleware/json-body.ts';
import { rateLimit } from '../../middleware/rate-limit.ts';
import type { ServerContext, ServerEnv } from '../../middleware/server-context.ts';
import { isSameOrigin } from '../../policies/same-origin.ts';
import type { AccessTokens } from '../../services/access-tokens.ts';
import { type DashboardAdmin, type DashboardSessions, dashboardAdmin } from '../../services/dashboard-session.ts';
import type { DeviceProofs } from '../../services/device-proofs.ts';
import type { Metrics } from '../../services/metrics.ts';
import type { SignIn } from '../../services/sign-in.ts';

export interface CouchSessionParts {
  readonly sessions: DashboardSessions;
  readonly schools: SchoolDirectory;
  readonly signIn: SignIn;
  readonly accessTokens: AccessTokens;
  readonly proofs: DeviceProofs;
  readonly metrics: Metrics;
  readonly publicUrl: string | null;
  readonly trustedProxies: number;
  readonly now: () => number;
}

const COOKIE = 'darasa-dashboard';
const PATH = '/couch';
const credentials = v.object({ name: v.pipe(v.string(), v.maxLength(200)), password: v.pipe(v.string(), v.maxLength(200)) });

function giveCookie(c: ServerContext, { publicUrl, trustedProxies, sessions }: CouchSessionParts, value: string): void {
  const secure = publicOrigin(c, publicUrl, trustedProxies).startsWith('https:');
  setCookie(c, COOKIE, value, { path: PATH, httpOnly: true, sameSite: 'Strict', secure, maxAge: sessions.lifetimeSeconds });
}

/** The admin whose request it is: by a Bearer token, else by the cookie. */
export async function adminOf(
  c: ServerContext,
  sessions: DashboardSessions,
): Promise<{ admin: DashboardAdmin | 'not-admin' | null; byCookie: boolean }> {
  const header = c.req.header('authorization');
  if (header !== undefined) {
    const token = /^Bearer (\S+)$/i.exec(header)?.[1];
    return { admin: token === undefined ? null : await sessions.ofBearer(token), byCookie: false };
  }
  const cookie = getCookie(c, COOKIE);
  return { admin: cookie === undefined ? null : await sessions.ofCookie(cookie), byCookie: true };
}

/** `/v1/admin/session`: an admin who is signed in gets the dashboard's cookie. */
export function adminSessionRoutes(parts: CouchSessionParts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.post(
    '/',
    authenticate(parts, (c) => apiError(c, 401, 'signed-out', 'Sign in again.')),
    async (c) => {
      c.set('route', 'admin/session');
      const principal = c.get('principal');
      if (principal === null) return apiError(c, 401, 'signed-out', 'Sign in first.');
      const admin = await parts.sessions.ofAccount(principal.accountId);
      if (admin === null) return apiError(c, 403, 'forbidden', 'The dashboard is for admins of the school.');
      giveCookie(c, parts, await parts.sessions.open(admin));
      return c.json({ url: '/couch/_utils/', operator: admin.operator, expiresIn: parts.sessions.lifetimeSeconds });
    },
  );
  return routes;
}

/** `/couch/_session`, as CouchDB has it, for the dashboard's own form: with a sign-in name of the school. */
export function couchSessionRoutes(parts: CouchSessionParts): Hono<ServerEnv> {
  const { sessions, signIn, metrics, publicUrl, trustedProxies, now } = parts;
  const routes = new Hono<ServerEnv>();

  routes.get('/', async (c) => {
    const { admin } = await adminOf(c, sessions);
    const someone = admin !== null && admin !== 'not-admin';
    const userCtx = someone ? { name: admin.accountId, roles: admin.operator ? ['_admin'] : admin.roles } : { name: null, roles: [] };
    return c.json({
      ok: true,
      userCtx,
      info: { authentication_handlers: ['cookie', 'jwt'], ...(someone ? { authenticated: 'cookie' } : {}) },
    });
  });

  routes.post('/', rateLimit({ burst: 20, perMinute: 10, trustedProxies, now }), async (c) => {
    if (!isSameOrigin(c.req.raw.headers, publicOrigin(c, publicUrl, trustedProxies)))
      return couchError(c, 403, 'forbidden', 'Sign in from the dashboard itself');
    const { name, password } = await readCredentials(c);
    const { school, username } = await whichSchool(parts.schools, name);
    const checked = await signIn.check({ school, username, password }, clientAddress(c, trustedProxies));
    metrics.signIns.inc({ outcome: checked.ok ? 'ok' : checked.id });
    if (!checked.ok && checked.id === 'locked-out') {
      c.header('Retry-After', String(checked.retryAfterSeconds));
      return couchError(c, 429, 'locked_out', 'Too many wrong passwords. Wait.');
    }
    if (!checked.ok) return couchError(c, 401, 'unauthorized', 'Name or password is incorrect.');
    const admin = dashboardAdmin(checked.value);
    if (admin === null) return couchError(c, 403, 'forbidden', 'The dashboard is for admins of the school.');
    giveCookie(c, parts, await sessions.open(admin));
    return c.json({ ok: true, name: admin.accountId, roles: admin.operator ? ['_admin'] : admin.roles });
  });

  routes.delete('/', (c) => {
    if (!isSameOrigin(c.req.raw.headers, publicOrigin(c, publicUrl, trustedProxies)))
      return couchError(c, 403, 'forbidden', 'Sign out from the dashboard itself');
    deleteCookie(c, COOKIE, { path: PATH });
    return c.json({ ok: true });
  });
  return routes;
}

async function readCredentials(c: ServerContext): Promise<v.InferOutput<typeof credentials>> {
  const text = new TextDecoder().decode(await readBody(c, 10_000));
  let given: unknown;
  if (/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? ''))
    given = Object.fromEntries(new URLSearchParams(text));
  else {
    try {
      given = JSON.parse(text);
    } catch {
      given = null;
    }
  }
  const parsed = v.safeParse(credentials, given);
  if (!parsed.success) throw new RequestProblem(400, 'bad_request', 'Send name and password');
  return parsed.output;
}

/** `school/name`; where the server has one school, its name alone is enough. */
async function whichSchool(schools: SchoolDirectory, name: string): Promise<{ school: string; username: string }> {
  const slash = name.indexOf('/');
  if (slash >= 0) return { school: name.slice(0, slash), username: name.slice(slash + 1) };
  const [only, ...others] = await schools.list();
  if (only === undefined || others.length > 0)
    throw new RequestProblem(400, 'bad_request', 'Write the school before your name: school/name');
  return { school: only.slug, username: name };
}
