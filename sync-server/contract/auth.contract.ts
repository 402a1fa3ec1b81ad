import { createAccount, updateAccount } from '@darasa/couchdb/provisioning';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './harness/call.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let server: TestServer;
let ahead = 0;
const PASSWORD = 'maziwa-lala';
const post = (path: string, json: unknown) => call(`${server.url}${path}`, { json });
const login = (username: string, password = PASSWORD) =>
  post('/v1/auth/login', { school: server.school, username, password, deviceId: 'tablet-1' });
const refresh = (refreshToken: string) => post('/v1/auth/refresh', { refreshToken });

async function account(username: string): Promise<string> {
  const made = await createAccount(server.admin, {
    slug: server.school,
    username,
    password: PASSWORD,
    displayName: 'Ada Wanjiru',
    kind: 'learner',
  });
  if (!made.ok) throw new Error(made.error);
  return made.account.id;
}

beforeAll(async () => {
  server = await startTestServer({ config: { trustedProxies: 1 }, environment: { now: () => Date.now() + ahead } });
});
afterAll(() => server.close());

describe('signing in', () => {
  it('answers tokens and who it is, and the public keys verify the token', async () => {
    const id = await account('ada');
    const answer = await login(' Ada ');
    expect(answer).toMatchObject({ status: 200, json: { expiresIn: 900, account: { id, name: 'Ada Wanjiru' } } });
    expect(answer.headers.get('cache-control')).toBe('no-store');

    const jwks = (await call(`${server.url}/.well-known/jwks.json`)).json;
    expect(JSON.stringify(jwks)).not.toContain('"d"');
    const { payload, protectedHeader } = await jwtVerify(answer.json.accessToken, createLocalJWKSet(jwks));
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).toMatchObject({ sub: id, school: server.school, '_couchdb.roles': [`school:${server.school}`, 'learner'] });
  });

  it('gives a token that the database itself takes for the same person', async () => {
    const id = await account('beatrice');
    const { accessToken } = (await login('beatrice')).json;
    expect((await call(`${server.couchUrl}/_session`, { token: accessToken })).json.userCtx).toMatchObject({ name: id });
  });

  it('says the same of a wrong password, an unknown name and an unknown school', async () => {
    await account('chebet');
    const wrong = await login('chebet', 'not-this');
    const unknown = await login('nobody-here');
    const nowhere = await post('/v1/auth/login', { school: 'nowhere', username: 'chebet', password: PASSWORD });
    expect([wrong.status, unknown.status, nowhere.status]).toEqual([401, 401, 401]);
    expect(new Set([wrong.text, unknown.text, nowhere.text])).toHaveLength(1);
  });

  it('refuses what is no request to sign in, naming what is wrong and not what was sent', async () => {
    const answer = await post('/v1/auth/login', { school: server.school, username: 'ada', password: 4711 });
    expect(answer).toMatchObject({ status: 400, json: { error: { id: 'bad-request' } } });
    expect(answer.text).not.toContain('4711');
    expect((await call(`${server.url}/v1/auth/login`, { body: '{"school":' })).status).toBe(400);
  });

  it('locks a name after five failures, also for the right password, and opens it after a quarter of an hour', async () => {
    await account('daudi');
    for (let i = 0; i < 5; i += 1) expect((await login('daudi', `wrong-${i}`)).status).toBe(401);
    const locked = await login('daudi');
    expect(locked).toMatchObject({ status: 429, json: { error: { id: 'locked-out' } } });
    expect(locked.json.error.retryAfterSeconds).toBeGreaterThan(800);
    ahead += 15 * 60_000 + 1_000;
    expect((await login('daudi')).status).toBe(200);
  });

  it('keeps nobody out by the failures of another network, nor a known device by those of its own', async () => {
    await account('nekesa');
    const from = (address: string, json: object) =>
      call(`${server.url}/v1/auth/login`, {
        json: { school: server.school, username: 'nekesa', password: PASSWORD, ...json },
        headers: { 'x-forwarded-for': address },
      });
    expect((await from('192.0.2.1', { deviceId: 'phone-n' })).status).toBe(200);
    for (let i = 0; i < 6; i += 1) await from('198.51.100.7', { password: `wrong-${i}` });
    expect((await from('198.51.100.7', {})).status).toBe(429);
    expect((await from('192.0.2.1', {})).status).toBe(200);
    for (let i = 0; i < 6; i += 1) await from('192.0.2.1', { password: `wrong-${i}` });
    expect((await from('192.0.2.1', { deviceId: 'phone-x' })).status).toBe(429);
    expect((await from('192.0.2.1', { deviceId: 'phone-n' })).status).toBe(200);
  });

  it('locks a name that nobody has in the same way', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => login('ghost', `wrong-${i}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });

  it('refuses a disabled account, and only tells so to whom knows the password', async () => {
    const id = await account('esther');
    const { refreshToken } = (await login('esther')).json;
    await updateAccount(server.admin, { id, disabled: true });
    expect((await login('esther', 'not-this')).json.error.id).toBe('wrong-credentials');
    expect(await login('esther')).toMatchObject({ status: 403, json: { error: { id: 'account-disabled' } } });
    expect(await refresh(refreshToken)).toMatchObject({ status: 403, json: { error: { id: 'account-disabled' } } });
  });
});

describe('refresh tokens', () => {
  it('are replaced at each use, and the next one works', async () => {
    await account('faith');
    const first = (await login('faith')).json;
    const second = (await refresh(first.refreshToken)).json;
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await refresh(second.refreshToken)).status).toBe(200);
  });

  it('end with their family when one is used again after its successor was used', async () => {
    await account('grace');
    const first = (await login('grace')).json.refreshToken;
    const second = (await refresh(first)).json.refreshToken;
    const third = (await refresh(second)).json.refreshToken;
    expect(await refresh(first)).toMatchObject({ status: 401, json: { error: { id: 'signed-out' } } });
    expect((await refresh(third)).status).toBe(401);
  });

  it('are answered again after days when the reply was lost, with the same successor', async () => {
    await account('halima');
    const first = (await login('halima')).json.refreshToken;
    const lost = (await refresh(first)).json.refreshToken;
    ahead += 20 * 86_400_000;
    const again = (await refresh(first)).json.refreshToken;
    expect(again).toBe(lost);
    expect((await refresh(again)).status).toBe(200);
  });

  it('are not answered again once a request has shown that the reply arrived', async () => {
    await account('imani');
    const first = (await login('imani')).json.refreshToken;
    const second = (await refresh(first)).json;
    const school = `${server.url}/db/school-${server.school}`;
    expect((await call(school, { token: second.accessToken })).status).toBe(200);
    expect((await refresh(first)).status).toBe(401);
    expect((await refresh(second.refreshToken)).status).toBe(401);
  });

  it('used by two tabs in the same moment leave both signed in', async () => {
    await account('juma');
    const first = (await login('juma')).json.refreshToken;
    const answers = await Promise.all([refresh(first), refresh(first), refresh(first)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ json }) => json.refreshToken))).toHaveLength(1);
  });

  it('end by signing out', async () => {
    await account('kamau');
    const { refreshToken } = (await login('kamau')).json;
    expect((await post('/v1/auth/logout', { refreshToken })).status).toBe(204);
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  it('end after ninety days without use', async () => {
    await account('leila');
    const { refreshToken } = (await login('leila')).json;
    ahead += 91 * 86_400_000;
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  it('are nowhere in the database as they are', async () => {
    await account('mwangi');
    const { refreshToken } = (await login('mwangi')).json;
    const { body } = await server.admin.request('GET', '/darasa/_all_docs', { query: { include_docs: 'true' } });
    expect(JSON.stringify(body)).not.toContain(refreshToken.split('.')[1]);
  });
});
