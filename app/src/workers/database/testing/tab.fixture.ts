import { afterEach, expect } from 'vitest';
import type { ViewName, Views } from '../api.ts';
import { Database } from '../database.ts';
import type { FakeAccount, FakeDevice } from './device.fixture.ts';

const ORIGIN = 'https://school.example';
const opened: Database[] = [];
const failures: unknown[] = [];

/** A tab of a device, as after the page was opened. */
export async function openTab(device: FakeDevice): Promise<Database> {
  const tab = new Database(device.tab(), (error) => failures.push(error));
  opened.push(tab);
  await tab.start(ORIGIN);
  return tab;
}

/** A tab of a device in which somebody has signed in with the network on. */
export async function signedIn(device: FakeDevice, { username, password }: FakeAccount): Promise<Database> {
  const tab = await openTab(device);
  await tab.schools();
  expect(await tab.signIn('greenhill', username, password)).toMatchObject({ ok: true });
  return tab;
}

/** Waits until a view is as it should be, and answers it. */
export async function seen<Name extends ViewName>(
  tab: Database,
  name: Name,
  params: Views[Name]['params'],
  asItShould: (view: Views[Name]['result']) => boolean,
): Promise<Views[Name]['result']> {
  return new Promise((resolve, reject) => {
    let watching: { stop(): void } | null = null;
    const show = (view: Views[Name]['result']): void => {
      if (!asItShould(view)) return;
      resolve(view);
      queueMicrotask(() => watching?.stop());
    };
    tab.watch(name, params, show).then((watch) => {
      watching = watch;
    }, reject);
  });
}

/** The first sync is over. */
export const ready = (tab: Database): Promise<unknown> => seen(tab, 'home', {}, (home) => home.ready);
/** Nothing waits to be sent, and the school has answered. */
export const allSent = (tab: Database): Promise<unknown> => seen(tab, 'sync', {}, (sync) => sync.unsent === 0 && sync.state === 'resting');

/** As when the app is closed. */
export async function closeTab(tab: Database): Promise<void> {
  opened.splice(opened.indexOf(tab), 1);
  await tab.close();
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((tab) => tab.close()));
  expect(failures.splice(0)).toEqual([]);
});

/** Takes the quiz of a course, all right, and answers the attempt's id. */
export async function takeQuiz(tab: Database, courseId: string): Promise<string> {
  expect(await tab.beginQuiz(courseId, 'check')).toEqual({ ok: true, value: null });
  await tab.saveAnswer(courseId, 'check', 'q1', { kind: 'single', option: 'b' });
  await tab.saveAnswer(courseId, 'check', 'q2', { kind: 'numeric', text: '3' });
  const submitted = await tab.submitQuiz(courseId, 'check');
  if (!submitted.ok) throw new Error(submitted.detail);
  return submitted.value.attemptId;
}
