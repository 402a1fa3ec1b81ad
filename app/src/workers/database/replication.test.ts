import { expect, test, vi } from 'vitest';
import type { NetworkHint } from './api.ts';
import type { Database } from './database.ts';
import { contentDatabaseName } from './database-names.ts';
import { type FakeDevice, type FakeSchool, fakeDevice } from './testing/device.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';
import { openTab, ready, seen, signedIn, takeQuiz } from './testing/tab.fixture.ts';

const EXCHANGE = 'POST /db/school-greenhill/_exchange';
const MOBILE: NetworkHint = { online: true, kind: 'metered', saveData: false };
const WIFI: NetworkHint = { ...MOBILE, kind: 'unmetered' };

const proved = (tab: Database): Promise<unknown> => seen(tab, 'sync', {}, (sync) => sync.proved);
/** The loop does nothing, and nothing but what happens can end that. */
const rests = (tab: Database): Promise<unknown> => seen(tab, 'sync', {}, ({ rest }) => rest !== null && rest.until === null);
const arrived = (school: FakeSchool, id: string): Promise<unknown> => vi.waitFor(() => school.database.get(id), { timeout: 5_000 });

async function contentOn(device: FakeDevice): Promise<number> {
  const { rows } = await device.tab().openLocal(contentDatabaseName('greenhill')).allDocs({ startkey: 'course-', endkey: 'course-\uffff' });
  return rows.length;
}

test('P1 while nobody looks nothing is asked; a deed is sent, and nothing after it', async () => {
  const { school, amina } = await smallSchool();
  const tab = await signedIn(fakeDevice(school, 500), amina);
  await ready(tab);
  await proved(tab);
  await tab.setVisible(false);
  await rests(tab);
  const before = school.asked.length;
  await tab.setNetwork({ ...WIFI, online: false });
  await tab.setNetwork(WIFI);
  await tab.setDataUse('wifi');
  await rests(tab);
  expect(school.asked.slice(before)).toEqual([]);

  const attemptId = await takeQuiz(tab, 'open-course');
  await arrived(school, attemptId);
  await seen(tab, 'sync', {}, ({ unsent, rest }) => unsent === 0 && rest?.because === 'nobody-looks');
  expect(new Set(school.asked.slice(before))).toEqual(new Set([EXCHANGE]));
});

test('P2 whoever looks has the news without asking', async () => {
  const { school, amina } = await smallSchool();
  const tab = await signedIn(fakeDevice(school, 501), amina);
  await ready(tab);
  await vi.waitFor(() => expect(school.asked.at(-1)).toBe(`${EXCHANGE}?feed=longpoll`), { timeout: 5_000 });
});

test('P4 with courses on Wi-Fi alone a person’s own comes over any network, and courses when Wi-Fi is there', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 502);
  const tab = await openTab(device);
  await tab.setNetwork(MOBILE);
  await tab.setDataUse('wifi');
  await tab.schools();
  await tab.signIn('greenhill', amina.username, amina.password);
  expect(await seen(tab, 'sync', {}, ({ rest }) => rest !== null)).toMatchObject({ heldBack: 'wifi', state: 'resting', proved: false });
  expect(await contentOn(device)).toBe(0);
  await tab.setNetwork(WIFI);
  await tab.syncNow();
  await proved(tab);
  expect(await seen(tab, 'sync', {}, () => true)).toMatchObject({ heldBack: null });
  expect(await contentOn(device)).toBeGreaterThan(0);
});

test('P4 an exchange about one’s own takes nothing of what is on the device', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 503);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await proved(tab);
  const before = await contentOn(device);
  await tab.setDataUse('wifi');
  await tab.setNetwork(MOBILE);
  await seen(tab, 'sync', {}, ({ heldBack, rest }) => heldBack === 'wifi' && rest !== null);
  const attemptId = await takeQuiz(tab, 'open-course');
  await arrived(school, attemptId);
  expect(await contentOn(device)).toBe(before);
});

test('P3, P4 of whoever wants to be asked work is sent, and nothing fetched before they ask', async () => {
  const { school, amina } = await smallSchool();
  const tab = await signedIn(fakeDevice(school, 504), amina);
  await ready(tab);
  await proved(tab);
  await tab.setDataUse('ask');
  await rests(tab);
  const attemptId = await takeQuiz(tab, 'open-course');
  await arrived(school, attemptId);
  await seen(tab, 'sync', {}, ({ unsent, proved: all }) => unsent === 0 && !all);
  await tab.syncNow();
  await proved(tab);
});

test('P4 the choice is the device’s: another tab has it too, and it outlives the page', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 505);
  const tab = await signedIn(device, amina);
  const other = await openTab(device);
  await tab.setDataUse('ask');
  await seen(other, 'sync', {}, ({ dataUse }) => dataUse === 'ask');
  await seen(await openTab(device), 'sync', {}, ({ dataUse }) => dataUse === 'ask');
});

test('a tab that somebody looks at takes the lead from one that nobody looks at', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 506);
  const first = await signedIn(device, amina);
  await ready(first);
  await proved(first);
  await first.setVisible(false);
  await rests(first);
  const second = await openTab(device);
  await seen(second, 'sync', {}, ({ state }) => state === 'resting');
  await seen(first, 'sync', {}, ({ state }) => state === 'elsewhere');
});
