import type { Outcome, SyncProblem, SyncView } from './api.ts';
import { instantOf } from './environment.ts';
import type { WorkPlaces } from './honesty.ts';
import type { Refusals } from './refusals.ts';
import { NO_PROGRESS, SchoolSync, type SchoolSyncParts, type SyncProgress } from './school-sync.ts';
import { syncProblem } from './sync-problem.ts';

/*
 * When a device talks to the school; how is the matter of `school-sync.ts`.
 *
 * Over all tabs of the device one leads, by a lock that the browser gives to the next when a tab closes. The leader works
 * in rounds: each sends the person's own work and fetches what is new. After a good round, while somebody
 * looks at the page, it waits for news from the school, and new work ends that wait; otherwise the next round waits until
 * something wakes it. After a bad round the next try waits longer each time, at random, so that a class that comes back
 * into the network does not come back in step. Nothing on a screen waits for any of this.
 */

export interface ReplicationParts extends Omit<SchoolSyncParts, 'onProgress' | 'onHeard' | 'onProblem'> {
  readonly accountId: string;
  readonly places: WorkPlaces;
  readonly refusals: Refusals;
  /** Makes unsent work ready for whoever sends it when no page is open. */
  readonly fillOutbox: () => Promise<void>;
  /** The state, or what is sent and unsent, changed. */
  readonly onChange: () => void;
  /** The loop itself failed: a bug. */
  readonly onError: (error: unknown) => void;
}

export interface ReplicationState {
  readonly state: SyncView['state'];
  readonly progress: SyncProgress;
  readonly problem: SyncProblem | null;
}

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** A hidden page looks again this often, where the browser lets it. */
const HIDDEN_WAIT_MS = 15 * 60_000;
/** A school that answers at once although there is no news is not asked again at once. */
const BETWEEN_WAITS_MS = 5_000;
/** Writes come in groups: a submitted quiz is three documents. */
const GATHER_MS = 250;

export class Replication {
  readonly #parts: ReplicationParts;
  readonly #sync: SchoolSync;
  readonly #end = new AbortController();
  #shown: ReplicationState = { state: 'elsewhere', progress: NO_PROGRESS, problem: null };
  #visible: boolean;
  #leads = false;
  #failures = 0;
  /** The wait for news. */
  #waiting: AbortController | null = null;
  #wake: () => void = () => undefined;
  #woken = false;
  #stopNoticing: (() => void) | null = null;
  #noticing: Promise<void> = Promise.resolve();
  readonly #running: Promise<void>;

  constructor(parts: ReplicationParts, visible: boolean) {
    this.#parts = parts;
    this.#visible = visible;
    this.#sync = new SchoolSync({
      ...parts,
      onProgress: (progress) => this.#show({ progress }),
      onHeard: () => void this.#heard().catch(parts.onError),
      onProblem: (problem) => this.#show({ problem }),
    });
    this.#running = this.#lead().catch(parts.onError);
  }

  get state(): ReplicationState {
    return this.#shown;
  }

  /** Whether this tab is the one that syncs. */
  get leads(): boolean {
    return this.#leads;
  }

  /** Tries now what would be tried later. */
  syncNow(): void {
    this.#failures = 0;
    this.#rouse();
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#rouse();
  }

  /** The person's own database changed: if by the person, it has to be sent. */
  ownWorkChanged(): void {
    if (this.#end.signal.aborted) return;
    this.#stopNoticing ??= this.#parts.environment.after(GATHER_MS, () => {
      this.#stopNoticing = null;
      this.#noticing = this.#noticeWork().catch(this.#parts.onError);
    });
  }

  /** What the person may read has changed: everything that they may read now is asked for. */
  rolesChanged(): void {
    this.#rouse();
  }

  /** Which courses are open to all has changed. In an exchange the school sees to that by itself. */
  openCoursesChanged(): void {
    if (this.#sync.replicates) this.#rouse();
  }

  async retry(id: string): Promise<Outcome> {
    const outcome = await this.#parts.refusals.retry(id, await this.#parts.openSchool('push'));
    this.#parts.places.forget();
    this.#parts.onChange();
    return outcome;
  }

  async close(): Promise<void> {
    this.#stopNoticing?.();
    this.#end.abort();
    this.#rouse();
    await this.#running;
    await this.#noticing;
  }

  #show(change: Partial<ReplicationState>): void {
    const next = { ...this.#shown, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#shown)) return;
    this.#shown = next;
    this.#parts.onChange();
  }

  /** Ends a wait; the loop decides what comes next. A round that runs is not cut short. */
  #rouse(): void {
    this.#woken = true;
    this.#wake();
    this.#waiting?.abort();
  }

  async #noticeWork(): Promise<void> {
    const { storage, fillOutbox } = this.#parts;
    await fillOutbox();
    const unsent = await storage.unsent({ docs: 1, bytes: 1 });
    if (unsent.length > 0 && this.#leads && this.#shown.state !== 'offline') this.#rouse();
  }

  async #lead(): Promise<void> {
    const { locks } = this.#parts.environment;
    while (!this.#end.signal.aborted) {
      if (locks === null) await this.#rounds();
      else {
        try {
          await locks.request(`darasa-sync-${this.#parts.accountId}`, { signal: this.#end.signal }, () => this.#rounds());
        } catch (error) {
          if (!this.#end.signal.aborted) throw error;
        }
      }
    }
  }

  /** Rounds until this tab ends, or is hidden while it leads: then another tab may want to lead. */
  async #rounds(): Promise<void> {
    this.#leads = true;
    try {
      while (!this.#end.signal.aborted) {
        const seen = this.#visible;
        this.#woken = false;
        const good = await this.#round();
        if (this.#end.signal.aborted) return;
        if (good && this.#visible && !this.#woken) await this.#stayOpen();
        else if (!this.#woken) await this.#wait(good ? HIDDEN_WAIT_MS : this.#backOff());
        if (seen && !this.#visible) return;
      }
    } finally {
      this.#leads = false;
      if (!this.#end.signal.aborted) this.#show({ state: 'elsewhere', progress: NO_PROGRESS });
    }
  }

  async #round(): Promise<boolean> {
    this.#show({ state: 'working' });
    try {
      await this.#sync.once(this.#end.signal);
      if (this.#end.signal.aborted) return false;
      await this.#rested();
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** Waits for news again and again, until something rouses the loop or the network fails. */
  async #stayOpen(): Promise<void> {
    while (!this.#woken && this.#visible && !this.#end.signal.aborted) {
      const waiting = new AbortController();
      this.#waiting = waiting;
      const began = this.#parts.environment.now();
      try {
        const end = await this.#sync.news(waiting.signal);
        if (end === 'stopped') return;
        await this.#rested();
      } catch (error) {
        this.#failed(error);
        if (!this.#woken) await this.#wait(this.#backOff());
        return;
      } finally {
        this.#waiting = null;
      }
      // Where the school keeps no request open, asking on and on would change nothing.
      const soon = this.#parts.environment.now() - began < BETWEEN_WAITS_MS;
      if (!this.#woken && soon && this.#sync.progress.received === 0) await this.#wait(BETWEEN_WAITS_MS);
    }
  }

  async #rested(): Promise<void> {
    this.#failures = 0;
    await this.#heard();
    await this.#parts.fillOutbox();
    this.#show({ state: 'resting', progress: { ...this.#shown.progress, remaining: null }, problem: null });
  }

  async #heard(): Promise<void> {
    const { store, own, environment } = this.#parts;
    await store.changeMark(own.database.name, { contactAt: instantOf(environment) });
  }

  #failed(error: unknown): void {
    if (this.#end.signal.aborted) return;
    this.#failures += 1;
    const problem = syncProblem(error);
    this.#show({
      state: problem.id === 'signed-out' ? 'signed-out' : 'offline',
      progress: { ...this.#shown.progress, remaining: null },
      problem,
    });
  }

  #backOff(): number {
    const { chance } = this.#parts.environment;
    const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#failures, 10));
    return most / 2 + (chance() * most) / 2;
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#parts.environment.after(milliseconds, resolve);
      this.#wake = () => {
        stop();
        resolve();
      };
    });
  }
}
