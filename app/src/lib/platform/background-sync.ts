import { SEND_WORK_TAG } from '@darasa/shared/protocol';
import { onlineHint } from './online.ts';

/** [Background Sync](https://wicg.github.io/background-sync/spec/) and its periodic form: Chromium's, and TypeScript knows neither. */
interface SyncRegistration extends ServiceWorkerRegistration {
  readonly sync?: { register(tag: string): Promise<void> };
  readonly periodicSync?: { register(tag: string, options: { readonly minInterval: number }): Promise<void> };
}

const TWICE_A_DAY_MS = 12 * 60 * 60 * 1_000;

/** What is sent within this time needs no help. */
const SOON_MS = 2_000;

/**
 * Has work that is still unsent after a moment sent by the service worker, as soon as there is a network, though no page is open then (P10
 * of docs/sync-spec.md). Chromium lets a page ask for it, and not while it closes: so it is asked beforehand.
 */
export class LaterSending {
  readonly #onError: (error: unknown) => void;
  #waiting: ReturnType<typeof setTimeout> | null = null;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  note(unsent: boolean): void {
    if (!unsent) this.#forget();
    else if (!onlineHint()) this.#ask();
    else this.#waiting ??= setTimeout(() => this.#ask(), SOON_MS);
  }

  #forget(): void {
    if (this.#waiting !== null) clearTimeout(this.#waiting);
    this.#waiting = null;
  }

  #ask(): void {
    this.#forget();
    askForBackgroundSync().catch(this.#onError);
  }
}

/** Without effect where the browser knows no such thing: there the work goes when the app is opened. */
async function askForBackgroundSync(): Promise<void> {
  const registration: SyncRegistration | undefined = await navigator.serviceWorker?.getRegistration();
  if (registration?.active == null) return;
  await Promise.all([
    registration.sync?.register(SEND_WORK_TAG).catch(ignoreRefusal),
    // Twice a day besides, where the app is installed and the browser grants it.
    registration.periodicSync?.register(SEND_WORK_TAG, { minInterval: TWICE_A_DAY_MS }).catch(ignoreRefusal),
  ]);
}

/** The person, or the browser for them, has forbidden it. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'NotAllowedError')) throw error;
}
