import { generateKeyPairSync, pbkdf2Sync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useStore } from './harness.ts';

const store = useStore();

describe('an account', () => {
  it('has its password kept as a derived key in the form of CouchDB', async () => {
    const { name, password } = await store.account(['a', 'b']);
    const { json } = await store.call('GET', `/_users/org.couchdb.user:${name}`);
    expect(json).toMatchObject({
      name,
      type: 'user',
      roles: ['a', 'b'],
      password_scheme: 'pbkdf2',
      pbkdf2_prf: 'sha256',
      iterations: 600_000,
    });
    expect(json.password).toBeUndefined();
    expect(json.salt).toMatch(/^[0-9a-f]{32}$/);
    const key = pbkdf2Sync(password, json.salt, json.iterations, 32, 'sha256').toString('hex');
    expect(json.derived_key).toBe(key);
  });

  it.each([
    ['sha256', 'sha256', 32],
    ['sha', 'sha1', 20],
    ['sha512', 'sha512', 64],
  ])('whose key was derived elsewhere with %s signs in', async (prf, digest, length) => {
    const { name } = await store.account();
    const path = `/_users/org.couchdb.user:${name}`;
    const before = (await store.call('GET', path)).json;
    const derived_key = pbkdf2Sync('other', 'salt', 1000, length, digest).toString('hex');
    const body = { ...before, salt: 'salt', iterations: 1000, pbkdf2_prf: prf, derived_key };
    expect((await store.call('PUT', path, { body })).status).toBe(201);
    expect((await store.call('GET', '/_session', { as: { name, password: 'other' } })).json.userCtx.name).toBe(name);
    expect((await store.call('GET', '/_session', { as: { name, password: 'wrong' } })).status).toBe(401);
  });

  it.each([
    ['no type', {}, 'doc.type must be user'],
    ['no name', { type: 'user' }, 'doc.name is required'],
    ['no roles', { type: 'user', name: 'q' }, 'doc.roles must exist'],
    ['roles that are no list', { type: 'user', name: 'q', roles: 'x' }, 'doc.roles must be an array'],
    ['roles that are no strings', { type: 'user', name: 'q', roles: [1] }, 'doc.roles can only contain strings'],
    ['a role of the system', { type: 'user', name: 'q', roles: ['_admin'] }, 'No system roles (starting with underscore) in users db.'],
    ['a name that its id lacks', { type: 'user', name: 'r', roles: [] }, 'Doc ID must be of the form org.couchdb.user:name'],
    ['a password that is no text', { type: 'user', name: 'q', roles: [], password: 1 }, "Password value of '1' is invalid."],
  ])('with %s is refused', async (_name, body, reason) => {
    const { status, json } = await store.call('PUT', '/_users/org.couchdb.user:q', { body });
    expect([status, json]).toEqual([403, { error: 'forbidden', reason }]);
  });

  it('is hidden from others, and lists are for admins', async () => {
    const person = await store.account();
    for (const path of ['', '/_all_docs', '/_changes', `/org.couchdb.user:${person.name}`]) {
      expect((await store.call('GET', `/_users${path}`, { as: 'anonymous' })).status).toBe(401);
    }
    for (const path of ['/_all_docs', '/_changes', '/org.couchdb.user:somebody-else']) {
      expect([401, 403, 404]).toContain((await store.call('GET', `/_users${path}`, { as: person })).status);
    }
  });
});

describe('signing in', () => {
  it.each([
    [
      'a form',
      {
        raw: (name: string, password: string) => new URLSearchParams({ name, password }).toString(),
        type: 'application/x-www-form-urlencoded',
      },
    ],
    ['JSON', { raw: (name: string, password: string) => JSON.stringify({ name, password }), type: 'application/json' }],
  ])('by %s gives a cookie that speaks for the person until signing out', async (_name, { raw, type }) => {
    const { name, password } = await store.account(['learner']);
    const headers = { 'content-type': type };
    const signedIn = await store.call('POST', '/_session', { raw: raw(name, password), headers, as: 'anonymous' });
    expect([signedIn.status, signedIn.json]).toEqual([200, { ok: true, name, roles: ['learner'] }]);
    const set = signedIn.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^AuthSession=.+HttpOnly/);
    const cookie = set.split(';')[0] ?? '';
    const session = await store.call('GET', '/_session', { headers: { cookie }, as: 'anonymous' });
    expect(session.json).toMatchObject({ userCtx: { name, roles: ['learner'] }, info: { authenticated: 'cookie' } });
    const out = await store.call('DELETE', '/_session', { headers: { cookie }, as: 'anonymous' });
    expect([out.json, out.headers.get('set-cookie')?.split(';')[0]]).toEqual([{ ok: true }, 'AuthSession=']);
  });

  it('with a wrong name or password tells neither from the other', async () => {
    const { name } = await store.account();
    for (const credentials of [
      { name, password: 'wrong' },
      { name: 'nobody-at-all', password: 'wrong' },
    ]) {
      const { status, json } = await store.call('POST', '/_session', { body: credentials, as: 'anonymous' });
      expect([status, json]).toEqual([401, { error: 'unauthorized', reason: 'Name or password is incorrect.' }]);
    }
    const nameless = await store.call('POST', '/_session', { body: {}, as: 'anonymous' });
    expect([nameless.status, nameless.json]).toEqual([400, { error: 'bad_request', reason: 'request body must contain a username' }]);
    const odd = await store.call('POST', '/_session', { body: { name: 1, password: [] }, as: 'anonymous' });
    expect(odd.status).toBeGreaterThanOrEqual(400);
    const basic = await store.call('GET', '/_session', { as: { name, password: 'wrong' } });
    expect([basic.status, basic.json]).toEqual([401, { error: 'unauthorized', reason: 'Name or password is incorrect.' }]);
  });

  it('ends with a new password', async () => {
    const { name, password } = await store.account();
    const signedIn = await store.call('POST', '/_session', { body: { name, password }, as: 'anonymous' });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const path = `/_users/org.couchdb.user:${name}`;
    const { json } = await store.call('GET', path);
    await store.call('PUT', path, { body: { ...json, password: 'changed' } });
    // CouchDB keeps accounts in a cache that hears of the change a moment later.
    await expect.poll(async () => (await store.call('GET', '/_session', { as: { name, password } })).status, { timeout: 10_000 }).toBe(401);
    expect((await store.call('GET', '/_session', { as: { name, password: 'changed' } })).status).toBe(200);
    const stale = await store.call('GET', '/_session', { headers: { cookie }, as: 'anonymous' });
    expect(stale.json?.userCtx?.name ?? null).toBeNull();
  });

  it.each([
    ['Basic !!!', 400],
    ['Basic Zm9v', 200],
    ['Nonsense abc', 200],
  ])('with the header %s answers %i', async (authorization, expected) => {
    expect((await store.call('GET', '/', { headers: { authorization }, as: 'anonymous' })).status).toBe(expected);
  });

  it.each(['AuthSession=zzz', 'AuthSession=YWJj'])('with the cookie %s is refused', async (cookie) => {
    const { status, json } = await store.call('GET', '/', { headers: { cookie }, as: 'anonymous' });
    expect([status, json.error]).toEqual([400, 'bad_request']);
  });
});

describe('a token', () => {
  const handlers = '/_node/_local/_config/chttpd/authentication_handlers';
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = `contract-${Date.now()}`;
  let handlersBefore = '';
  const sign = (claims: object, { privateKey = key.privateKey, keyId = kid, expires = '5m' } = {}) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: keyId }).setExpirationTime(expires).sign(privateKey);
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` }, as: 'anonymous' as const });

  beforeAll(async () => {
    const wanted =
      '{chttpd_auth, cookie_authentication_handler}, {chttpd_auth, jwt_authentication_handler}, {chttpd_auth, default_authentication_handler}';
    handlersBefore = (await store.call('PUT', handlers, { body: wanted })).json;
    const pem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString().trim().replaceAll('\n', '\\n');
    await store.call('PUT', `/_node/_local/_config/jwt_keys/ec:${kid}`, { body: pem });
  });
  afterAll(async () => {
    await store.call('PUT', handlers, { body: handlersBefore });
    await store.call('DELETE', `/_node/_local/_config/jwt_keys/ec:${kid}`);
  });

  it('signed with a key of the configuration speaks for its subject, with its roles', async () => {
    const token = await sign({ sub: 'amina', '_couchdb.roles': ['learner', 'school:x'] });
    const { json } = await store.call('GET', '/_session', bearer(token));
    expect(json.userCtx).toEqual({ name: 'amina', roles: ['learner', 'school:x'] });
    expect(json.info.authenticated).toBe('jwt');
  });

  it('opens what its roles open', async () => {
    const db = await store.database();
    await store.call('PUT', `/${db}/_security`, {
      body: { admins: { names: [], roles: [] }, members: { names: [], roles: ['school:x'] } },
    });
    expect((await store.call('GET', `/${db}`, bearer(await sign({ sub: 'a', '_couchdb.roles': ['school:x'] })))).status).toBe(200);
    expect((await store.call('GET', `/${db}`, bearer(await sign({ sub: 'a', '_couchdb.roles': ['school:y'] })))).status).toBe(403);
  });

  it.each([
    ['has expired', () => sign({ sub: 'a' }, { expires: '-1m' }), 401],
    ['was signed with another key', () => sign({ sub: 'a' }, { privateKey: other.privateKey }), 400],
    ['names an unknown key', () => sign({ sub: 'a' }, { keyId: 'unknown' }), 400],
    ['is malformed', () => Promise.resolve('x.y.z'), 400],
    ['is no token', () => Promise.resolve('xyz'), 400],
    ['has no subject', () => sign({}), 401],
    ['is not signed', () => Promise.resolve(`${btoa('{"alg":"none"}')}.${btoa('{"sub":"a"}')}.`), 400],
  ])('that %s is refused', async (_name, make, expected) => {
    const { status, json } = await store.call('GET', '/_session', bearer(await make()));
    expect([status, typeof json.error, typeof json.reason]).toEqual([expected, 'string', 'string']);
  });
});
