import { Workbox } from 'workbox-window';

export interface ServiceWorkerEvents {
  /** A new build has been fetched and waits until it is let in. */
  readonly onWaiting: () => void;
  /** A new build has taken over: this page belongs to the old one. */
  readonly onControlling: () => void;
}

export interface Registration {
  /** Lets the waiting build take over. */
  activate(): void;
  /** Asks the server whether there is a new build. */
  check(): Promise<void>;
}

/** Registers the service worker; null where the browser has none. The caller decides when a new build takes over. */
export async function registerServiceWorker(events: ServiceWorkerEvents): Promise<Registration | null> {
  if (!('serviceWorker' in navigator)) return null;
  const workbox = new Workbox('/service-worker.js', { scope: '/' });
  workbox.addEventListener('waiting', events.onWaiting);
  workbox.addEventListener('controlling', (event) => {
    // The first build of all takes over too; nothing old runs then.
    if (event.isUpdate === true) events.onControlling();
  });
  await workbox.register();
  return { activate: () => workbox.messageSkipWaiting(), check: () => workbox.update() };
}
