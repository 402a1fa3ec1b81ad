import { expect, test, vi } from 'vitest';
import type { Workbox } from 'workbox-window';
import { followBuilds } from '$lib/platform/service-worker.ts';
import { AppUpdate } from './app-update.svelte.ts';

/** One build of the service worker, as a page sees it. */
class FakeWorker extends EventTarget {
  state: ServiceWorkerState = 'installing';
  readonly told: unknown[] = [];
  postMessage(message: unknown): void {
    this.told.push(message);
  }
  becomes(state: ServiceWorkerState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

/** The browser's side: a registration whose builds come, wait and take over when the test says so. */
class FakeBrowser extends EventTarget {
  controller: FakeWorker | null = null;
  /** Silence begins at once, and lasts until the test says that it is over. */
  silence = async (act: () => void): Promise<void> => {
    this.silences += 1;
    act();
    await new Promise<void>((over) => {
      this.breakSilence = over;
    });
  };
  breakSilence = (): void => undefined;
  readonly registration = Object.assign(new EventTarget(), {
    installing: null as FakeWorker | null,
    waiting: null as FakeWorker | null,
    active: null as FakeWorker | null,
  });
  /** What Workbox does in this browser: it reaches the build that waits. */
  readonly workbox = {
    register: async () => this.registration,
    update: async () => undefined,
    messageSkipWaiting: () => this.registration.waiting?.postMessage({ type: 'SKIP_WAITING' }),
  };
  silences = 0;

  /** A build was fetched whole; one that waited before gives way to it. */
  fetched(): FakeWorker {
    const worker = new FakeWorker();
    const { registration } = this;
    registration.installing = worker;
    registration.dispatchEvent(new Event('updatefound'));
    const before = registration.waiting;
    registration.installing = null;
    registration.waiting = worker;
    before?.becomes('redundant');
    worker.becomes('installed');
    return worker;
  }
  letsIn(): void {
    const { registration } = this;
    registration.active?.becomes('redundant');
    registration.active = registration.waiting;
    registration.waiting = null;
    registration.active?.becomes('activating');
    this.controller = registration.active;
    this.dispatchEvent(new Event('controllerchange'));
  }
}

async function page(browser: FakeBrowser) {
  let quiz = false;
  let seen = (): void => undefined;
  const reload = vi.fn();
  const update = new AppUpdate({
    register: (events) =>
      followBuilds(
        // The fakes have what `followBuilds` asks of both, and no more of the DOM's types.
        browser as unknown as ServiceWorkerContainer,
        browser.workbox as unknown as Workbox,
        (act) => browser.silence(act),
        events,
      ),
    wanted: true,
    quizOpen: async () => quiz,
    reload,
    onVisible: (call) => {
      seen = call;
    },
    onNetworkReturn: () => undefined,
    nowMs: () => 0,
  });
  await update.start();
  const quizIsOpen = (open: boolean): void => {
    quiz = open;
  };
  return { update, reload, seen: () => seen(), quizIsOpen };
}

/** A page that runs a build which is in charge already. */
async function installedPage() {
  const browser = new FakeBrowser();
  browser.fetched();
  browser.letsIn();
  return { browser, ...(await page(browser)) };
}

const letIn = { type: 'SKIP_WAITING' };

test('the first build of all is neither offered nor a reason to reload', async () => {
  const browser = new FakeBrowser();
  const { update, reload } = await page(browser);
  browser.fetched();
  browser.letsIn();
  expect(update.state).toBe('none');
  expect(reload).not.toHaveBeenCalled();
});

test('a new build is offered, and the page reloads when the browser has let it in', async () => {
  const { browser, update, reload } = await installedPage();
  const next = browser.fetched();
  await vi.waitFor(() => expect(update.state).toBe('ready'));
  expect(next.told).toEqual([]);
  await update.take();
  expect(next.told).toEqual([letIn]);
  expect(reload).not.toHaveBeenCalled();
  browser.letsIn();
  expect(reload).toHaveBeenCalledOnce();
});

test('a build that waited before the page was opened is offered', async () => {
  const { browser } = await installedPage();
  browser.fetched();
  const { update } = await page(browser);
  await vi.waitFor(() => expect(update.state).toBe('ready'));
});

test('a new build waits for the open quiz, also when somebody presses just then', async () => {
  const { browser, update, seen, quizIsOpen } = await installedPage();
  quizIsOpen(true);
  const next = browser.fetched();
  await vi.waitFor(() => expect(update.state).toBe('waits'));
  quizIsOpen(false);
  seen();
  await vi.waitFor(() => expect(update.state).toBe('ready'));
  quizIsOpen(true);
  await update.take();
  expect([update.state, next.told]).toEqual(['waits', []]);
});

test('a build that was agreed to is asked in again when the page is seen, for the word may be lost; not while a quiz is open', async () => {
  const { browser, update, seen, quizIsOpen } = await installedPage();
  const next = browser.fetched();
  await vi.waitFor(() => expect(update.state).toBe('ready'));
  await update.take();
  quizIsOpen(true);
  await update.askAgain();
  expect([update.state, next.told]).toEqual(['taking', [letIn]]);
  quizIsOpen(false);
  browser.breakSilence();
  seen();
  await vi.waitFor(() => expect(next.told).toEqual([letIn, letIn]));
});

test('an agreement holds for a yet newer build that takes the place of the one that waited', async () => {
  const { browser, update, reload } = await installedPage();
  browser.fetched();
  await vi.waitFor(() => expect(update.state).toBe('ready'));
  await update.take();
  const newer = browser.fetched();
  await vi.waitFor(() => expect(newer.told).toEqual([letIn]));
  browser.letsIn();
  expect(reload).toHaveBeenCalledOnce();
});

test('a second newer build is offered as the first was', async () => {
  const { browser, update } = await installedPage();
  browser.fetched();
  await vi.waitFor(() => expect(update.state).toBe('ready'));
  const newer = browser.fetched();
  await update.take();
  expect(newer.told).toEqual([letIn]);
});

test('an offer ends when no build waits any more', async () => {
  const { browser, update } = await installedPage();
  browser.fetched();
  await vi.waitFor(() => expect(update.state).toBe('ready'));
  await update.take();
  browser.registration.waiting = null;
  await update.askAgain();
  expect(update.state).toBe('none');
});
