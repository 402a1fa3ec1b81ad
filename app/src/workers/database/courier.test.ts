import { progressId } from '@darasa/shared/documents';
import { expect, test, vi } from 'vitest';
import type { Database } from './database.ts';
import { type FakeAccount, type FakeDevice, type FakeSchool, fakeDevice } from './testing/device.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';
import { allSent, closeTab, openTab, ready, signedIn, takeQuiz } from './testing/tab.fixture.ts';

/** A device on which Amina took a quiz with no network and locked her account. */
async function leftBehind(seed: number): Promise<{
  school: FakeSchool;
  amina: FakeAccount;
  brian: FakeAccount;
  device: FakeDevice;
  tab: Database;
  attemptId: string;
}> {
  const { school, amina, brian } = await smallSchool();
  const device = fakeDevice(school, seed);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await allSent(tab);
  school.online = false;
  const attemptId = await takeQuiz(tab, 'open-course');
  await tab.lock();
  expect(await tab.accounts()).toMatchObject([{ state: 'locked', unsent: 2 }]);
  return { school, amina, brian, device, tab, attemptId };
}

const arrived = (school: FakeSchool, id: string): Promise<unknown> => vi.waitFor(() => school.database.get(id), { timeout: 4_000 });

test('work of a locked account goes out while nobody is in', async () => {
  const { school, tab, attemptId } = await leftBehind(30);
  school.online = true;
  await tab.syncNow();
  await arrived(school, attemptId);
  await vi.waitFor(async () => expect(await tab.accounts()).toMatchObject([{ state: 'locked', unsent: 0 }]));
  expect(school.pushed.filter((id) => id === attemptId)).toHaveLength(1);
});

test('work of a locked account goes out while another learns, and neither sees the other', async () => {
  const { school, amina, brian, tab, attemptId } = await leftBehind(31);
  school.online = true;
  expect(await tab.signIn('greenhill', brian.username, brian.password)).toMatchObject({ ok: true });
  await arrived(school, attemptId);
  await expect(school.database.get(progressId(amina.id, 'open-course'))).resolves.toMatchObject({ learnerId: amina.id });
  await ready(tab);
  const work = await tab.exportWork();
  expect(work.ok && work.value).not.toContain(attemptId);
});

test('work of a locked account goes out when the app is opened again', async () => {
  const { school, device, tab, attemptId } = await leftBehind(32);
  await closeTab(tab);
  school.online = true;
  await openTab(device);
  await arrived(school, attemptId);
});

test('what the school refuses of a locked account waits for its person, with the reason', async () => {
  const { school, amina, tab, attemptId } = await leftBehind(33);
  school.refuses.set(attemptId, 'Not today');
  school.online = true;
  await tab.syncNow();
  await vi.waitFor(async () => expect(await tab.accounts()).toMatchObject([{ unsent: 0 }]));
  await tab.enter(amina.id, amina.password);
  expect(await tab.retryRefused(attemptId)).toMatchObject({ ok: false, problem: 'not-allowed', detail: 'Not today' });
});

test('a locked account whose session the server ended is not asked for again, and keeps its work', async () => {
  const { school, amina, device, tab, attemptId } = await leftBehind(34);
  school.endSessions();
  device.now += 60 * 60 * 1_000;
  school.online = true;
  await tab.syncNow();
  await vi.waitFor(() => expect(school.asked.filter((each) => each.endsWith('/refresh'))).toHaveLength(1));
  await tab.syncNow();
  expect(await tab.enter(amina.id, amina.password)).toMatchObject({ ok: true });
  await arrived(school, attemptId);
  expect(school.asked.filter((each) => each.endsWith('/refresh'))).toHaveLength(1);
});

test('whoever opens their account while its work goes out finds it whole', async () => {
  const { school, amina, tab, attemptId } = await leftBehind(35);
  school.online = true;
  void tab.syncNow();
  expect(await tab.enter(amina.id, amina.password)).toMatchObject({ ok: true });
  await arrived(school, attemptId);
  await allSent(tab);
});
