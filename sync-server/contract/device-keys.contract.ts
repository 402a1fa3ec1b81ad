import { createAccount, schoolDatabase, updateAccount } from '@darasa/couchdb/provisioning';
import { contentDigest, type DocumentOf } from '@darasa/shared/documents';
import { deviceKeyName, NONCE_HEADER, NONCE_WANTED, sealWork, thumbprintOf } from '@darasa/shared/protocol';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRange } from '../src/couch/school-documents.ts';
import { sealedByDevice } from '../src/services/sealed-work.ts';
import { type Answer, call, type Json } from './harness/call.ts';
import { type KeyedDevice, keyedDevice } from './harness/keyed-device.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

const PASSWORD = 'twiga-57';
/** As a device on the same Wi-Fi reaches a class laptop: plain HTTP from another machine. */
const OPEN = { 'x-forwarded-for': '192.168.4.20' };
/** As a device far away reaches a school: over HTTPS, which a proxy takes off. */
const PRIVATE = { 'x-forwarded-for': '41.90.1.1', 'x-forwarded-proto': 'https' };
type Way = typeof OPEN | typeof PRIVATE;

let server: TestServer;
/** How far the server's clock has been moved on, in milliseconds. */
let ahead = 0;
const clock = (): number => Date.now() + ahead;

beforeAll(async () => {
  server = await startTestServer({ config: { trustedProxies: 1 }, environment: { now: clock }, runServices: false });
});
afterAll(() => server.close());

async function account(username: string): Promise<string> {
  const made = await createAccount(server.admin, {
    slug: server.school,
    username,
    password: PASSWORD,
    displayName: username,
    kind: 'learner',
  });
  if (!made.ok) throw new Error(made.error);
  return made.account.id;
}

async function signedIn(username: string, way: Way, device?: KeyedDevice): Promise<Json> {
  const json = {
    school: server.school,
    username,
    password: PASSWORD,
    ...(device === undefined ? {} : { deviceKey: device.key.publicKey }),
  };
  const answer = await call(`${server.url}/v1/auth/login`, { json, headers: way });
  expect(answer.status).toBe(200);
  return answer.json;
}

async function post(path: string, json: object, way: Way, proof?: string): Promise<Answer> {
  return call(`${server.url}${path}`, { json, headers: { ...way, ...(proof === undefined ? {} : { dpop: proof }) } });
}

const proofFor = (device: KeyedDevice, path: string, nonce?: string): Promise<string> =>
  device.proof({ method: 'POST', url: server.url + path, nonce });

const refresh = async (refreshToken: string, way: Way, device: KeyedDevice | null): Promise<Answer> =>
  post('/v1/auth/refresh', { refreshToken }, way, device === null ? undefined : await proofFor(device, '/v1/auth/refresh'));

const nonceOf = async (): Promise<string> => (await post('/v1/auth/pass', { pass: 'x' }, OPEN)).headers.get(NONCE_HEADER) ?? '';

/** Shows a pass as a device does: with a nonce of the place. */
async function byPass(pass: string, device: KeyedDevice, way: Way = OPEN): Promise<Answer> {
  return post('/v1/auth/pass', { pass }, way, await proofFor(device, '/v1/auth/pass', await nonceOf()));
}

describe('a session with a device’s key', () => {
  it('is as it always was without one', async () => {
    await account('achieng');
    const session = await signedIn('achieng', PRIVATE);
    expect(Object.keys(session).sort()).toEqual(['accessToken', 'account', 'expiresIn', 'refreshToken']);
    expect((await refresh(session.refreshToken, PRIVATE, null)).status).toBe(200);
  });

  it('has a pass for the school’s other places, which names the key', async () => {
    const device = await keyedDevice();
    const id = await account('barasa');
    const { pass } = await signedIn('barasa', PRIVATE, device);
    expect(decodeJwt(pass)).toMatchObject({ sub: id, school: server.school, cnf: { jkt: thumbprintOf(device.key.publicKey) } });
  });

  it('gives nothing to who has stolen its refresh token without the key, and lives on', async () => {
    const [device, thief] = [await keyedDevice(), await keyedDevice()];
    await account('chege');
    const { refreshToken } = await signedIn('chege', PRIVATE, device);
    for (const attempt of [null, thief]) {
      expect(await refresh(refreshToken, PRIVATE, attempt)).toMatchObject({ status: 401, json: { error: { id: 'proof-needed' } } });
    }
    expect((await post('/v1/auth/logout', { refreshToken }, PRIVATE, await proofFor(thief, '/v1/auth/logout'))).status).toBe(204);
    const next = await refresh(refreshToken, PRIVATE, device);
    expect(next.status).toBe(200);
    // The one before, overheard and shown again without the key, does not end the family either.
    expect((await refresh(refreshToken, PRIVATE, thief)).status).toBe(401);
    expect((await refresh(next.json.refreshToken, PRIVATE, device)).status).toBe(200);
  });

  it('takes a proof once, and none of another moment, address or method', async () => {
    const device = await keyedDevice();
    await account('daudi');
    const { refreshToken } = await signedIn('daudi', PRIVATE, device);
    const once = await proofFor(device, '/v1/auth/refresh');
    const first = await post('/v1/auth/refresh', { refreshToken }, PRIVATE, once);
    expect(first.status).toBe(200);
    expect((await post('/v1/auth/refresh', { refreshToken }, PRIVATE, once)).status).toBe(401);
    const wrong = [
      await proofFor(device, '/v1/auth/logout'),
      await device.proof({ method: 'GET', url: `${server.url}/v1/auth/refresh` }),
      await device.proof({ method: 'POST', url: 'http://elsewhere.example/v1/auth/refresh' }),
    ];
    for (const proof of wrong)
      expect((await post('/v1/auth/refresh', { refreshToken: first.json.refreshToken }, PRIVATE, proof)).status).toBe(401);
  });

  it('asks a device whose clock is years off for a nonce, and goes by that', async () => {
    const device = await keyedDevice(() => Date.UTC(2019, 0, 1));
    await account('esther');
    const { refreshToken } = await signedIn('esther', PRIVATE, device);
    const asked = await refresh(refreshToken, PRIVATE, device);
    expect(asked.status).toBe(401);
    expect(asked.headers.get('www-authenticate')).toContain(NONCE_WANTED);
    const nonce = asked.headers.get(NONCE_HEADER) ?? '';
    const answer = await post('/v1/auth/refresh', { refreshToken }, PRIVATE, await proofFor(device, '/v1/auth/refresh', nonce));
    expect(answer.status).toBe(200);
    expect(answer.headers.get(NONCE_HEADER)).toMatch(/./);

    ahead += 10 * 60_000;
    const late = await proofFor(device, '/v1/auth/refresh', nonce);
    expect((await post('/v1/auth/refresh', { refreshToken: answer.json.refreshToken }, PRIVATE, late)).status).toBe(401);
  });

  it('gives another pass when the device asks for one', async () => {
    const device = await keyedDevice(clock);
    await account('faraji');
    const { refreshToken } = await signedIn('faraji', PRIVATE, device);
    const answer = await post('/v1/auth/refresh', { refreshToken, wantsPass: true }, PRIVATE, await proofFor(device, '/v1/auth/refresh'));
    expect((await byPass(answer.json.pass, device)).status).toBe(200);
  });
});

describe('an access token that goes over plain HTTP', () => {
  const feed = () => `${server.url}/db/school-${server.school}/_changes`;
  const asked = (token: string, proof: string | null, url = feed(), way: Way = OPEN): Promise<Answer> =>
    call(url, {
      headers: { ...way, authorization: `${proof === null ? 'Bearer' : 'DPoP'} ${token}`, ...(proof === null ? {} : { dpop: proof }) },
    });

  it('is bound to the key, and is worth nothing to who overhears it, over whatever way', async () => {
    const [device, thief] = [await keyedDevice(clock), await keyedDevice(clock)];
    await account('gathoni');
    const session = await signedIn('gathoni', OPEN, device);
    expect(session.tokenType).toBe('DPoP');
    const token = session.accessToken;
    const proof = await device.proof({ method: 'GET', url: feed(), token });
    expect((await asked(token, proof)).status).toBe(200);

    const stolen = [
      await asked(token, null),
      await asked(token, null, feed(), PRIVATE),
      await asked(token, proof),
      await asked(token, proof, feed(), PRIVATE),
      await asked(token, proof, `${server.url}/db/school-${server.school}/_all_docs`),
      await asked(token, await thief.proof({ method: 'GET', url: feed(), token })),
      await asked(token, await device.proof({ method: 'GET', url: feed() })),
      await asked(token, await device.proof({ method: 'GET', url: feed(), token: 'another.one.x' })),
      await call(`${server.url}/couch/_all_dbs`, { token, headers: OPEN }),
      await call(`${server.url}/v1/admin/accounts`, { token, headers: OPEN }),
    ];
    expect(stolen.map(({ status }) => status)).toEqual(stolen.map(() => 401));
  });

  it('is wanted with a proof on every route that knows somebody', async () => {
    const device = await keyedDevice(clock);
    await account('hamisi');
    const { accessToken: token } = await signedIn('hamisi', OPEN, device);
    const database = `/db/school-${server.school}`;
    const routes = [
      ['GET', database],
      ['GET', `${database}/_changes`],
      ['GET', `${database}/_changes?feed=longpoll&timeout=1`],
      ['GET', `${database}/_all_docs`],
      ['GET', `${database}/public:school:card`],
      ['GET', `${database}/_local/x`],
      ['POST', `${database}/_exchange`],
      ['POST', `${database}/_bulk_docs`],
      ['POST', `${database}/_bulk_get`],
      ['POST', `${database}/_revs_diff`],
      ['GET', '/v1/admin/accounts'],
      ['POST', '/v1/admin/session'],
    ] as const;
    for (const [method, path] of routes) {
      const url = server.url + path;
      const send = async (headers: Record<string, string>): Promise<Response> =>
        fetch(url, {
          method,
          headers: { ...OPEN, 'content-type': 'application/json', ...headers },
          ...(method === 'POST' ? { body: '{}' } : {}),
        });
      expect((await send({ authorization: `Bearer ${token}` })).status, path).toBe(401);
      expect((await send({ authorization: `DPoP ${token}` })).status, path).toBe(401);
      const proof = await device.proof({ method, url, token });
      expect((await send({ authorization: `DPoP ${token}`, dpop: proof })).status, path).not.toBe(401);
    }
  });

  it('is the database’s own person, too, when the server passes it on', async () => {
    const device = await keyedDevice(clock);
    const id = await account('imani');
    const { accessToken: token } = await signedIn('imani', OPEN, device);
    const url = `${server.url}/db/school-${server.school}/_bulk_docs`;
    const value = (text: string) => ({ value: text, tick: 1, deviceId: 'phone-1' });
    const profile = {
      _id: `learner-${id}:profile:me`,
      type: 'profile',
      schemaVersion: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      deviceId: 'phone-1',
      learnerId: id,
      displayName: value('Imani'),
      avatar: value(''),
      bio: value(''),
      language: value('en'),
    };
    const headers = { ...OPEN, authorization: `DPoP ${token}`, dpop: await device.proof({ method: 'POST', url, token }) };
    expect((await call(url, { json: { docs: [profile] }, headers })).json).toEqual([expect.objectContaining({ ok: true })]);
  });

  it('needs no proof where it came over HTTPS, as stock replicators send it', async () => {
    const device = await keyedDevice(clock);
    await account('juma');
    const { accessToken, tokenType } = await signedIn('juma', PRIVATE, device);
    expect(tokenType).toBeUndefined();
    expect((await asked(accessToken, null, feed(), PRIVATE)).status).toBe(200);
  });

  it('is bound from the next refresh on, for a session that came over HTTPS and goes on in the open', async () => {
    const device = await keyedDevice(clock);
    await account('kamau');
    const { refreshToken } = await signedIn('kamau', PRIVATE, device);
    const open = (await refresh(refreshToken, OPEN, device)).json;
    expect(open.tokenType).toBe('DPoP');
    expect((await asked(open.accessToken, null)).status).toBe(401);
  });
});

describe('a pass', () => {
  it('opens a session without a password, bound to the key', async () => {
    const device = await keyedDevice(clock);
    const id = await account('lilian');
    const { pass } = await signedIn('lilian', PRIVATE, device);
    const opened = await byPass(pass, device, PRIVATE);
    expect(opened).toMatchObject({ status: 200, json: { account: { id }, tokenType: 'DPoP' } });
    expect(opened.json.pass).toBeUndefined();
    expect((await refresh(opened.json.refreshToken, OPEN, device)).json).toMatchObject({ account: { id }, tokenType: 'DPoP' });
  });

  it('opens nothing without a nonce, without the key, or with a proof that was overheard', async () => {
    const [device, thief] = [await keyedDevice(clock), await keyedDevice(clock)];
    await account('mercy');
    const { pass } = await signedIn('mercy', PRIVATE, device);
    const path = '/v1/auth/pass';
    expect((await post(path, { pass }, OPEN)).status).toBe(401);
    expect((await post(path, { pass }, OPEN, await proofFor(device, path))).headers.get('www-authenticate')).toContain(NONCE_WANTED);
    expect((await byPass(pass, thief)).status).toBe(401);
    const proof = await proofFor(device, path, await nonceOf());
    expect((await post(path, { pass }, OPEN, proof)).status).toBe(200);
    expect((await post(path, { pass }, OPEN, proof)).status).toBe(401);
  });

  it('that is forged, or no pass at all, opens nothing', async () => {
    const device = await keyedDevice(clock);
    await account('njeri');
    const { pass, accessToken } = await signedIn('njeri', PRIVATE, device);
    const [head, body, signature] = pass.split('.');
    const claims = { ...decodeJwt(pass), sub: 'somebody' };
    const forged = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    for (const each of [forged, `${head}.${body}.AAAA`, accessToken, 'x.y.z'])
      expect(await byPass(each, device)).toMatchObject({ status: 401, json: { error: { id: 'pass-refused' } } });
    // And a pass is no access token.
    expect((await call(`${server.url}/db/school-${server.school}/_changes`, { token: pass, headers: PRIVATE })).status).toBe(401);
  });

  it('opens nothing once its person has signed out, and ends what it had opened', async () => {
    const device = await keyedDevice(clock);
    await account('otieno');
    const { pass, refreshToken } = await signedIn('otieno', PRIVATE, device);
    const opened = (await byPass(pass, device)).json;
    await post('/v1/auth/logout', { refreshToken }, PRIVATE, await proofFor(device, '/v1/auth/logout'));
    expect(await byPass(pass, device)).toMatchObject({ status: 401, json: { error: { id: 'pass-refused' } } });
    expect(await refresh(opened.refreshToken, OPEN, device)).toMatchObject({ status: 401, json: { error: { id: 'signed-out' } } });
  });

  it('opens nothing for an account that was switched off', async () => {
    const device = await keyedDevice(clock);
    const id = await account('pendo');
    const { pass } = await signedIn('pendo', PRIVATE, device);
    await updateAccount(server.admin, { id, disabled: true });
    expect(await byPass(pass, device)).toMatchObject({ status: 403, json: { error: { id: 'account-disabled' } } });
  });

  it('is good for as long as the session that it is of', async () => {
    const device = await keyedDevice(clock);
    await account('rehema');
    const { pass } = await signedIn('rehema', PRIVATE, device);
    const before = ahead;
    ahead += 89 * 86_400_000;
    const opened = (await byPass(pass, device)).json;
    ahead += 2 * 86_400_000;
    expect((await byPass(pass, device)).status).toBe(401);
    expect((await refresh(opened.refreshToken, OPEN, device)).status).toBe(401);
    ahead = before;
  });
});

describe('a device key', () => {
  const keysOf = async (id: string): Promise<Json[]> => {
    const prefix = `learner-${id}:device-key:`;
    return readRange(server.couch, schoolDatabase(server.school), prefix);
  };

  it('is noted by the school once for each key that a learner signed in with, and not for one of a pass', async () => {
    const [device, other] = [await keyedDevice(clock), await keyedDevice(clock)];
    const id = await account('sarah');
    const { pass } = await signedIn('sarah', PRIVATE, device);
    await signedIn('sarah', OPEN, device);
    await byPass(pass, device);
    expect(await keysOf(id)).toMatchObject([{ learnerId: id, name: deviceKeyName(device.key.publicKey), publicJwk: device.key.publicKey }]);
    await signedIn('sarah', PRIVATE, other);
    expect(await keysOf(id)).toHaveLength(2);
  });

  it('tells which work a learner’s own device has sealed, and which somebody else claims it has', async () => {
    const [device, forger] = [await keyedDevice(clock), await keyedDevice(clock)];
    const id = await account('tabitha');
    const { accessToken } = await signedIn('tabitha', PRIVATE, device);
    const [work, forged] = [`learner-${id}:attempt:c:q:d:1:${'a'.repeat(20)}`, `learner-${id}:attempt:c:q:d:2:${'b'.repeat(20)}`];
    const seal = (by: KeyedDevice, each: string) =>
      sealWork(by.key, { createdAt: '2026-01-01T00:00:00.000Z', deviceId: 'phone-1', learnerId: id, ids: [each] });
    const docs = [await seal(device, work), await seal(forger, forged)];
    // A good seal whose signature was put over other work.
    const { _id, signature, ...rest } = docs[0] ?? {};
    const moved = { ...rest, signature: docs[0]?.signature ?? '', covers: ['b'.repeat(20)] };
    docs.push({ ...moved, _id: `learner-${id}:seal:${contentDigest(moved)}` } as DocumentOf<'seal'>);
    const written = await call(`${server.url}/db/school-${server.school}/_bulk_docs`, {
      token: accessToken,
      json: { docs },
      headers: PRIVATE,
    });
    expect(written.json.map(({ ok }: Json) => ok)).toEqual([true, true, true]);
    const place = { school: server.school, database: schoolDatabase(server.school) };
    expect([...(await sealedByDevice(server.couch, place, id, [work, forged]))]).toEqual([work]);
  });
});
