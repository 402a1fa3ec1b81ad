import { expose, proxy } from 'comlink';
import type { DatabaseApi } from './api.ts';
import { Database } from './database.ts';
import type { TabChannel } from './environment.ts';
import { openLocal, openRemote } from './pouch.ts';

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

const database = new Database(
  {
    now: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>), // never shared memory: it is made where it is asked for
    chance: () => Math.random(),
    fetch: (input, init) => fetch(input, init),
    // Absent in WebKit before 15.4.
    locks: 'locks' in navigator ? navigator.locks : null,
    openChannel,
    indexedDB: { factory: indexedDB, keyRange: IDBKeyRange },
    openLocal,
    openRemote,
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

const watch: DatabaseApi['watch'] = async (name, params, show) => proxy(await database.watch(name, params, show));
const watchPerson: DatabaseApi['watchPerson'] = async (show) => proxy(await database.watchPerson(show));

// Comlink calls methods on what it is given: the two that answer with something living answer with a proxy of it.
expose(Object.assign(database, { watch, watchPerson }));
