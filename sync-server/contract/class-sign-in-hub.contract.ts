import { createHash, pbkdf2Sync } from 'node:crypto';
import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { type CodeKind, type DocumentOf, newClassCode, newClassSignIn } from '@darasa/shared/documents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, call, type Json } from './harness/call.ts';
import { makeAccount, makeClass, signInAt } from './harness/classroom.ts';
import { hubFolder, removeFolder, startTestHub, type TestHub } from './harness/test-hub.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let school: TestServer;
let hub: TestHub;
let folder: string;
let ids: Record<'head' | 'tembo' | 'ada', string>;
const CLASS_CODE = 'k7pm-4xq9';
const SECRET = '0123456789abcdefghjkmnpq';
const origin = { createdAt: '2026-01-15T08:00:00.000Z', deviceId: 'teachers-phone' } as const;

const at = (place: { readonly url: string }, path: string, json: object): Promise<Answer> =>
  call(`${place.url}/v1/auth/${path}`, { json: { school: school.school, ...json } });
const byCode = (place: { readonly url: string }, code: string): Promise<Answer> =>
  at(place, 'class-sign-in', { classCode: CLASS_CODE, accountId: ids.ada, code });
const byCard = (place: { readonly url: string }): Promise<Answer> =>
  at(place, 'card', { classId: '7a', accountId: ids.ada, secret: SECRET });

function signIn(kind: CodeKind, code: string, tick: number): DocumentOf<'class-sign-in'> {
  const by = ids.tembo;
  const salt = 'ab'.repeat(16);
  const derived_key = pbkdf2Sync(code, salt, 10_000, 32, 'sha256').toString('hex');
  const verifier = { password_scheme: 'pbkdf2', pbkdf2_prf: 'sha256', salt, iterations: 10_000, derived_key } as const;
  const digest = createHash('sha256').update(SECRET).digest('hex');
  return {
    ...newClassSignIn({ classId: '7a', accountId: ids.ada, by, ...origin }),
    code: { value: { kind, by, verifier }, tick, deviceId: origin.deviceId },
    card: { value: { kind: 'card', by, digest }, tick: 1, deviceId: origin.deviceId },
  };
}

async function put(
  place: { readonly url: string },
  token: string,
  doc: { readonly _id: string; readonly _rev?: string | undefined },
): Promise<string> {
  const answer = await call(`${place.url}/db/${schoolDatabase(school.school)}/${doc._id}`, { method: 'PUT', token, json: doc });
  expect(answer.status, answer.text).toBe(201);
  return answer.json.rev;
}

async function auditsAt(store: TestServer['couch']): Promise<readonly Json[]> {
  const query = { include_docs: 'true', startkey: '"staff:audit:"', endkey: '"staff:audit:\ufff0"' };
  const answer = await store.send('GET', `/${schoolDatabase(school.school)}/_all_docs`, { query });
  const { rows } = (await answer.json()) as { rows: { doc: Json }[] }; // CouchDB's form
  return rows.map(({ doc }) => doc).filter(({ action }) => action === 'class-sign-in.change');
}

beforeAll(async () => {
  school = await startTestServer();
  await makeClass(school, '7a', ['maths-7']);
  ids = {
    head: await makeAccount(school, 'admin', 'head'),
    tembo: await makeAccount(school, 'teacher', 'tembo', '7a'),
    ada: await makeAccount(school, 'learner', 'ada', '7a'),
  };
  const { accessToken } = await signInAt(school.url, school.school, 'head');
  const { code } = (await call(`${school.url}/v1/hubs/codes`, { token: accessToken, json: { classes: ['7a'], name: 'Laptop of 7a' } }))
    .json;
  folder = await hubFolder();
  hub = await startTestHub(folder, school.url, code);
  expect(await hub.replica.settle()).toBe('proved');
});
afterAll(async () => {
  await hub.close();
  await school.close();
  await removeFolder(folder);
});

it('cards and codes that a teacher makes at a class laptop open the account there, and reach the school, which writes it down', async () => {
  const tembo = await signInAt(hub.url, school.school, 'tembo');
  await put(hub, tembo.accessToken, newClassCode({ classId: '7a', by: ids.tembo, text: CLASS_CODE, ...origin }));
  const rev = await put(hub, tembo.accessToken, signIn('pictures', 'drum fish sun', 1));
  expect((await at(hub, 'class', { classCode: CLASS_CODE })).json.learners).toEqual([{ accountId: ids.ada, name: 'ada', by: 'pictures' }]);
  expect((await byCode(hub, 'drum fish sun')).json.account.id).toBe(ids.ada);
  expect((await byCode(hub, 'sun fish drum')).status).toBe(401);
  expect((await byCard(hub)).json.account.id).toBe(ids.ada);

  expect(await hub.replica.settle()).toBe('proved');
  expect((await byCard(school)).json.account.id).toBe(ids.ada);
  expect((await byCode(school, 'drum fish sun')).json.account.id).toBe(ids.ada);
  await expect
    .poll(async () => (await auditsAt(school.couch)).map(({ target }) => target), { timeout: 20_000 })
    .toContain(`register-7a:class-sign-in:${ids.ada}`);
  expect(await auditsAt(hub.couch)).toEqual([]);

  // Made anew at the school: the laptop takes the new one, and the old no more, once it has heard of it.
  const teacher = await signInAt(school.url, school.school, 'tembo');
  await put(school, teacher.accessToken, { ...signIn('pin', '4711', 2), _rev: rev });
  expect(await hub.replica.settle()).toBe('proved');
  expect((await byCode(hub, 'drum fish sun')).status).toBe(401);
  expect((await byCode(hub, '4711')).status).toBe(200);
});
