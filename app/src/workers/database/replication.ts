import type { Scope } from '@darasa/shared/protocol';
import type { Outcome, SyncProblem, SyncView } from './api.ts';
import type { DeviceStore } from './device-store.ts';
import type { Environment } from './environment.ts';
import type { WorkPlaces } from './honesty.ts';
import type { LocalDatabase, Pouch } from './local-database.ts';
import { type Pull, type PullEvents, pull } from './pull-push.ts';
import type { Refusals } from './refusals.ts';
import { noteContact, sendWork } from './send-work.ts';
import { isForbidden, syncProblem } from './sync-problem.ts';

/*
 * When a device talks to the school.
 *
 * Over all tabs of the device one leads, by a lock that the browser gives to the next when a tab closes. The leader works
 * in rounds: send the person's own work, fetch their own partitions, fetch content. After a good round, while somebody
 * looks at the page, both pulls stay open and new work is sent as it is written; otherwise the next round waits until
 * something wakes it. After a bad round the next try waits longer each time, at random, so that a class that comes back
 * into the network does not come back in step. Nothing on a screen waits for any of this.
 */

export interface ReplicationParts {
  readonly environment: Environment;
  readonly store: DeviceStore;
  readonly accountId: string;
  readonly content: LocalDatabase;
  readonly own: LocalDatabase;
  readonly places: WorkPlaces;
  readonly refusals: Refusals;
  /** Opens the school's database: under an identity that changes with what the person may read, for the checkpoints. */
  readonly openSchool: (scope: Scope | 'push') => Promise<Pouch>;
  /** The state, or what is sent and unsent, changed. */
  readonly onChange: () => void;
  /** The loop itself failed: a bug. */
  readonly onError: (error: unknown) => void;
}

export interface ReplicationState {
  readonly state: SyncView['state'];
  readonly remaining: number | null;
  readonly problem: SyncProblem | null;
}

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** A hidden page looks again this often, where the browser lets it. */
const HIDDEN_WAIT_MS = 15 * 60_000;
/** Writes come in groups: a submitted quiz is three documents. */
const GATHER_MS = 250;

export class Replication {
  readonly #parts: ReplicationParts;
  readonly #end = new AbortController();
  #shown: ReplicationState = { state: 'elsewhere', remaining: null, problem: null };
  #visible: boolean;
  #leads = false;
  #failures = 0;
  /** Pulls that stay open. */
  #open: Pull[] = [];
  /** The pull of the round that runs. */
  #once: Pull | null = null;
  #pushing: Promise<void> | null = null;
  #pushAgain = false;
  #wake: () => void = () => undefined;
  #woken = false;
  readonly #running: Promise<void>;

  constructor(parts: ReplicationParts, visible: boolean) {
    this.#parts = parts;
    this.#visible = visible;
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
    if (this.#leads && this.#open.length > 0) this.#parts.environment.after(GATHER_MS, () => this.#pushSoon());
    else if (this.#shown.state === 'resting') this.#rouse();
  }

  /** What the person may read has changed: everything that they may read now is asked for. */
  rolesChanged(): void {
    this.#rouse();
  }

  async retry(id: string): Promise<Outcome> {
    const outcome = await this.#parts.refusals.retry(id, await this.#parts.openSchool('push'));
    this.#parts.places.forget();
    this.#parts.onChange();
    return outcome;
  }

  async close(): Promise<void> {
    this.#end.abort();
    this.#rouse();
    this.#once?.stop();
    await this.#running;
    await this.#pushing?.catch(() => undefined); // Told to who began it.
  }

  #show(change: Partial<ReplicationState>): void {
    const next = { ...this.#shown, ...change };
    if (next.state === this.#shown.state && next.remaining === this.#shown.remaining && sameProblem(next.problem, this.#shown.problem))
      return;
    this.#shown = next;
    this.#parts.onChange();
  }

  /** Ends a wait, or the pulls that stay open; the loop decides what comes next. A round that runs is not cut short. */
  #rouse(): void {
    this.#woken = true;
    this.#wake();
    for (const each of this.#open) each.stop();
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
        if (good && this.#visible) await this.#stayOpen();
        else if (!this.#woken) await this.#wait(good ? HIDDEN_WAIT_MS : this.#backOff());
        if (seen && !this.#visible) return;
      }
    } finally {
      this.#leads = false;
      if (!this.#end.signal.aborted) this.#show({ state: 'elsewhere', remaining: null });
    }
  }

  async #round(): Promise<boolean> {
    this.#show({ state: 'working' });
    try {
      await this.#push();
      await this.#pull('own', false);
      await this.#pull('content', false);
      // What was merged while it arrived has to go back.
      await this.#push();
      if (this.#end.signal.aborted) return false;
      const { store, own, content } = this.#parts;
      for (const { name } of [own, content]) await store.changeMark(name, { complete: true });
      this.#failures = 0;
      await this.#heard();
      this.#show({ state: 'resting', remaining: null, problem: null });
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** Both pulls stay open until one fails, or something rouses the loop. */
  async #stayOpen(): Promise<void> {
    let wait = HIDDEN_WAIT_MS;
    try {
      await Promise.all([this.#pull('own', true), this.#pull('content', true)]);
    } catch (error) {
      this.#failed(error);
      wait = this.#backOff();
    }
    for (const each of this.#open) each.stop();
    this.#open = [];
    // Where the school lets this person pull nothing at all, both end at once, and asking on and on would change nothing.
    if (!this.#woken && !this.#end.signal.aborted) await this.#wait(wait);
  }

  async #pull(scope: Scope, live: boolean): Promise<void> {
    const { own, content, places, openSchool } = this.#parts;
    const remote = await openSchool(scope);
    if (this.#end.signal.aborted || (live && this.#woken)) return;
    const events: PullEvents = {
      onDocuments: (docs) => {
        if (scope === 'own') places.received(docs);
        this.#heard().catch(this.#parts.onError);
      },
      onRemaining: (remaining) => this.#show({ remaining }),
      onActive: () => this.#show({ state: 'working' }),
      // A pull of a round ends long before the round does.
      onResting: () => live && this.#show({ state: 'resting', remaining: null, problem: null }),
    };
    const pulling = pull(remote, scope === 'own' ? own : content, scope, live, events);
    if (live) this.#open.push(pulling);
    else this.#once = pulling;
    try {
      await pulling.ended;
    } catch (error) {
      // Every role is gone, or this scope is not theirs: what is here stays, and the rest goes on.
      if (!isForbidden(error)) throw error;
      this.#show({ problem: syncProblem(error) });
    } finally {
      this.#open = this.#open.filter((each) => each !== pulling);
      this.#once = null;
    }
  }

  #pushSoon(): void {
    if (this.#end.signal.aborted) return;
    this.#push().catch((error: unknown) => {
      this.#failed(error);
      this.#rouse();
    });
  }

  /** One push at a time; one more when work was written meanwhile. */
  #push(): Promise<void> {
    if (this.#pushing !== null) {
      this.#pushAgain = true;
      return this.#pushing;
    }
    this.#pushing = (async () => {
      do {
        this.#pushAgain = false;
        await this.#pushOnce();
      } while (this.#pushAgain);
    })().finally(() => {
      this.#pushing = null;
    });
    return this.#pushing;
  }

  #pushOnce(): Promise<void> {
    const { openSchool } = this.#parts;
    return sendWork({ ...this.#parts, openSchool: () => openSchool('push') });
  }

  #heard(): Promise<void> {
    return noteContact(this.#parts);
  }

  #failed(error: unknown): void {
    if (this.#end.signal.aborted) return;
    this.#failures += 1;
    const problem = syncProblem(error);
    this.#show({ state: problem.id === 'signed-out' ? 'signed-out' : 'offline', remaining: null, problem });
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

function sameProblem(one: SyncProblem | null, other: SyncProblem | null): boolean {
  return one?.id === other?.id && one?.detail === other?.detail;
}
