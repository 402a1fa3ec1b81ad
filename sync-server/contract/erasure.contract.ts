import { createAccount, schoolDatabase } from '@darasa/couchdb/provisioning';
import { type Document, ERASED, newApplication } from '@darasa/shared/documents';
import { personas, sampleDocument } from '@darasa/shared/fixtures';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call } from './harness/call.ts';
import { ExchangeDevice, overHttp } from './harness/exchange-device.ts';
import { deviceDatabase, remoteSchool } from './harness/pouch.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let server: TestServer;
let database: string;
let admin: string;

const ofAda: readonly Document[] = [
  ...(['profile', 'progress', 'attempt', 'lesson-event'] as const).map((type) => sampleDocument(type, 'learner-ada', 'ada')),
  sampleDocument('feedback', 'learner-ada', 'tembo'),
];
const origin = { createdAt: '2026-01-15T08:00:00.000Z', deviceId: 'tablet-1', seq: 9 } as const;
const letter = newApplication({
  ...origin,
  employerId: 'acme',
  jobId: 'public:job:01kf0000000000000000000000',
  applicantId: 'ada',
  applicantName: 'Ada',
  letter: 'I keep books.',
});

beforeAll(async () => {
  server = await startTestServer();
  database = schoolDatabase(server.school);
  const made = await createAccount(server.admin, {
    slug: server.school,
    username: 'head',
    password: 'maziwa-lala',
    displayName: 'Head',
    kind: 'admin',
    roles: [],
  });
  if (!made.ok) throw new Error(made.error);
  admin = await server.tokens.sign({ accountId: made.account.id, school: server.school, name: 'Head', roles: made.account.roles });
  await put([...ofAda, letter, sampleDocument('profile', 'learner-ben', 'ben')]);
});
afterAll(() => server.close());

async function put(docs: readonly object[]): Promise<void> {
  await server.admin.request('POST', `/${database}/_bulk_docs`, { body: { docs } });
}

async function held(prefix: string): Promise<string[]> {
  const { body } = await server.admin.request('GET', `/${database}/_changes`, { query: { style: 'all_docs' } });
  return (body as { results: { id: string }[] }).results.map(({ id }) => id).filter((id) => id.startsWith(prefix)); // CouchDB's form
}

async function device(persona: keyof typeof personas) {
  const { name, roles } = personas[persona];
  const own = roles.map((role) => (role.startsWith('school:') ? `school:${server.school}` : role));
  const token = await server.tokens.sign({ accountId: String(name), school: server.school, name: String(name), roles: own });
  const storage = new ExchangeDevice(deviceDatabase());
  const send = overHttp(`${server.url}/db/${database}`, () => token);
  return { storage, token, sync: () => storage.sync(send), holds: () => [...storage.table.documents('learner-ada')].length };
}

const erase = (target: string, token = admin) => call(`${server.url}/v1/admin/erasures`, { token, json: { target } });

it('what a family has had erased is gone from the school, and no device that held it brings it back (E1, E2)', async () => {
  const [learner, teacher, stock] = [await device('learner'), await device('teacher'), deviceDatabase()];
  for (const each of [learner, teacher]) expect((await each.sync()).state).toBe('proved');
  for (const each of [learner, teacher]) expect(each.holds()).toBeGreaterThanOrEqual(ofAda.length);
  const remote = remoteSchool(server.url, server.school, () => learner.token);
  await stock.replicate.from(remote);
  // Written before the word of the erasure comes.
  const late = sampleDocument('enrolment', 'learner-ada', 'ada');
  await learner.storage.pouch.put(late);
  await learner.storage.written();

  expect((await erase('learner-ada')).status).toBe(202);
  await expect.poll(() => held('learner-ada:'), { timeout: 20_000 }).toEqual([]);
  expect(await held('learner-ben:')).toHaveLength(1);

  for (const each of [learner, teacher]) {
    // The index notices a purge after a few seconds, and proves what it knew until then.
    const next = async () => ({ ...(await each.sync()), left: each.holds() });
    await expect.poll(next, { timeout: 40_000 }).toMatchObject({ state: 'proved', left: 0 });
  }
  expect(learner.storage.refusals.map(({ id, reason }) => [id, reason])).toContainEqual([late._id, ERASED]);

  const denied: unknown[] = [];
  const pushed = stock.replicate.to(remote);
  pushed.on('denied', (refusal) => denied.push(refusal));
  expect((await pushed).docs_written).toBe(0);
  expect(denied.length).toBeGreaterThan(0);
  expect(await held('learner-ada:')).toEqual([]);
});

it('what comes back past the gateway is erased again (E3)', async () => {
  await put([sampleDocument('profile', 'learner-ada', 'ada')]);
  await expect.poll(() => held('learner-ada:'), { timeout: 20_000 }).toEqual([]);
});

it('a single document elsewhere is erased by its id (E1)', async () => {
  expect(await held('employer-acme:')).toEqual([letter._id]);
  expect((await erase(letter._id)).status).toBe(202);
  await expect.poll(() => held('employer-acme:'), { timeout: 20_000 }).toEqual([]);
});

it('only an admin erases, nothing of the staff’s, and once is enough (E1)', async () => {
  const learner = await device('learner');
  expect((await erase('learner-ben', learner.token)).status).toBe(403);
  expect((await erase('staff:audit:01kf0000000000000000000000')).status).toBe(400);
  expect((await erase('class-7a')).status).toBe(400);
  expect((await erase('learner-ben:profile:ben')).status).toBe(400);
  expect((await erase('learner-ada')).status).toBe(202);
  expect(await held('staff:erasure:')).toHaveLength(2);
});

it('an erasure that an admin sends as a document is audited when it is carried out (E1)', async () => {
  const erasure = {
    ...{ _id: 'staff:erasure:ben', type: 'erasure', schemaVersion: 1, createdAt: origin.createdAt, deviceId: origin.deviceId },
    ...{ erased: 'ben', target: 'learner-ben', actorId: 'somebody-else' },
  };
  const sent = await call(`${server.url}/db/${database}/_bulk_docs`, { token: admin, json: { docs: [erasure] } });
  expect(sent.json).toMatchObject([{ ok: true }]);
  await expect.poll(() => held('learner-ben:'), { timeout: 20_000 }).toEqual([]);
  const query = { include_docs: 'true', startkey: '"staff:audit:"', endkey: '"staff:audit:~"' };
  const { body } = await server.admin.request('GET', `/${database}/_all_docs`, { query });
  const entries = (body as { rows: { doc: unknown }[] }).rows.map(({ doc }) => doc); // CouchDB's form
  expect(entries).toContainEqual(
    expect.objectContaining({
      actorId: 'service-erasing',
      action: 'erasure.carry-out',
      target: 'learner-ben',
      detail: { erasure: erasure._id, said: 'somebody-else' },
    }),
  );
});
