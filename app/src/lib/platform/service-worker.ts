import { SILENCE_MS } from '@darasa/shared/protocol';
import { Workbox } from 'workbox-window';
import { inSilence } from './silence.ts';

export interface ServiceWorkerEvents {
  /** A new build has just been fetched whole and waits until it is let in; again for each newer one that takes its place. */
  readonly onWaiting: () => void;
  /** A new build has taken over: this page belongs to the old one, whose files are gone. */
  readonly onReplaced: () => void;
}

export interface Registration {
  /** Whether a build waits to be let in. */
  waits(): boolean;
  /**
   * Asks the browser to let the waiting build take over, in every tab. It does so in its own time: `onReplaced` tells. Resolves then or
   * when the silence that this needs is over.
   */
  activate(): Promise<void>;
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
  const locks = 'locks' in navigator ? navigator.locks : null;
  const wait = (milliseconds: number): Promise<void> => new Promise((over) => setTimeout(over, milliseconds));
  return await followBuilds(navigator.serviceWorker, workbox, (act) => inSilence({ locks, wait, longestMs: SILENCE_MS }, act), events);
}

/** Registers and follows every build that comes, as long as the page lives. */
export async function followBuilds(
  container: Pick<ServiceWorkerContainer, 'controller' | 'addEventListener'>,
  workbox: Pick<Workbox, 'register' | 'messageSkipWaiting' | 'update'>,
  silently: (act: () => void) => Promise<void>,
  events: ServiceWorkerEvents,
): Promise<Registration> {
  // The first build of all takes this page over too; nothing old runs then. (Workbox's `isUpdate` tells how things stood when the
  // page was loaded, and misses the update of a page that was here before the first build.)
  let hadController = container.controller !== null;
  container.addEventListener('controllerchange', () => {
    if (hadController) events.onReplaced();
    hadController = true;
  });

  const registration = await workbox.register();
  if (registration === undefined) throw new Error('This page has registered its service worker before.');
  // The first build of all waits for nobody.
  const waits = (): boolean => registration.waiting !== null && registration.active !== null;
  // Workbox's own `waiting` comes once for a build that was found after the page was loaded, and for no later one.
  const follow = (): void => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && waits()) events.onWaiting();
    });
  };
  registration.addEventListener('updatefound', follow);
  follow();

  let silent = false;
  return {
    waits,
    activate: async () => {
      if (silent) {
        workbox.messageSkipWaiting();
        return;
      }
      silent = true;
      await silently(() => workbox.messageSkipWaiting()).finally(() => {
        silent = false;
      });
    },
    check: () => workbox.update(),
  };
}
