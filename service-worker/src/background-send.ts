import { BACKGROUND_SEND_LOCK, SEND_WORK_TAG } from '@darasa/shared/protocol';
import { openDeviceRecords } from './device-records.ts';
import { type SendEnvironment, sendWork } from './send-work.ts';

/** [Background Sync](https://wicg.github.io/background-sync/spec/), which TypeScript does not know; `periodicsync` has no `lastChance`. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
  readonly lastChance?: boolean;
}

/** Sends the outbox when the browser says that there is a network, with no page open. It does nothing where the browser never says so. */
export function sendInBackground(worker: ServiceWorkerGlobalScope): void {
  const nonces = new Map<string, string>();
  const send = async (lastChance: boolean): Promise<void> => {
    const records = await openDeviceRecords(worker.indexedDB);
    if (records === null) return;
    try {
      const environment: SendEnvironment = {
        records,
        fetch: (input, init) => worker.fetch(input, init),
        locks: worker.navigator.locks,
        now: () => Date.now(),
        origin: worker.location.origin,
        random: (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>), // never shared memory: it is made where it is asked for
        nonces,
        chance: () => Math.random(),
        wait: (milliseconds) => new Promise((over) => setTimeout(over, milliseconds)),
        pageIsOpen: async () => (await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })).length > 0,
      };
      await sendWork(environment, lastChance);
    } finally {
      records.close();
    }
  };
  for (const kind of ['sync', 'periodicsync']) {
    worker.addEventListener(kind, (event) => {
      const syncing = event as SyncEvent; // what these two names bring
      if (syncing.tag !== SEND_WORK_TAG) return;
      // A page whose new build waits for this service worker to rest steals the lock: the event has failed then, and is tried again.
      syncing.waitUntil(worker.navigator.locks.request(BACKGROUND_SEND_LOCK, () => send(syncing.lastChance ?? false)));
    });
  }
}
