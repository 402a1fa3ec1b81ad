import { expect, test, vi } from 'vitest';
import { contentDatabaseName, ownDatabaseName } from './database-names.ts';
import { type FakeDevice, type FakeSchool, fakeDevice } from './testing/device.fixture.ts';
import { courseDocuments, smallSchool } from './testing/school.fixture.ts';
import { allSent, closeTab, openTab, ready, seen, signedIn, takeQuiz } from './testing/tab.fixture.ts';

const EXCHANGE = 'POST /db/school-greenhill/_exchange';
const exchanges = ({ asked }: FakeSchool): number => asked.filter((each) => each === EXCHANGE).length;
const proved = (tab: Awaited<ReturnType<typeof openTab>>): Promise<unknown> => seen(tab, 'sync', {}, (sync) => sync.proved);

/** The ids of what a device keeps of a partition. */
async function keptOf(device: FakeDevice, database: string, partition: string): Promise<string[]> {
  const { rows } = await device
    .tab()
    .openLocal(database)
    .allDocs({ startkey: `${partition}:`, endkey: `${partition}:\uffff` });
  return rows.map(({ id }) => id);
}

test('a sync with nothing new is one request, after a restart too, and then one that waits for news (X5, X11)', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 400);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await proved(tab);
  await closeTab(tab);
  const before = school.asked.length;
  const again = await openTab(device);
  await allSent(again);
  await vi.waitFor(() => expect(school.asked.slice(before)).toEqual([EXCHANGE, `${EXCHANGE}?feed=longpoll`]));
});

test('everything is said to be at the school when that was proved, and not while work is made (D4)', async () => {
  const { school, amina } = await smallSchool();
  const tab = await signedIn(fakeDevice(school, 401), amina);
  await ready(tab);
  await proved(tab);
  school.online = false;
  await tab.completeLesson('open-course', 'first');
  expect(await seen(tab, 'sync', {}, ({ unsent }) => unsent > 0)).toMatchObject({ proved: false });
  school.online = true;
  await tab.syncNow();
  await proved(tab);
});

test('that a class laptop has all of it is proved of the laptop, and not of the school (L6)', async () => {
  const { school, amina } = await smallSchool();
  const laptop = { kind: 'hub', id: 'laptop-of-7a', name: 'Laptop of 7a', school: 'greenhill', version: '0.1.0', now: 0 };
  school.instead.set('/v1/place', () => Response.json(laptop));
  const tab = await signedIn(fakeDevice(school, 412), amina);
  await ready(tab);
  // Nothing waits, and both hold the same.
  expect(await seen(tab, 'sync', {}, ({ lastContactAt }) => lastContactAt !== null)).toMatchObject({
    unsent: 0,
    atLaptop: 0,
    proved: false,
  });
  await tab.completeLesson('open-course', 'first');
  expect(await seen(tab, 'sync', {}, ({ unsent, atLaptop }) => unsent === 0 && atLaptop > 0)).toMatchObject({ proved: false });
});

test('a partition that a person loses is gone from the device, and comes again when they gain it (A3, A4)', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 402);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await proved(tab);
  const content = contentDatabaseName('greenhill');
  expect(await keptOf(device, content, 'course-closed-a')).toHaveLength(4);
  amina.roles = ['school:greenhill', 'learner'];
  device.now += 60 * 60 * 1_000;
  await tab.syncNow();
  await vi.waitFor(async () => expect(await keptOf(device, content, 'course-closed-a')).toEqual([]), { timeout: 5_000 });
  expect(await keptOf(device, content, 'course-open-course')).toHaveLength(4);
  expect(await seen(tab, 'lesson', { courseId: 'closed-a', lessonId: 'first' }, (view) => view === null)).toBeNull();

  amina.roles = [...amina.roles, 'takes:closed-a'];
  device.now += 60 * 60 * 1_000;
  await tab.syncNow();
  expect((await seen(tab, 'lesson', { courseId: 'closed-a', lessonId: 'first' }, (view) => view !== null))?.title).toBe('first');
  await proved(tab);
});

test('content stays on a shared device while one of its people may read it (A4)', async () => {
  const { school, amina, brian } = await smallSchool();
  brian.roles = [...brian.roles, 'takes:closed-a'];
  const device = fakeDevice(school, 403);
  const tab = await signedIn(device, brian);
  await ready(tab);
  await tab.lock();
  await tab.signIn('greenhill', amina.username, amina.password);
  await ready(tab);
  await proved(tab);
  amina.roles = ['school:greenhill', 'learner'];
  device.now += 60 * 60 * 1_000;
  await tab.syncNow();
  expect(await seen(tab, 'lesson', { courseId: 'closed-a', lessonId: 'first' }, (view) => view === null)).toBeNull();
  await proved(tab);
  expect(await keptOf(device, contentDatabaseName('greenhill'), 'course-closed-a')).toHaveLength(4);
});

test('a partition that was lost in an exchange and is gained while the school only replicates comes again (A3, V2)', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 411);
  const content = contentDatabaseName('greenhill');
  const notSpoken = (): Response => Response.json({ error: 'not_found', reason: 'missing' }, { status: 404 });
  school.noExchange = notSpoken;
  const tab = await signedIn(device, amina);
  await ready(tab);
  // A round after the open courses are known: its checkpoint is the one that would be met again.
  await tab.completeLesson('open-course', 'first');
  await allSent(tab);
  const roles = amina.roles;
  amina.roles = ['school:greenhill', 'learner'];
  school.noExchange = null;
  device.now += 60 * 60 * 1_000;
  await tab.syncNow();
  await vi.waitFor(async () => expect(await keptOf(device, content, 'course-closed-a')).toEqual([]), { timeout: 5_000 });
  amina.roles = roles;
  school.noExchange = notSpoken;
  device.now += 60 * 60 * 1_000;
  await tab.syncNow();
  await vi.waitFor(async () => expect(await keptOf(device, content, 'course-closed-a')).toHaveLength(4), { timeout: 5_000 });
});

test('whoever leaves a shared device takes with them what they alone could read (A4)', async () => {
  const { school, amina, brian } = await smallSchool();
  const device = fakeDevice(school, 410);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await proved(tab);
  await tab.lock();
  await tab.signIn('greenhill', brian.username, brian.password);
  await ready(tab);
  await proved(tab);
  expect(await tab.remove(brian.id)).toEqual({ ok: true, value: null });
  const content = contentDatabaseName('greenhill');
  expect(await keptOf(device, content, 'course-closed-b')).toEqual([]);
  expect(await keptOf(device, content, 'course-closed-a')).toHaveLength(4);
  expect(await keptOf(device, content, 'course-open-course')).toHaveLength(4);
});

test.each([
  ['does not know exchanges', () => Response.json({ error: 'not_found', reason: 'missing' }, { status: 404 }), 10 * 60_000],
  ['has just started', () => Response.json({ error: 'index_building', reason: 'Soon' }, { status: 503 }), 10_000],
])('a school that %s is replicated with, and exchanged with when it can be (V2)', async (_, answer, later) => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 404);
  school.noExchange = answer;
  const tab = await signedIn(device, amina);
  await ready(tab);
  const attemptId = await takeQuiz(tab, 'open-course');
  await allSent(tab);
  await expect(school.database.get(attemptId)).resolves.toMatchObject({ type: 'attempt' });
  expect(await seen(tab, 'sync', {}, () => true)).toMatchObject({ unsent: 0, proved: false });

  school.noExchange = null;
  device.now += later;
  await tab.syncNow();
  await proved(tab);
  expect(school.pushed.filter((id) => id === attemptId)).toHaveLength(1);
});

test('a first sync that is cut anywhere goes on from there, also after a restart (X9)', async () => {
  const { school, amina } = await smallSchool();
  const many = Array.from({ length: 12 }, (_, at) => courseDocuments(`open-${at}`, true)).flat();
  await school.database.bulkDocs([...many]);
  for (let at = 0; at < 12; at += 1) school.openCourses.add(`open-${at}`);
  const device = fakeDevice(school, 405);
  school.cutsRepliesAfter = 900;
  const tab = await signedIn(device, amina);
  await vi.waitFor(() => expect(exchanges(school)).toBeGreaterThan(0));
  await seen(tab, 'sync', {}, ({ state }) => state === 'offline');
  await closeTab(tab);
  school.cutsRepliesAfter = 30_000;
  const again = await openTab(device);
  await seen(again, 'sync', {}, ({ state }) => state === 'offline');
  // What has come can be used before the rest has (X10).
  expect((await seen(again, 'catalogue', {}, ({ courses }) => courses.length > 0)).courses.length).toBeGreaterThan(0);
  school.cutsRepliesAfter = null;
  await again.syncNow();
  await proved(again);
  expect(await keptOf(device, contentDatabaseName('greenhill'), 'course-open-7')).toHaveLength(4);
});

test('work whose acknowledgement was lost is sent again and is there once (X9)', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 406);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await proved(tab);
  school.cutsRepliesAfter = 0;
  const attemptId = await takeQuiz(tab, 'open-course');
  await vi.waitFor(() => expect(school.pushed).toContain(attemptId), { timeout: 5_000 });
  expect((await seen(tab, 'sync', {}, () => true)).unsent).toBe(2);
  school.cutsRepliesAfter = null;
  await tab.syncNow();
  await proved(tab);
  await expect(school.database.get(attemptId, { conflicts: true })).resolves.not.toHaveProperty('_conflicts');
});

test('of a cleared database all that the school has comes back (D5)', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 407);
  const tab = await signedIn(device, amina);
  await ready(tab);
  const attemptId = await takeQuiz(tab, 'open-course');
  await proved(tab);
  await closeTab(tab);
  for (const name of [ownDatabaseName(amina.id), contentDatabaseName('greenhill')]) await device.tab().openLocal(name).destroy();
  const again = await openTab(device);
  await proved(again);
  expect(await seen(again, 'result', { attemptId }, (view) => view !== null)).toMatchObject({ attempt: { place: 'school' } });
  expect(await keptOf(device, contentDatabaseName('greenhill'), 'course-open-course')).toHaveLength(4);
});

test('unsent work lies ready for whoever sends it after the page was closed, and goes once it was sent', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 408);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await proved(tab);
  school.online = false;
  await tab.completeLesson('open-course', 'first');
  const row = await vi.waitFor(async () => {
    const [first] = await device.outbox();
    if (first === undefined) throw new Error('Nothing lies ready');
    return first;
  });
  school.online = true;
  const token = await tab.accessToken();
  expect(token.ok).toBe(true);
  const { body, gzipped, school: slug } = row;
  const answer = await school.fetch(`https://school.example/db/school-${slug}/_exchange`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { authorization: `Bearer ${token.ok ? token.value : ''}`, ...(gzipped ? { 'content-encoding': 'gzip' } : {}) },
  });
  expect(await answer.text()).not.toContain('["r"');
  await expect(school.database.get(`learner-${amina.id}:progress:open-course`)).resolves.toMatchObject({ type: 'progress' });
  await tab.syncNow();
  await proved(tab);
  await vi.waitFor(async () => expect(await device.outbox()).toEqual([]));
});
