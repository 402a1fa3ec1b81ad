import { removeFromClass, schoolDatabase, updateAccount } from '@darasa/couchdb/provisioning';
import { type DocumentOf, gradeIdFor, newAttempt, newFeedback, newGrade, newProgress, partitionOf } from '@darasa/shared/documents';
import { sampleDocument } from '@darasa/shared/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from './harness/call.ts';
import { makeAccount, makeClass, signInAt } from './harness/classroom.ts';
import { ExchangeDevice, overHttp } from './harness/exchange-device.ts';
import { deviceDatabase, remoteSchool } from './harness/pouch.ts';
import { hubFolder, removeFolder, startTestHub, type TestHub } from './harness/test-hub.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let school: TestServer;
let hub: TestHub;
let folder: string;
let database: string;
let ids: Record<'head' | 'tembo' | 'ada' | 'ben' | 'zoe', string>;
let head: string;

const at = '2026-01-15T08:00:00.000Z';
const quiz = sampleDocument('quiz', 'course-maths-7', 'amina');

beforeAll(async () => {
  school = await startTestServer();
  database = schoolDatabase(school.school);
  await makeClass(school, '7a', ['maths-7']);
  await makeClass(school, '8b', ['art-8']);
  ids = {
    head: await makeAccount(school, 'admin', 'head'),
    tembo: await makeAccount(school, 'teacher', 'tembo', '7a'),
    ada: await makeAccount(school, 'learner', 'ada', '7a'),
    ben: await makeAccount(school, 'learner', 'ben', '7a'),
    zoe: await makeAccount(school, 'learner', 'zoe', '8b'),
  };
  const docs = [
    quiz,
    ...(['lesson', 'outline'] as const).flatMap((type) => [
      sampleDocument(type, 'course-maths-7', ''),
      sampleDocument(type, 'course-art-8', ''),
    ]),
    sampleDocument('announcement', 'school', ids.head),
    newProgress({ createdAt: at, deviceId: 'phone-1', learnerId: ids.ada, courseId: 'maths-7' }),
    newProgress({ createdAt: at, deviceId: 'phone-1', learnerId: ids.zoe, courseId: 'art-8' }),
  ];
  await school.admin.request('POST', `/${database}/_bulk_docs`, { body: { docs } });
  head = (await signInAt(school.url, school.school, 'head')).accessToken;
  const { code } = (await call(`${school.url}/v1/hubs/codes`, { token: head, json: { classes: ['7a'], name: 'Laptop of 7a' } })).json;
  folder = await hubFolder();
  hub = await startTestHub(folder, school.url, code);
  expect(await hub.replica.settle()).toBe('proved');
});
afterAll(async () => {
  await hub.close();
  await school.close();
  await removeFolder(folder);
});

type Store = TestServer['couch'];

async function leavesAt(couch: Store, within: (partition: string) => boolean): Promise<Record<string, string[]>> {
  const answer = await couch.send('GET', `/${database}/_changes`, { query: { style: 'all_docs' } });
  const { results } = (await answer.json()) as { results: { id: string; changes: { rev: string }[] }[] }; // CouchDB's form
  const own = results.filter(({ id }) => within(partitionOf(id)));
  return Object.fromEntries(own.map(({ id, changes }) => [id, changes.map(({ rev }) => rev).sort()] as const).sort());
}
const ofClass = (partition: string): boolean =>
  ['public', 'school', 'class-7a', 'register-7a', 'course-maths-7', 'keys-maths-7', `learner-${ids.ada}`, `learner-${ids.ben}`].includes(
    partition,
  );
const isFound = async (couch: Store, id: string): Promise<boolean> =>
  (await couch.send('GET', `/${database}/${encodeURIComponent(id)}`)).ok;

/** Waits until a document is there: for the services that follow the feed. */
async function arrival(couch: Store, id: string): Promise<Record<string, unknown>> {
  const query = { feed: 'continuous', since: '0', filter: '_doc_ids', heartbeat: '1000' };
  const feed = await couch.send('POST', `/${database}/_changes`, { query, json: { doc_ids: [id] } });
  const reader = feed.body?.getReader();
  const decoder = new TextDecoder();
  for (let text = ''; !text.includes('"changes"'); ) text += decoder.decode((await reader?.read())?.value);
  await reader?.cancel();
  return (await couch.send('GET', `/${database}/${encodeURIComponent(id)}`)).json() as Promise<Record<string, unknown>>;
}

async function receiptsOf(couch: Store, learnerId: string): Promise<DocumentOf<'receipt'>[]> {
  const range = { startkey: `"learner-${learnerId}:receipt:"`, endkey: `"learner-${learnerId}:receipt;"`, include_docs: 'true' };
  const { rows } = (await (await couch.send('GET', `/${database}/_all_docs`, { query: range })).json()) as {
    rows: { doc: DocumentOf<'receipt'> }[]; // CouchDB's form
  };
  return rows.map(({ doc }) => doc);
}

let count = 0;
function attemptOf(learnerId: string, option = 'a') {
  count += 1;
  const answers = { q1: { kind: 'single' as const, option } };
  const when = { createdAt: at, deviceId: 'phone-1', seq: count, startedAt: at, submittedAt: at };
  return newAttempt({ ...when, learnerId, courseId: 'maths-7', quizId: 'fractions-check', quizVersion: 1, answers, provisional: null });
}

describe('a class laptop', () => {
  it('says which place it is, and holds its classes, their courses and learners, and nothing of others', async () => {
    const place = (await call(`${hub.url}/v1/place`)).json;
    expect(place).toMatchObject({ kind: 'hub', id: hub.hubId, name: 'Laptop of 7a', school: school.school });
    const held = await leavesAt(hub.couch, (partition) => partition !== '' && partition !== 'staff');
    await arrival(hub.couch, `school:place:${hub.hubId}`);
    expect(await hub.replica.settle()).toBe('proved');
    expect(await leavesAt(hub.couch, ofClass)).toEqual(await leavesAt(school.couch, ofClass));
    expect(Object.keys(held)).toContain(quiz._id);
    expect(Object.keys(held).filter((id) => /^(?:class|register)-8b|art-8/.test(id) || id.includes(ids.zoe))).toEqual([]);
  });

  it('signs in anyone on the roster under the same account, and nobody else (H5)', async () => {
    const session = await signInAt(hub.url, school.school, 'ada');
    expect(session.account.id).toBe(ids.ada);
    expect(session.account.roles).toContain('takes:maths-7');
    expect((await signInAt(hub.url, school.school, 'tembo')).account.id).toBe(ids.tembo);
    for (const name of ['zoe', 'head']) await expect(signInAt(hub.url, school.school, name)).rejects.toThrow('401');
    await expect(signInAt(hub.url, school.school, 'ada', 'not-the-password')).rejects.toThrow('401');
  });

  it('tells a device that a laptop answers: what it took is at the laptop, and what it does not list is not lost (H2)', async () => {
    const { accessToken } = await signInAt(hub.url, school.school, 'ada');
    const device = new ExchangeDevice(deviceDatabase());
    // What the device has from the school, of a class that the laptop does not keep.
    await device.apply([{ id: 'class-9c:class:card', rev: `1-${'a'.repeat(32)}`, ancestors: [], body: { type: 'class' } }]);
    const outcome = await device.sync(overHttp(`${hub.url}/db/${database}`, () => accessToken));
    expect(outcome.hub).toBe(hub.hubId);
    expect(device.table.digest('class-9c').count).toBe(1);
    expect(device.table.digest('class-7a').count).toBeGreaterThan(0);
  });

  it('works with no school: takes work by exchange and by stock PouchDB, grades it, and settles when the school is back (H1, H3, H4)', async () => {
    const [ada, ben, tembo] = await Promise.all(['ada', 'ben', 'tembo'].map((name) => signInAt(hub.url, school.school, name)));
    const [first, second] = [attemptOf(ids.ada), attemptOf(ids.ben, 'b')];
    const device = new ExchangeDevice(deviceDatabase());
    const send = overHttp(`${hub.url}/db/${database}`, () => ada?.accessToken ?? null);
    await device.sync(send);
    await device.pouch.put(first);
    await device.written();
    expect(await device.sync(send)).toMatchObject({ state: 'proved', sent: 1, refused: 0, hub: hub.hubId });

    const stock = deviceDatabase();
    await stock.put(second);
    await stock.replicate.to(remoteSchool(hub.url, school.school, () => ben?.accessToken ?? null));
    const words = {
      createdAt: at,
      deviceId: 'laptop-1',
      seq: 1,
      learnerId: ids.ada,
      classId: '7a',
      authorId: ids.tembo,
      authorName: 'Tembo',
    };
    const feedback = newFeedback({ ...words, aboutId: first._id, body: 'Well done.' });
    const written = await call(`${hub.url}/db/${database}/_bulk_docs`, { token: tembo?.accessToken ?? null, json: { docs: [feedback] } });
    expect(written.json[0].error).toBeUndefined();

    const graded = await arrival(hub.couch, gradeIdFor(first._id));
    expect(graded['needsReview']).toBeNull();
    for (const { _id } of [first, second, feedback]) expect(await isFound(school.couch, _id)).toBe(false);

    // The school is back: the laptop sends once, the school grades for itself, and both come to the same document.
    expect(await hub.replica.settle()).not.toBe('stopped');
    for (const { _id } of [first, second, feedback]) expect(await isFound(school.couch, _id)).toBe(true);
    for (const { _id } of [first, second]) await arrival(school.couch, gradeIdFor(_id));
    expect(await hub.replica.settle()).toBe('proved');
    expect(await leavesAt(hub.couch, ofClass)).toEqual(await leavesAt(school.couch, ofClass));
    expect((await leavesAt(school.couch, ofClass))[gradeIdFor(first._id)]).toHaveLength(1);

    // By whose hand it came is written down, and the laptop and its devices hear of it.
    const receipts = await receiptsOf(hub.couch, ids.ada);
    expect(receipts.flatMap((receipt) => receipt.ids)).toEqual(expect.arrayContaining([first._id, feedback._id]));
    for (const receipt of receipts) expect(receipt).toMatchObject({ by: `hub:${hub.hubId}`, vouched: 'hub' });
    expect((await receiptsOf(school.couch, ids.ben)).flatMap((receipt) => receipt.ids)).toContain(second._id);
    expect((await device.sync(send)).state).toBe('proved');
    expect(device.table.documents(`learner-${ids.ada}`).some(([id]) => id.includes(':receipt:'))).toBe(true);
    expect(hub.replica.status).toMatchObject({ problem: null, unsent: 0, refused: 0 });
  });

  it('goes on where it was after a restart, with no questions (H1)', async () => {
    const { accessToken } = await signInAt(hub.url, school.school, 'ada');
    const attempt = attemptOf(ids.ada);
    await call(`${hub.url}/db/${database}/_bulk_docs`, { token: accessToken, json: { docs: [attempt] } });
    await arrival(hub.couch, gradeIdFor(attempt._id));
    await hub.close();
    hub = await startTestHub(folder, 'http://127.0.0.1:9');
    await hub.replica.settle();
    await arrival(school.couch, gradeIdFor(attempt._id));
    expect(await hub.replica.settle()).toBe('proved');
    expect(await leavesAt(hub.couch, ofClass)).toEqual(await leavesAt(school.couch, ofClass));
  });

  it('brings what was done at the school, and takes the school’s grade where the two differ (H3)', async () => {
    const { accessToken } = await signInAt(school.url, school.school, 'ben');
    const attempt = attemptOf(ids.ben);
    const receiptsBefore = (await receiptsOf(school.couch, ids.ben)).length;
    // A laptop that came to another grade, by an older key or by malice.
    const grade = newGrade({ createdAt: at, deviceId: 'server', attempt, result: null, agrees: null, needsReview: 'no-key' });
    await hub.couch.send('PUT', `/${database}/${encodeURIComponent(grade._id)}`, { json: grade });
    await call(`${school.url}/db/${database}/_bulk_docs`, { token: accessToken, json: { docs: [attempt] } });
    await arrival(school.couch, gradeIdFor(attempt._id));
    await hub.replica.settle();
    expect(await isFound(hub.couch, attempt._id)).toBe(true);
    const schools = (await leavesAt(school.couch, ofClass))[gradeIdFor(attempt._id)];
    expect((await leavesAt(hub.couch, ofClass))[gradeIdFor(attempt._id)]).toEqual(schools);
    // What came with the learner's own token has none.
    expect(await receiptsOf(school.couch, ids.ben)).toHaveLength(receiptsBefore);
    expect(await hub.replica.settle()).toBe('proved');
  });

  it('follows the school’s people: a new password and a switched-off account hold here too (H5)', async () => {
    const before = await signInAt(hub.url, school.school, 'ben');
    await updateAccount(school.admin, { id: ids.ben, password: 'twiga-mrefu-sana' });
    await hub.replica.settlePeople();
    await expect(signInAt(hub.url, school.school, 'ben')).rejects.toThrow('401');
    await signInAt(hub.url, school.school, 'ben', 'twiga-mrefu-sana');
    expect((await call(`${hub.url}/v1/auth/refresh`, { json: { refreshToken: before.refreshToken } })).status).toBe(401);
    await updateAccount(school.admin, { id: ids.ben, disabled: true });
    await hub.replica.settlePeople();
    await expect(signInAt(hub.url, school.school, 'ben', 'twiga-mrefu-sana')).rejects.toThrow('401');
  });

  it('lets a learner go who left the class, after the last work has reached the school and not before (H6)', async () => {
    const dan = await makeAccount(school, 'learner', 'dan', '7a');
    hub.replica.askAnew();
    await hub.replica.settle();
    const { accessToken } = await signInAt(hub.url, school.school, 'dan');
    const attempt = attemptOf(dan);
    await call(`${hub.url}/db/${database}/_bulk_docs`, { token: accessToken, json: { docs: [attempt] } });
    await removeFromClass(school.admin, { classId: '7a', accountId: dan, role: 'learner' });
    await arrival(hub.couch, gradeIdFor(attempt._id));
    expect(await isFound(school.couch, attempt._id)).toBe(false);

    hub.replica.askAnew();
    await hub.replica.settle();
    expect(await isFound(school.couch, attempt._id)).toBe(true);
    expect(await isFound(hub.couch, attempt._id)).toBe(true);
    await expect(signInAt(hub.url, school.school, 'dan')).rejects.toThrow('401');
    await arrival(school.couch, gradeIdFor(attempt._id));
    // Proved, and released; with the next token it is gone.
    expect(await hub.replica.settle()).toBe('proved');
    expect(await hub.replica.settle()).toBe('proved');
    expect(await isFound(hub.couch, attempt._id)).toBe(false);
    expect(await leavesAt(hub.couch, (partition) => partition === `learner-${dan}`)).toEqual({});
    expect(await isFound(school.couch, attempt._id)).toBe(true);
  });

  it('keeps what the school refuses, proves the rest, and erases what was erased for good (H7)', async () => {
    const words = { createdAt: at, deviceId: 'laptop-1', seq: 9, learnerId: ids.ada, classId: '7a', authorId: ids.zoe, authorName: 'Zoe' };
    const forged = newFeedback({ ...words, aboutId: null, body: 'Not mine to say.' });
    const erased = sampleDocument('announcement', 'class-7a', ids.tembo);
    const erasure = await call(`${school.url}/v1/admin/erasures`, { token: head, json: { target: erased._id } });
    expect(erasure.status).toBe(202);
    for (const doc of [forged, erased]) await hub.couch.send('PUT', `/${database}/${encodeURIComponent(doc._id)}`, { json: doc });
    expect(await hub.replica.settle()).toBe('proved');
    expect(hub.replica.status.refused).toBe(1);
    expect(await isFound(hub.couch, forged._id)).toBe(true);
    for (const doc of [forged, erased]) expect(await isFound(school.couch, doc._id)).toBe(false);
    await arrival(hub.couch, erasure.json.erasure.id);
  });

  it('sends nothing and hears nothing more once it was revoked, and says why', async () => {
    const { accessToken } = await signInAt(hub.url, school.school, 'ada');
    const attempt = attemptOf(ids.ada);
    await call(`${hub.url}/db/${database}/_bulk_docs`, { token: accessToken, json: { docs: [attempt] } });
    expect((await call(`${school.url}/v1/hubs/${hub.hubId}`, { method: 'DELETE', token: head })).status).toBe(204);
    await expect(hub.replica.settle()).rejects.toThrow('403');
    await expect(hub.replica.settle()).rejects.toMatchObject({ id: 'hub-revoked' });
    expect(await isFound(school.couch, attempt._id)).toBe(false);
    expect(await isFound(hub.couch, attempt._id)).toBe(true);
  });
});
