import { CLOCK_HEADER, DEVICE_HEADER } from '@darasa/shared/protocol';
import { expect, test } from 'vitest';
import { fakeDevice } from './testing/device.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';
import { allSent, openTab, ready, seen, signedIn } from './testing/tab.fixture.ts';

const HOUR_MS = 60 * 60 * 1_000;
const REFRESH = '/v1/auth/refresh';

test('every request tells which device asks and what its clock shows', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 20);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await allSent(tab);
  const before = school.asked.length;
  device.now += HOUR_MS;
  await tab.syncNow();
  await tab.accessToken();
  await allSent(tab);

  // Whoever asks an address what it is does not yet know to whom it speaks.
  const told = school.asked
    .map((request, index) => ({ request, headers: school.headers[index] }))
    .filter(({ request }) => request !== 'GET /v1/place');
  const deviceIds = new Set(told.map(({ headers }) => headers?.get(DEVICE_HEADER)));
  expect([...deviceIds]).toEqual([expect.stringMatching(/^[0-9a-z]{12}$/)]);
  for (const path of ['POST /v1/auth/login', `POST ${REFRESH}`, 'POST /db/school-greenhill/_exchange']) {
    expect(told.map(({ request }) => request)).toContain(path);
  }
  expect(told.slice(before).map(({ headers }) => headers?.get(CLOCK_HEADER))).toEqual(told.slice(before).map(() => String(device.now)));
});

test('a refresh whose reply is lost does not end the session, and the next one goes on with it', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 21);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await allSent(tab);
  device.now += HOUR_MS;
  school.losesReplies.add(REFRESH);
  expect(await tab.accessToken()).toMatchObject({ ok: false, problem: 'unreachable' });
  school.losesReplies.clear();
  expect(await tab.accessToken()).toMatchObject({ ok: true });
  device.now += HOUR_MS;
  expect(await tab.accessToken()).toMatchObject({ ok: true });
});

test.each([
  ['a broken gateway', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
  ['a server in trouble', () => Response.json({ error: { id: 'unexpected', message: 'Later' } }, { status: 500 })],
  ['the page of a captive portal', () => new Response('<h1>Buy minutes</h1>')],
  ['a portal that refuses in words of its own', () => new Response('Sign in to the WiFi', { status: 401 })],
  ['a server that is asked too often', () => Response.json({ error: { id: 'too-many-requests', message: 'Wait' } }, { status: 429 })],
  ['a server that does not know the route', () => Response.json({ error: { id: 'not-found', message: 'What?' } }, { status: 404 })],
])('%s does not end the session', async (_, answer) => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 22);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await allSent(tab);
  device.now += HOUR_MS;
  school.instead.set(REFRESH, answer);
  expect(await tab.accessToken()).toMatchObject({ ok: false, problem: 'unreachable' });
  school.instead.clear();
  expect(await tab.accessToken()).toMatchObject({ ok: true });
});

test('when the server ends the session the work stays, the screen asks for the password, and the work goes out after it', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 23);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await allSent(tab);
  school.online = false;
  await tab.completeLesson('open-course', 'first');
  school.endSessions();
  school.online = true;
  device.now += HOUR_MS;
  await tab.syncNow();
  const ended = await seen(tab, 'sync', {}, ({ state }) => state === 'signed-out');
  expect(ended).toMatchObject({ problem: { id: 'signed-out' }, unsent: 1 });
  expect((await tab.accounts())[0]).toMatchObject({ accountId: amina.id, state: 'open' });

  expect(await tab.enter(amina.id, amina.password)).toMatchObject({ ok: true });
  await allSent(tab);
  expect((await seen(tab, 'sync', {}, () => true)).problem).toBeNull();
});

test('with no network the sync says so by its id, and goes on by itself', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 24);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await allSent(tab);
  school.online = false;
  await tab.completeLesson('open-course', 'first');
  await tab.syncNow();
  expect(await seen(tab, 'sync', {}, ({ state }) => state === 'offline')).toMatchObject({ problem: { id: 'unreachable' }, unsent: 1 });
  school.online = true;
  await tab.syncNow();
  await allSent(tab);
});

test('an account that somebody signs in to again while it refreshes keeps the newer session', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 25);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await allSent(tab);
  school.endSessions();
  device.now += HOUR_MS;
  const other = await openTab(device);
  const [, again] = await Promise.all([tab.accessToken(), other.signIn('greenhill', amina.username, amina.password)]);
  expect(again).toMatchObject({ ok: true });
  expect(await tab.accessToken()).toMatchObject({ ok: true });
});
