import { SEND_WORK_TAG } from '@darasa/shared/protocol';

/** [Background Sync](https://wicg.github.io/background-sync/spec/) and its periodic form: Chromium's, and TypeScript knows neither. */
interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
  readonly periodicSync?: { register(tag: string, options: { readonly minInterval: number }): Promise<void> };
}

const TWICE_A_DAY_MS = 12 * 60 * 60 * 1_000;

/**
 * Asks the browser to let the service worker send as soon as there is a network, though no page is open then; and twice a day
 * besides where the app is installed and the browser grants it. Without effect where the browser knows no such thing: there the
 * work goes when the app is opened.
 */
export async function sendWhenThereIsNetwork(): Promise<void> {
  const registration: SyncRegistration | undefined = await navigator.serviceWorker?.getRegistration();
  if (registration?.active == null) return;
  await Promise.all([
    registration.sync?.register(SEND_WORK_TAG).catch(ignoreRefusal),
    registration.periodicSync?.register(SEND_WORK_TAG, { minInterval: TWICE_A_DAY_MS }).catch(ignoreRefusal),
  ]);
}

/** The person, or the browser for them, has forbidden it. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'NotAllowedError')) throw error;
}
