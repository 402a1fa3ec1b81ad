import { Workbox } from 'workbox-window';

export interface ServiceWorkerEvents {
  /** A new build has been fetched whole and waits until it is let in. */
  readonly onWaiting: () => void;
  /** A new build has taken over: this page belongs to the old one, whose files are gone. */
  readonly onReplaced: () => void;
}

export interface Registration {
  /** Lets the waiting build take over, in every tab. */
  activate(): void;
  /** Asks the server whether there is a new build; rejects when it cannot be reached. */
  check(): Promise<void>;
}

/**
 * Registers the service worker; null where the browser has none, and in development, where its cache would hide what was just
 * changed. The caller decides when a new build takes over.
 */
export async function registerServiceWorker(events: ServiceWorkerEvents): Promise<Registration | null> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return null;
  const workbox = new Workbox('/service-worker.js', { scope: '/', updateViaCache: 'none' });
  workbox.addEventListener('waiting', events.onWaiting);

  // The first build of all takes this page over too; nothing old runs then. (Workbox's `isUpdate` tells how things stood when the
  // page was loaded, and misses the update of a page that was here before the first build.)
  let hadController = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (hadController) events.onReplaced();
    hadController = true;
  });

  await workbox.register();
  return { activate: () => workbox.messageSkipWaiting(), check: () => workbox.update() };
}
