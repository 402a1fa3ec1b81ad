import { BACKGROUND_SEND_LOCK } from '@darasa/shared/protocol';
import { expect, test, vi } from 'vitest';
import { silenceable } from '../../workers/database/silence.ts';
import { fakeLocks } from '../../workers/database/testing/locks.fixture.ts';
import { inSilence } from './silence.ts';

const longestMs = 30;
const never = (): Promise<never> => new Promise(() => undefined);

/** Two tabs of one device, whose requests end when the test says so. */
function device() {
  const locks = fakeLocks();
  const told: string[] = [];
  const tab = (name: string): typeof fetch =>
    silenceable(async (input, init) => {
      init?.signal?.throwIfAborted();
      told.push(`${name} asks ${String(input)}`);
      return String(input) === 'news' ? never() : new Response();
    }, locks);
  const letIn = (wait: (milliseconds: number) => Promise<void>) => inSilence({ locks, wait, longestMs }, () => told.push('let in'));
  return { locks, told, one: tab('one'), other: tab('other'), letIn };
}

test('a new build is let in when no tab begins a request, and none begins until the page is gone', async () => {
  const { told, one, other, letIn } = device();
  void one('news'); // it stays open, and keeps nobody
  let reload = (): void => undefined;
  void letIn(
    () =>
      new Promise((gone) => {
        reload = gone;
      }),
  );
  await vi.waitFor(() => expect(told).toEqual(['one asks news', 'let in']));
  const after = [one('after'), other('after')];
  reload();
  expect(told).toEqual(['one asks news', 'let in']);
  await Promise.all(after);
  expect(told.slice(2)).toEqual(['one asks after', 'other asks after']);
});

test('requests go on after a while where the browser did not let the new build in', async () => {
  const { locks, told, letIn } = device();
  void letIn(never);
  await vi.waitFor(() => expect(told).toEqual(['let in']));
  const patient = silenceable(async () => new Response(), locks, longestMs);
  expect((await patient('after')).ok).toBe(true);
  expect(told).toEqual(['let in']);
});

test('a request that is given up in the silence ends at once', async () => {
  const { told, one, letIn } = device();
  void letIn(never);
  await vi.waitFor(() => expect(told).toEqual(['let in']));
  const stop = new AbortController();
  const asked = one('given up', { signal: stop.signal });
  stop.abort();
  await expect(asked).rejects.toThrow();
  expect(told).toEqual(['let in']);
});

test('a request that fails tells who asked, and holds no silence up', async () => {
  const { locks, told, letIn } = device();
  const failing = silenceable(() => Promise.reject(new TypeError('no network')), locks);
  await expect(failing('now')).rejects.toThrow('no network');
  void letIn(never);
  await vi.waitFor(() => expect(told).toEqual(['let in']));
});

test('a tab that is asleep in the middle of beginning a request holds a new build up for a while only', async () => {
  const { locks, told, letIn } = device();
  void locks.request('darasa-requests', { mode: 'shared' }, never);
  await letIn(never);
  expect(told).toEqual(['let in']);
});

test('a background send of the service worker gives way, and has failed for the browser, which tries it again', async () => {
  const { locks, told, letIn } = device();
  const sync = locks.request(BACKGROUND_SEND_LOCK, never);
  const failed = expect(sync).rejects.toThrow('stolen');
  void letIn(never);
  await failed;
  await vi.waitFor(() => expect(told).toEqual(['let in']));
});

test('a browser without locks lets a new build in at once', async () => {
  const act = vi.fn();
  await inSilence({ locks: null, wait: never, longestMs }, act);
  expect(act).toHaveBeenCalledOnce();
  expect((await silenceable(async () => new Response(), null)('now')).ok).toBe(true);
});
