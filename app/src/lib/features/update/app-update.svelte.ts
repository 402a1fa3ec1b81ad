import { database } from '$lib/client/index.ts';
import { onNetworkReturn } from '$lib/platform/online.ts';
import { reloadPage } from '$lib/platform/page.ts';
import { type Registration, registerServiceWorker } from '$lib/platform/service-worker.ts';
import { watchVisibility } from '$lib/platform/visibility.ts';
import { checkIsDue } from './check-schedule.ts';

/** `none`: this is the newest build known. `waits`: a newer one waits for the open quiz. `ready`: it can be taken now. */
export type UpdateState = 'none' | 'waits' | 'ready' | 'taking';

/** The newer build of the app, from the moment it is on the device until it runs. */
class AppUpdate {
  state = $state.raw<UpdateState>('none');
  /** Why this browser cannot keep the app for offline use, in its own words, empty when it gave none; null: it can, as far as is known. */
  trouble = $state.raw<string | null>(null);
  #registration: Registration | null = null;
  #lastCheckMs = 0;
  #started = false;

  /** Registers the service worker and watches for new builds as long as the page lives. Once; later calls change nothing. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    try {
      this.#registration = await registerServiceWorker({ onWaiting: () => void this.#found(), onReplaced: reloadPage });
    } catch (error) {
      // The app works as long as the page is open: that is no alarm, and the sync screen tells of it.
      this.trouble = error instanceof Error ? error.message : String(error);
      return;
    }
    // A page that is not on a secure address has no service workers. In development none is wanted.
    if (this.#registration === null && !import.meta.env.DEV) this.trouble = '';
    this.#lastCheckMs = Date.now();
    watchVisibility((visible) => {
      if (!visible) return;
      void this.#check();
      // A quiz may have been handed in in another tab.
      void this.askAgain();
    });
    onNetworkReturn(() => void this.#check());
  }

  /** Asks again whether a quiz is open, on this device and in any tab: attempts are kept where every tab sees them. */
  async askAgain(): Promise<void> {
    if (this.state !== 'waits' && this.state !== 'ready') return;
    this.state = (await database().quizOpen()) ? 'waits' : 'ready';
  }

  /** Lets the new build in, and every tab reloads; not while a quiz is open. */
  async take(): Promise<void> {
    await this.askAgain();
    if (this.state !== 'ready' || this.#registration === null) return;
    this.state = 'taking';
    this.#registration.activate();
  }

  async #found(): Promise<void> {
    this.state = 'waits';
    await this.askAgain();
  }

  async #check(): Promise<void> {
    const now = Date.now();
    if (!checkIsDue(this.#lastCheckMs, now)) return;
    this.#lastCheckMs = now;
    // No network is the usual case, and the next hour asks again.
    await this.#registration?.check().catch(() => undefined);
  }
}

export const appUpdate = new AppUpdate();
