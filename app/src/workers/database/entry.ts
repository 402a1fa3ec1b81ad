import { expose, proxy } from 'comlink';
import type { DatabaseApi } from './api.ts';
import { Database } from './database.ts';
import type { TabChannel } from './environment.ts';
import { openLocal, openRemote } from './pouch.ts';
import { removeDocuments } from './remove-documents.ts';
import { silenceable } from './silence.ts';

/** The worker's entry: it joins the database to the browser and does nothing else. */
function openChannel(): TabChannel {
  const channel = new BroadcastChannel('darasa');
  return {
    post: (message) => channel.postMessage(message),
    listen: (hear) => {
      channel.onmessage = ({ data }) => hear(data);
    },
    close: () => channel.close(),
  };
}

/** What a request's own lines take, its token among them, about. The browser measures replies alone. */
const REQUEST_LINES_BYTES = 600;

function bytesOf(body: BodyInit | null | undefined): number {
  if (typeof body === 'string') return body.length;
  return body instanceof Uint8Array ? body.byteLength : 0;
}

const meters = new Set<(bytes: number) => void>();
const count = (bytes: number): void => {
  for (const meter of meters) meter(bytes);
};

/** Replies as the browser measured them on the way: packed, and with their headers. */
function watchReplies(): void {
  if (!('PerformanceObserver' in globalThis)) return;
  new PerformanceObserver((list) => {
    const requests = list.getEntries() as PerformanceResourceTiming[]; // of type `resource` alone
    count(requests.reduce((sum, { transferSize }) => sum + transferSize, 0));
  }).observe({ type: 'resource', buffered: true });
}
watchReplies();

// Absent in WebKit before 15.4.
const locks = 'locks' in navigator ? navigator.locks : null;

const database = new Database(
  {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    random: (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>), // never shared memory: it is made where it is asked for
    chance: () => Math.random(),
    fetch: silenceable((input, init) => {
      count(bytesOf(init?.body) + REQUEST_LINES_BYTES);
      return fetch(input, init);
    }, locks),
    locks,
    openChannel,
    indexedDB: { factory: indexedDB, keyRange: IDBKeyRange },
    openLocal,
    removeDocuments: (name, ids, upTo) => removeDocuments({ factory: indexedDB, keyRange: IDBKeyRange }, name, ids, upTo),
    openRemote,
    watchTraffic: (used) => {
      meters.add(used);
      return () => meters.delete(used);
    },
    after: (milliseconds, call) => {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    },
  },
  // The page hears of it through the worker's `error` event.
  reportError,
);

// Only an `error` event reaches the page; a rejection that nobody handled is a bug and must be seen too.
addEventListener('unhandledrejection', ({ reason }) => reportError(reason));

// What lives on after its answer crosses to the page as a proxy.
const watch = database.watch.bind(database);
const watchPerson = database.watchPerson.bind(database);
const watchOutbox = database.watchOutbox.bind(database);
const living: Pick<DatabaseApi, 'watch' | 'watchPerson' | 'watchOutbox'> = {
  watch: async (name, params, show) => proxy(await watch(name, params, show)),
  watchPerson: async (show) => proxy(await watchPerson(show)),
  watchOutbox: async (show) => proxy(await watchOutbox(show)),
};

expose(Object.assign(database, living));
