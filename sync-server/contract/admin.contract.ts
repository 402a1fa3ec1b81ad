import { createAccount, schoolDatabase, updateAccount } from '@darasa/couchdb/provisioning';
import { sampleDocument } from '@darasa/shared/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, call, type Json } from './harness/call.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let server: TestServer;
const PASSWORD = 'maziwa-lala';
const sessions: Record<string, Json> = {};

const request = (path: string, more: Call = {}) => call(`${server.url}${path}`, more);
const as = (who: string, path: string, more: Call = {}) => request(path, { ...more, token: sessions[who].accessToken });

async function signedIn(
  username: string,
  kind: 'learner' | 'teacher' | 'admin',
  roles: string[] = [],
  slug = server.school,
): Promise<void> {
  const made = await createAccount(server.admin, { slug, username, password: PASSWORD, displayName: username, kind, roles });
  if (!made.ok) throw new Error(made.error);
  sessions[username] = (await request('/v1/auth/login', { json: { school: slug, username, password: PASSWORD } })).json;
}

/** The cookie of an admin at the dashboard, as a browser sends it. */
async function cookieOf(who: string): Promise<string> {
  const answer = await as(who, '/v1/admin/session', { method: 'POST' });
  expect(answer.status).toBe(200);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

async function auditEntries(): Promise<Json[]> {
  const { body } = await server.admin.request('GET', `/${schoolDatabase(server.school)}/_all_docs`, {
    query: { include_docs: 'true', startkey: '"staff:audit:"', endkey: '"staff:audit:~"' },
  });
  return (body as Json).rows.map((row: Json) => row.doc);
}

beforeAll(async () => {
  server = await startTestServer();
  await signedIn('head', 'admin');
  await signedIn('ops', 'admin', ['operator']);
  await signedIn('tembo', 'teacher');
  await signedIn('ada', 'learner');
  await signedIn('other-head', 'admin', [], server.otherSchool);
  await server.admin.request('POST', `/${schoolDatabase(server.school)}/_bulk_docs`, {
    body: { docs: [sampleDocument('class', 'class-7a', 'head')] },
  });
});
afterAll(() => server.close());

describe('accounts', () => {
  it('are for the admin alone', async () => {
    for (const path of ['/v1/admin/accounts', '/v1/admin/classes']) {
      expect((await request(path)).status).toBe(401);
      expect((await as('tembo', path)).status).toBe(403);
      expect((await as('ada', path)).status).toBe(403);
      expect((await as('head', path)).status).toBe(200);
    }
  });

  it('are made, placed in a class, and can sign in', async () => {
    const made = await as('head', '/v1/admin/accounts', {
      json: { username: 'zawadi', displayName: 'Zawadi', password: PASSWORD, kind: 'learner', classIds: ['7a'] },
    });
    expect(made).toMatchObject({
      status: 201,
      json: { account: { username: 'zawadi', kind: 'learner', classIds: ['7a'], disabled: false } },
    });
    const session = await request('/v1/auth/login', { json: { school: server.school, username: 'zawadi', password: PASSWORD } });
    expect(session.json.account.roles).toEqual(expect.arrayContaining(['learns:7a', 'takes:maths-7']));
    expect((await as('head', '/v1/admin/classes')).json.classes).toMatchObject([{ classId: '7a', learners: 1 }]);
  });

  it('are made with a name that nobody has, a password that is none of the weak, and a class that there is', async () => {
    const make = (more: object) =>
      as('head', '/v1/admin/accounts', {
        json: { username: 'baraka', displayName: 'Baraka', password: PASSWORD, kind: 'learner', ...more },
      });
    expect(await make({ username: 'Ada' })).toMatchObject({ status: 409, json: { error: { id: 'username-taken' } } });
    expect(await make({ password: 'short' })).toMatchObject({ status: 400, json: { error: { id: 'weak-password' } } });
    expect((await make({ classIds: ['9z'] })).status).toBe(400);
    expect((await make({ guards: ['nobody'] })).status).toBe(400);
    expect((await make({ kind: 'operator' })).status).toBe(400);
    expect((await make({ roles: ['_admin'] })).status).toBe(400);
  });

  it('are changed; a new password or being switched off ends every sign-in', async () => {
    const id = sessions['ada'].account.id;
    const change = (json: object) => as('head', `/v1/admin/accounts/${id}`, { method: 'PATCH', json });
    expect((await change({ displayName: 'Ada W.' })).json.account.displayName).toBe('Ada W.');
    expect((await change({ password: 'maziwa-mapya' })).status).toBe(200);
    expect((await request('/v1/auth/refresh', { json: { refreshToken: sessions['ada'].refreshToken } })).status).toBe(401);
    const again = await request('/v1/auth/login', { json: { school: server.school, username: 'ada', password: 'maziwa-mapya' } });
    expect(again.status).toBe(200);
    expect((await change({ disabled: true })).json.account.disabled).toBe(true);
    expect((await request('/v1/auth/login', { json: { school: server.school, username: 'ada', password: 'maziwa-mapya' } })).status).toBe(
      403,
    );
  });

  it('that are switched off are shut out of the database itself, and are what they were when they are switched on again', async () => {
    await signedIn('pendo', 'learner');
    const id = sessions['pendo'].account.id;
    const change = (json: object) => as('head', `/v1/admin/accounts/${id}`, { method: 'PATCH', json });
    expect((await change({ classIds: ['7a'] })).status).toBe(200);
    const basic = () => {
      const authorization = `Basic ${Buffer.from(`${id}:${PASSWORD}`).toString('base64')}`;
      return call(`${server.couchUrl}/${schoolDatabase(server.school)}`, { headers: { authorization } });
    };
    expect((await basic()).status).toBe(200);

    const off = await change({ disabled: true });
    expect(off.json.account).toMatchObject({ disabled: true, classIds: ['7a'] });
    // CouchDB hears of it by its own feed.
    await expect.poll(async () => (await basic()).status, { timeout: 10_000 }).toBe(401);
    expect((await request('/v1/auth/refresh', { json: { refreshToken: sessions['pendo'].refreshToken } })).status).toBe(401);
    const { body } = await server.admin.request('GET', `/_users/org.couchdb.user:${id}`);
    expect(body).toMatchObject({ roles: [] });
    expect(body).not.toHaveProperty('derived_key');
    expect((await as('head', `/v1/admin/accounts/${id}`)).json.account).toMatchObject({ disabled: true, classIds: ['7a'] });

    expect((await change({ disabled: false })).json.account).toMatchObject({ disabled: false, classIds: ['7a'] });
    const again = await request('/v1/auth/login', { json: { school: server.school, username: 'pendo', password: PASSWORD } });
    expect(again.json.account.roles).toEqual(expect.arrayContaining(['learner', 'learns:7a']));
    await expect.poll(async () => (await basic()).status, { timeout: 10_000 }).toBe(200);
  });

  it('are found by name, kind and class, and come in pages', async () => {
    const list = async (query: string): Promise<Json> => (await as('head', `/v1/admin/accounts?${query}`)).json;
    expect((await list('search=ZAWA')).accounts).toMatchObject([{ username: 'zawadi' }]);
    expect((await list('kind=teacher')).accounts).toMatchObject([{ username: 'tembo' }]);
    const all = await list('');
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: Json = await list(`limit=2${after === '' ? '' : `&after=${after}`}`);
      expect(page.total).toBe(all.total);
      seen.push(...page.accounts.map(({ id }: Json) => id));
      after = page.next;
    }
    expect(seen).toEqual(all.accounts.map(({ id }: Json) => id));
    for (const query of ['limit=0', 'limit=x', 'after=x', 'kind=operator', 'colour=blue'])
      expect((await as('head', `/v1/admin/accounts?${query}`)).status, query).toBe(400);
  });

  it('carry a new name onto the roster, and new classes into what the person may read when their token is next refreshed', async () => {
    await signedIn('subira', 'learner');
    const { account, refreshToken } = sessions['subira'];
    const change = (json: object) => as('head', `/v1/admin/accounts/${account.id}`, { method: 'PATCH', json });
    const member = async (): Promise<Json> => {
      const id = encodeURIComponent(`class-7a:member:${account.id}`);
      return (await server.admin.request('GET', `/${schoolDatabase(server.school)}/${id}`, { accept: [404] })).body;
    };
    const roles = async (token: string): Promise<Json> => (await request('/v1/auth/refresh', { json: { refreshToken: token } })).json;

    await change({ classIds: ['7a'] });
    expect(await member()).toMatchObject({ displayName: 'subira', role: 'learner' });
    const placed = await roles(refreshToken);
    expect(placed.account.roles).toEqual(expect.arrayContaining(['learns:7a', 'takes:maths-7']));

    await change({ displayName: 'Subira Juma' });
    expect(await member()).toMatchObject({ displayName: 'Subira Juma' });

    await change({ classIds: [] });
    expect(await member()).toMatchObject({ error: 'not_found' });
    expect((await roles(placed.refreshToken)).account.roles).not.toEqual(expect.arrayContaining(['takes:maths-7']));
  });

  it('are made of a list that is checked first, line by line, for the school of who asks', async () => {
    const lines = [
      { name: 'Neema Mollel', className: '7A', username: '' },
      { name: 'Neema Mollel', className: '7a', username: '' },
      { name: 'Tembo', className: '', username: 'tembo' },
      { name: 'Juma', className: '9Z', username: '' },
    ];
    const check = async (who: string, json: object = { lines }) => as(who, '/v1/admin/accounts/check', { json });
    const checked = await check('head');
    expect(checked.status).toBe(200);
    expect(checked.json.lines).toMatchObject([
      { displayName: 'Neema Mollel', username: 'neema.mollel', classIds: ['7a'], problem: null },
      { problem: 'learner-twice', of: 0 },
      { problem: 'username-here' },
      { problem: 'no-such-class' },
    ]);
    const [{ displayName, username, classIds }] = checked.json.lines;
    const made = await as('head', '/v1/admin/accounts', { json: { displayName, username, classIds, password: PASSWORD, kind: 'learner' } });
    expect(made.status).toBe(201);
    expect((await check('head')).json.lines[0]).toMatchObject({ problem: 'learner-here' });
    // The other school has no class 7a and nobody called tembo.
    expect((await check('other-head')).json.lines.map(({ problem }: Json) => problem)).toEqual([
      'no-such-class',
      'no-such-class',
      null,
      'no-such-class',
    ]);
    expect((await check('tembo')).status).toBe(403);
    expect((await request('/v1/admin/accounts/check', { json: { lines } })).status).toBe(401);
    expect((await check('head', { lines: [{ name: 'A' }] })).status).toBe(400);
    expect((await check('head', { lines: Array.from({ length: 1_001 }, () => lines[0]) })).status).toBe(400);
  });

  it('of guardians name learners of the school, and take a new name, sign-in name and child', async () => {
    const learner = sessions['pendo'].account.id;
    const made = await as('head', '/v1/admin/accounts', {
      json: { username: 'mama', displayName: 'Mama Pendo', password: PASSWORD, kind: 'guardian', guards: [learner] },
    });
    expect(made.json.account).toMatchObject({ kind: 'guardian', guards: [learner] });
    const change = (json: object) => as('head', `/v1/admin/accounts/${made.json.account.id}`, { method: 'PATCH', json });
    expect((await change({ guards: [sessions['tembo'].account.id] })).status).toBe(400);
    expect((await change({ guards: [], displayName: 'Mama P.', username: 'mama.p' })).json.account).toMatchObject({
      guards: [],
      displayName: 'Mama P.',
      username: 'mama.p',
    });
    expect((await change({ username: 'tembo' })).status).toBe(409);
    expect((await change({ classIds: ['7a'] })).status).toBe(400);
  });

  it('of operators are made and changed by operators alone', async () => {
    const root = { username: 'root', displayName: 'Root', password: PASSWORD, kind: 'admin', operator: true };
    expect(await as('head', '/v1/admin/accounts', { json: root })).toMatchObject({
      status: 403,
      json: { error: { id: 'operators-only' } },
    });
    const made = await as('ops', '/v1/admin/accounts', { json: root });
    expect(made).toMatchObject({ status: 201, json: { account: { operator: true } } });
    const change = (who: string, id: string, json: object) => as(who, `/v1/admin/accounts/${id}`, { method: 'PATCH', json });
    const { id } = made.json.account;
    for (const json of [{ password: 'maziwa-mapya' }, { operator: false }, { disabled: true }, { username: 'root2' }])
      expect((await change('head', id, json)).status, JSON.stringify(json)).toBe(403);
    expect((await change('head', sessions['head'].account.id, { operator: true })).status).toBe(403);
    expect((await change('ops', sessions['tembo'].account.id, { operator: true })).status).toBe(400);
    expect((await change('ops', sessions['ops'].account.id, { operator: false })).status).toBe(409);
    expect((await change('head', sessions['head'].account.id, { disabled: true })).status).toBe(409);
    expect((await change('ops', id, { operator: false })).json.account).toMatchObject({ operator: false });
  });

  it('are not for an admin who is one no more, though the token still says so', async () => {
    await signedIn('deputy', 'admin');
    const id = sessions['deputy'].account.id;
    const reopen = () => as('deputy', `/v1/admin/accounts/${id}`, { method: 'PATCH', json: { disabled: false } });
    expect((await as('deputy', '/v1/admin/accounts')).status).toBe(200);
    expect((await as('head', `/v1/admin/accounts/${id}`, { method: 'PATCH', json: { disabled: true } })).status).toBe(200);
    expect((await as('deputy', '/v1/admin/accounts')).status).toBe(403);
    expect((await reopen()).status).toBe(403);
    await updateAccount(server.admin, { id, disabled: false, removeRoles: ['admin'] });
    expect((await reopen()).status).toBe(403);

    await signedIn('root-once', 'admin', ['operator']);
    await updateAccount(server.admin, { id: sessions['root-once'].account.id, removeRoles: ['operator'] });
    const promote = { method: 'PATCH', json: { operator: true } };
    expect((await as('root-once', `/v1/admin/accounts/${sessions['head'].account.id}`, promote)).status).toBe(403);
  });

  it('of another school do not exist', async () => {
    const id = sessions['tembo'].account.id;
    expect((await as('other-head', `/v1/admin/accounts/${id}`, { method: 'PATCH', json: { disabled: true } })).status).toBe(404);
    expect((await as('other-head', `/v1/admin/accounts/${id}`)).status).toBe(404);
    expect((await as('other-head', '/v1/admin/accounts')).text).not.toContain(id);
  });

  it('are written down when they change, without what they say', async () => {
    const entries = await auditEntries();
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['account.create', 'account.change']));
    expect(JSON.stringify(entries)).not.toContain('maziwa');
  });
});

describe('the raw database', () => {
  const html = { accept: 'text/html' };

  it('sends a visitor’s browser to sign in, and answers a program 401', async () => {
    const page = await request('/couch/_utils/', { headers: html });
    expect(page.status).toBe(302);
    expect(page.headers.get('location')).toBe('/sign-in?to=%2Fcouch%2F_utils%2F');
    expect((await request('/couch/_all_dbs')).status).toBe(401);
    expect(
      (
        await request('/couch/_all_dbs', {
          headers: { 'X-Auth-CouchDB-UserName': 'root', 'X-Auth-CouchDB-Roles': '_admin', authorization: 'Basic YWRtaW46c2VjcmV0' },
        })
      ).status,
    ).toBe(401);
  });

  it('is refused to whom is no admin, also with a cookie that was good until the role was taken', async () => {
    for (const who of ['tembo', 'head']) expect((await as(who, '/couch/_users/_all_docs')).status).toBe(403);
    expect((await as('tembo', '/v1/admin/session', { method: 'POST' })).status).toBe(403);
    await signedIn('vice', 'admin');
    const cookie = await cookieOf('vice');
    expect((await request('/couch/_all_dbs', { headers: { cookie } })).status).toBe(200);
    await updateAccount(server.admin, { id: sessions['vice'].account.id, removeRoles: ['admin'] });
    expect((await request('/couch/_all_dbs', { headers: { cookie } })).status).toBe(401);
  });

  it('is closed to a cookie of the password before', async () => {
    await signedIn('provost', 'admin');
    const cookie = await cookieOf('provost');
    const all = () => request('/couch/_all_dbs', { headers: { cookie } });
    expect((await all()).status).toBe(200);
    const reset = { method: 'PATCH', json: { password: 'maziwa-mapya' } };
    expect((await as('head', `/v1/admin/accounts/${sessions['provost'].account.id}`, reset)).status).toBe(200);
    expect((await all()).status).toBe(401);
  });

  it('is not reached past the school by a path that CouchDB reads otherwise', async () => {
    for (const path of ['//darasa/_all_docs', '//_users/_all_docs', '/%2fdarasa/_all_docs', '/_utils//..%2f_users', '/_up/..%2f_users'])
      expect([400, 403, 404], path).toContain((await as('head', `/couch${path}`)).status);
  });

  it('gives an operator the dashboard and every database, by a cookie that no script reads', async () => {
    const answer = await as('ops', '/v1/admin/session', { method: 'POST' });
    const attributes = answer.headers.get('set-cookie') ?? '';
    expect(attributes).toMatch(/HttpOnly/);
    expect(attributes).toMatch(/SameSite=Strict/);
    expect(attributes).toMatch(/Path=\/couch/);
    const cookie = attributes.split(';')[0] ?? '';
    const page = await request('/couch/_utils/', { headers: { cookie, ...html } });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("'unsafe-eval'");
    expect((await request('/couch/_session', { headers: { cookie } })).json.userCtx).toEqual({
      name: sessions['ops'].account.id,
      roles: ['_admin'],
    });
    expect((await request('/couch/_all_dbs', { headers: { cookie } })).json).toEqual(
      expect.arrayContaining(['_users', schoolDatabase(server.otherSchool)]),
    );
  });

  it('takes a change by cookie from its own pages alone', async () => {
    const cookie = await cookieOf('ops');
    const put = (headers: Record<string, string>) =>
      request(`/couch/${schoolDatabase(server.school)}/school:achievement:from-dashboard`, {
        method: 'PUT',
        headers: { cookie, ...headers },
        json: { ...sampleDocument('achievement', 'school', 'x'), _id: 'school:achievement:from-dashboard' },
      });
    expect((await put({})).status).toBe(403);
    expect((await put({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await put({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await put({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await put({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    const again = await request(`/couch/${schoolDatabase(server.school)}/_local/x`, {
      method: 'PUT',
      headers: { cookie, origin: server.url },
      json: {},
    });
    expect(again.status).toBe(201);
  });

  it('writes down who changed what', async () => {
    await as('ops', `/couch/${schoolDatabase(server.school)}/_local/noted`, { method: 'PUT', json: {} });
    const entry = (await auditEntries()).find(({ target }) => target.endsWith('_local/noted'));
    expect(entry).toMatchObject({ actorId: sessions['ops'].account.id, action: 'database.PUT', detail: { method: 'PUT', status: 201 } });
  });

  it('logs who read what, a key or everything', async () => {
    const own = schoolDatabase(server.school);
    const actorId = sessions['head'].account.id;
    await as('head', `/couch/${own}/keys-maths-7:answer-key:final:v1`);
    await as('head', `/couch/${own}/_all_docs?include_docs=true`);
    const line = { audit: true, action: 'database.read', school: server.school, actorId, database: own };
    const target = `/${own}/keys-maths-7:answer-key:final:v1`;
    expect(server.logged).toContainEqual(expect.objectContaining({ ...line, whole: false, target, status: 404 }));
    expect(server.logged).toContainEqual(expect.objectContaining({ ...line, whole: true, target: `/${own}/_all_docs`, status: 200 }));
  });

  it('shows an admin who is no operator their own school alone', async () => {
    const own = schoolDatabase(server.school);
    const other = schoolDatabase(server.otherSchool);
    expect((await as('head', '/couch/_all_dbs')).json).toEqual([own]);
    expect((await as('head', '/couch/_dbs_info', { json: { keys: [own, other, '_users'] } })).json).toMatchObject([
      { key: own },
      { key: other, error: 'not_found' },
      { error: 'not_found' },
    ]);
    expect((await as('head', `/couch/${own}/_all_docs?limit=1`)).status).toBe(200);
    for (const path of [other, '_users', 'darasa', '_node/_local/_config', '_replicator', `${own}/../${other}`, `${own}%2f..%2f${other}`]) {
      expect((await as('head', `/couch/${path}`)).status, path).toBe(403);
    }
    const design = { _id: '_design/evil', views: {} };
    expect([401, 403]).toContain((await as('head', `/couch/${own}/_design/evil`, { method: 'PUT', json: design })).status);
    expect([401, 403]).toContain((await as('head', `/couch/${own}`, { method: 'DELETE' })).status);
  });

  it('takes the dashboard’s own form, with a sign-in name of the school', async () => {
    const form = (body: string, headers: Record<string, string> = { origin: server.url }) =>
      request('/couch/_session', { body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } });
    const name = encodeURIComponent(`${server.school}/ops`);
    const signed = await form(`name=${name}&password=${PASSWORD}`);
    expect(signed).toMatchObject({ status: 200, json: { ok: true, roles: ['_admin'] } });
    expect(signed.headers.get('set-cookie')).toContain('darasa-dashboard=');
    expect((await form(`name=${name}&password=wrong`)).status).toBe(401);
    expect((await form(`name=${encodeURIComponent(`${server.school}/tembo`)}&password=${PASSWORD}`)).status).toBe(403);
    expect((await form(`name=${name}&password=${PASSWORD}`, { origin: 'http://evil.example' })).status).toBe(403);
  });
});
