import { jwtEnabled, sessionCookie } from '../auth/authenticate.ts';
import { cookieHeader } from '../auth/cookie.ts';
import { badRequest, CouchError } from '../errors.ts';
import { json, parseJson, readBody, type Store, type StoreRoutes } from '../http.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/** `/_session`: sign in with a form or JSON, ask who I am, sign out. */
export function sessionRoutes(routes: StoreRoutes, store: Store): void {
  routes.get('/_session', (c) => {
    const handler = c.get('handler');
    const { name, roles } = c.get('caller');
    const handlers = ['cookie', ...(jwtEnabled(store.config) ? ['jwt'] : []), 'default'];
    return json(c, {
      ok: true,
      userCtx: { name, roles },
      info: { authentication_handlers: handlers, ...(handler ? { authenticated: handler } : {}) },
    });
  });
  routes.post('/_session', async (c) => {
    const body = await readBody(c, 64 * 1024);
    const { name, password = '' } = parseCredentials(c.req.header('content-type'), body);
    if (name === undefined) throw badRequest('request body must contain a username');
    const account = typeof name === 'string' && typeof password === 'string' ? await store.accounts.signIn(name, password) : undefined;
    if (!account || account.context.name === null) {
      throw new CouchError(401, 'unauthorized', 'Name or password is incorrect.', { 'Set-Cookie': cookieHeader('', 600, store.now()) });
    }
    const cookie = await sessionCookie(account.context.name, store.config, store.accounts, store.now());
    return json(c, { ok: true, name: account.context.name, roles: account.context.roles }, 200, { 'Set-Cookie': cookie });
  });
  routes.delete('/_session', (c) => json(c, { ok: true }, 200, { 'Set-Cookie': cookieHeader('', 0, store.now()) }));
}

function parseCredentials(contentType: string | undefined, body: Buffer): JsonObject {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') {
    const value = parseJson(body);
    if (!isJsonObject(value)) throw badRequest('Request body must be a JSON object');
    // CouchDB takes `username` as well.
    return { ...value, name: value['name'] ?? value['username'] };
  }
  const form = new URLSearchParams(body.toString('utf8'));
  return { name: form.get('name') ?? form.get('username') ?? undefined, password: form.get('password') ?? '' };
}
