import type { Registration, ServiceWorkerEvents } from '$lib/platform/service-worker.ts';
import { checkIsDue } from './check-schedule.ts';

/**
 * `none`: this is the newest build known. `waits`: a newer one waits for the open quiz. `ready`: it can be taken now.
 * `taking`: somebody agreed, and the browser lets it in as soon as it can: at once, as the sync keeps silent for it. Should
 * something else have reached the old service worker in the moment it was being stopped, Chromium waits until it has had no
 * request for 30 seconds, or 5 minutes in all, and a page can do no more about it. Nobody is kept from working meanwhile.
 */
export type UpdateState = 'none' | 'waits' | 'ready' | 'taking';

export interface UpdateEnvironment {
  /** Registers the service worker; null where there is none, rejects with the browser's reason. */
  readonly register: (events: ServiceWorkerEvents) => Promise<Registration | null>;
  /** Whether a page without a service worker misses something: not so in development. */
  readonly wanted: boolean;
  /** Whether a quiz is open on this device, in any tab. */
  readonly quizOpen: () => Promise<boolean>;
  readonly reload: () => void;
  /** Both call back as long as the page lives. */
  readonly onVisible: (call: () => void) => void;
  readonly onNetworkReturn: (call: () => void) => void;
  readonly nowMs: () => number;
}

/** The newer build of the app, from the moment it is on the device until it runs. */
export class AppUpdate {
  state = $state.raw<UpdateState>('none');
  /** Why this browser cannot keep the app for offline use, in its own words, empty when it gave none; null: it can, as far as is known. */
  trouble = $state.raw<string | null>(null);
  readonly #environment: UpdateEnvironment;
  #registration: Registration | null = null;
  #lastCheckMs = 0;
  #started = false;

  constructor(environment: UpdateEnvironment) {
    this.#environment = environment;
  }

  /** Registers the service worker and watches for new builds as long as the page lives. Once; later calls change nothing. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    const { register, wanted, reload, onVisible, onNetworkReturn, nowMs } = this.#environment;
    try {
      this.#registration = await register({ onWaiting: () => void this.#found(), onReplaced: reload });
    } catch (error) {
      // The app works as long as the page is open: that is no alarm, and the sync screen tells of it.
      this.trouble = error instanceof Error ? error.message : String(error);
      return;
    }
    // A page that is not on a secure address has no service workers. In development none is wanted.
    if (this.#registration === null && wanted) this.trouble = '';
    this.#lastCheckMs = nowMs();
    if (this.#registration?.waits() === true) await this.#found();
    onVisible(() => {
      void this.#check();
      // A quiz may have been handed in in another tab.
      void this.askAgain();
    });
    onNetworkReturn(() => void this.#check());
  }

  /**
   * Looks again at how things stand: whether a build still waits, and whether a quiz is open on this device, in any tab: attempts are
   * kept where every tab sees them. A build that was agreed to is asked in once more: the word may have been lost with its worker.
   */
  async askAgain(): Promise<void> {
    const registration = this.#registration;
    if (registration === null || this.state === 'none') return;
    const open = await this.#environment.quizOpen();
    if (!registration.waits()) this.state = 'none';
    else if (this.#agreed) {
      if (!open) void registration.activate();
    } else this.state = open ? 'waits' : 'ready';
  }

  /** Lets the new build in, and every tab reloads; not while a quiz is open. */
  async take(): Promise<void> {
    await this.askAgain();
    if (this.state !== 'ready' || this.#registration === null) return;
    this.state = 'taking';
    void this.#registration.activate();
  }

  /** A yet newer build may have taken the place of one that somebody agreed to: the agreement holds for it too. */
  async #found(): Promise<void> {
    if (!this.#agreed) this.state = 'waits';
    await this.askAgain();
  }

  get #agreed(): boolean {
    return this.state === 'taking';
  }

  async #check(): Promise<void> {
    const now = this.#environment.nowMs();
    if (!checkIsDue(this.#lastCheckMs, now)) return;
    this.#lastCheckMs = now;
    // No network is the usual case, and the next hour asks again.
    await this.#registration?.check().catch(() => undefined);
  }
}
