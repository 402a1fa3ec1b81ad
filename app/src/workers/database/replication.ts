import { LAST_RANK, rankOf } from '@darasa/shared/sync';
import type { DataUse, NetworkHint, Outcome, SyncProblem, SyncView } from './api.ts';
import type { PlaceRow } from './device-store.ts';
import { instantOf } from './environment.ts';
import type { WorkPlaces } from './honesty.ts';
import { hubOf, type Places } from './places.ts';
import type { Refusals } from './refusals.ts';
import { NO_PROGRESS, SchoolSync, type SchoolSyncParts, type SyncEnd, type SyncProgress } from './school-sync.ts';
import { afterEvent, FLOOR_MS, firstState, heldBack, nextStep, type PolicyEvent, type PolicyState, type Step } from './sync-policy.ts';
import { retryAfterOf, syncProblem } from './sync-problem.ts';
import { failed } from './write.ts';

/*
 * The loop that talks to the school, or to the class laptop that stands in for it. When, and about what, is decided by `sync-policy.ts`;
 * with which place, by `places.ts`; how is the matter of `school-sync.ts`.
 *
 * Over all tabs of the device one leads, by a lock that the browser gives to the next when a tab closes. A leader that nobody looks at any
 * more lets the lock go, so that a tab that somebody looks at may lead. Nothing on a screen waits for any of this.
 */

export interface ReplicationParts extends Omit<SchoolSyncParts, 'onProgress' | 'onHeard' | 'onProblem'> {
  readonly accountId: string;
  readonly school: string;
  readonly work: WorkPlaces;
  readonly places: Places;
  readonly refusals: Refusals;
  /** Makes unsent work ready for whoever sends it when no page is open. */
  readonly fillOutbox: () => Promise<void>;
  /** Tells the tab that leads that somebody looks at this one, or asks for a sync here. */
  readonly wakeLeader: (asked: boolean) => void;
  /** The state, or what is sent and unsent, changed. */
  readonly onChange: () => void;
  /** The loop itself failed: a bug. */
  readonly onError: (error: unknown) => void;
}

/** What the page knows of the world outside, which decides when to sync. */
export type Outside = Pick<PolicyState, 'visible' | 'network' | 'dataUse'>;

export interface ReplicationState {
  readonly state: SyncView['state'];
  readonly progress: SyncProgress;
  readonly problem: SyncProblem | null;
  readonly rest: SyncView['rest'];
  readonly heldBack: SyncView['heldBack'];
  readonly dataUse: DataUse;
}

/** Whether another place may do what this one did not: it did not answer, not as it should, or it knows no session of this account. */
function isOfPlace(error: unknown): boolean {
  return ['unreachable', 'server', 'signed-out'].includes(syncProblem(error).id);
}

/** Writes come in groups, and are counted once. */
const NOTICE_MS = 100;

type Exchange = Extract<Step, { kind: 'exchange' }>;
type Ended = Extract<PolicyEvent, { kind: 'ended' }>;

export class Replication {
  readonly #parts: ReplicationParts;
  readonly #sync: SchoolSync;
  readonly #end = new AbortController();
  #shown: ReplicationState;
  #policy: PolicyState;
  #leads = false;
  /** Another tab, which somebody looks at, should lead. */
  #yields = false;
  /** Stops the exchange that stands open for news. */
  #standing: AbortController | null = null;
  /** The person asked: every place is asked, however long ago it last answered. */
  #anew = false;
  #wake: () => void = () => undefined;
  /** What was unsent when it was last counted: ids with their leaves. */
  #unsent: ReadonlySet<string> = new Set();
  #stopNoticing: (() => void) | null = null;
  #noticing: Promise<void> = Promise.resolve();
  readonly #running: Promise<void>;

  constructor(parts: ReplicationParts, outside: Outside) {
    this.#parts = parts;
    this.#policy = firstState(outside);
    this.#shown = { state: 'elsewhere', progress: NO_PROGRESS, problem: null, rest: null, ...this.#choices() };
    this.#sync = new SchoolSync({
      ...parts,
      onProgress: (progress) => this.#show({ progress }),
      onHeard: (place) => void this.#heard(place).catch(parts.onError),
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

  /** The person asks for everything, now. */
  syncNow(): void {
    this.#anew = true;
    this.#tell({ kind: 'asked' });
    if (!this.#leads) this.#parts.wakeLeader(true);
  }

  /** Somebody looks at another tab, which waits for the lead, or asks there. */
  wokenElsewhere(asked: boolean): void {
    if (!this.#leads) return;
    if (!this.#policy.visible) {
      this.#yields = true;
      this.#wake();
    } else if (asked) this.syncNow();
  }

  setVisible(visible: boolean): void {
    this.#tell({ kind: 'visible', visible });
    if (visible && !this.#leads) this.#parts.wakeLeader(false);
  }

  setNetwork(network: NetworkHint): void {
    this.#parts.places.forget();
    this.#tell({ kind: 'network', network });
  }

  setDataUse(dataUse: DataUse): void {
    this.#tell({ kind: 'data-use', dataUse });
  }

  /** The person's own database changed: if by the person, it has to be sent. */
  ownWorkChanged(): void {
    if (this.#end.signal.aborted) return;
    this.#stopNoticing ??= this.#parts.environment.after(NOTICE_MS, () => {
      this.#stopNoticing = null;
      this.#noticing = this.#noticing.then(() => this.#noticeWork()).catch(this.#parts.onError);
    });
  }

  /** What the person may read has changed, or they have signed in again: everything that they may read now is asked for. */
  rightsChanged(): void {
    this.#tell({ kind: 'rights' });
  }

  /** Which courses are open to all has changed. In an exchange the school sees to that by itself. */
  openCoursesChanged(): void {
    if (this.#sync.replicates) this.rightsChanged();
  }

  async retry(id: string): Promise<Outcome> {
    const { places, school, refusals, openSchool, work } = this.#parts;
    // Only the school's word counts.
    const atSchool = (await places.of(school)).find((place) => hubOf(place) === null);
    if (atSchool === undefined) return failed('unreachable', 'This device does not know where the school is');
    const outcome = await refusals.retry(id, await openSchool(atSchool, 'push'));
    work.forget();
    this.#parts.onChange();
    return outcome;
  }

  async close(): Promise<void> {
    this.#stopNoticing?.();
    this.#end.abort();
    this.#wake();
    await this.#running;
    await this.#noticing;
  }

  /** Tells the policy what happened, and ends what it wants to end. An exchange that moves documents is never cut short. */
  #tell(event: PolicyEvent): void {
    const { environment } = this.#parts;
    this.#policy = afterEvent(this.#policy, event, environment.elapsed(), environment.chance());
    const next = nextStep(this.#policy, environment.elapsed());
    if (next.kind === 'rest' || next.waitMs === 0) this.#standing?.abort();
    this.#show(this.#choices());
    this.#wake();
  }

  #choices(): Pick<ReplicationState, 'heldBack' | 'dataUse'> {
    return { heldBack: heldBack(this.#policy), dataUse: this.#policy.dataUse };
  }

  #show(change: Partial<ReplicationState>): void {
    const next = { ...this.#shown, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#shown)) return;
    this.#shown = next;
    this.#parts.onChange();
  }

  async #noticeWork(): Promise<void> {
    await this.#parts.fillOutbox();
    const before = this.#unsent;
    const ranks = await this.#countUnsent();
    const written = [...ranks].filter(([work]) => !before.has(work)).map(([, rank]) => rank);
    if (written.length > 0) this.#tell({ kind: 'wrote', rank: Math.min(...written) });
  }

  async #countUnsent(): Promise<ReadonlyMap<string, number>> {
    const { places, school, storageAt } = this.#parts;
    const known = await places.of(school);
    const place = known.find(({ address }) => address === places.current) ?? (await places.served());
    const waiting = await storageAt(place, 'all').waiting();
    const ranks = new Map(waiting.map(([id, leaves]) => [`${id} ${leaves.join(' ')}`, rankOf(id)]));
    this.#unsent = new Set(ranks.keys());
    this.#tell({ kind: 'unsent', rank: ranks.size === 0 ? null : Math.min(LAST_RANK, ...ranks.values()) });
    return ranks;
  }

  async #lead(): Promise<void> {
    const { locks } = this.#parts.environment;
    while (!this.#end.signal.aborted) {
      if (locks === null) await this.#steps();
      else {
        if (this.#policy.visible) this.#parts.wakeLeader(false);
        try {
          await locks.request(`darasa-sync-${this.#parts.accountId}`, { signal: this.#end.signal }, () => this.#steps());
        } catch (error) {
          if (!this.#end.signal.aborted) throw error;
        }
      }
    }
  }

  /** One step after another until this tab ends, or another tab should lead. */
  async #steps(): Promise<void> {
    const { environment } = this.#parts;
    this.#leads = true;
    this.#yields = false;
    let seen = this.#policy.visible;
    try {
      await this.#countUnsent();
      while (!this.#end.signal.aborted && !this.#yields && (this.#policy.visible || !seen)) {
        seen = this.#policy.visible;
        const step = nextStep(this.#policy, environment.elapsed());
        if (step.kind === 'rest') await this.#rest(step);
        else await this.#exchange(step);
      }
    } finally {
      this.#leads = false;
      if (!this.#end.signal.aborted) this.#show({ state: 'elsewhere', progress: NO_PROGRESS, rest: null });
    }
  }

  /** Until the time has come, or something happened. */
  async #rest({ until, because }: Extract<Step, { kind: 'rest' }>): Promise<void> {
    const { environment } = this.#parts;
    const left = until === null ? null : Math.max(0, until - environment.elapsed());
    const at = left === null ? null : new Date(environment.now() + left).toISOString();
    const { state } = this.#shown;
    this.#show({ rest: { because, until: at }, state: state === 'elsewhere' || state === 'working' ? 'waiting' : state });
    await new Promise<void>((resolve) => {
      const stop = left === null ? () => undefined : environment.after(left, resolve);
      this.#wake = () => {
        stop();
        resolve();
      };
    });
  }

  async #exchange(step: Exchange): Promise<void> {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    this.#end.signal.addEventListener('abort', end, { once: true });
    const stands = step.waitMs > 0;
    const began = this.#parts.environment.elapsed();
    this.#tell({ kind: 'began' });
    if (stands) this.#standing = stop;
    this.#show({ rest: null, ...(stands ? {} : { state: 'working' }) });
    let ended: Ended;
    try {
      const how = await this.#meet(stop.signal, async (place) => {
        const end = stands ? await this.#sync.news(place, stop.signal) : await this.#sync.once(place, stop.signal, step.scope);
        if (end !== 'stopped') await this.#rested(place);
        return end;
      });
      ended = this.#endedBy(how, step, began);
    } catch (error) {
      if (this.#end.signal.aborted) return;
      ended = await this.#failed(error);
    } finally {
      this.#standing = null;
      this.#end.signal.removeEventListener('abort', end);
    }
    if (this.#end.signal.aborted) return;
    await this.#countUnsent();
    this.#tell(ended);
  }

  /** Meets the nearest place, and at once another where it fails (rule L3). */
  async #meet(signal: AbortSignal, meet: (place: PlaceRow) => Promise<SyncEnd>): Promise<SyncEnd> {
    const { places, school } = this.#parts;
    const first = await places.nearest(school, this.#anew);
    this.#anew = false;
    if (signal.aborted) return 'stopped';
    try {
      const end = await meet(first);
      places.worked(first);
      return end;
    } catch (error) {
      if (signal.aborted || !isOfPlace(error)) throw error;
      places.failed(first);
      const other = await places.instead(school, first);
      if (signal.aborted || other === null) throw error;
      try {
        const end = await meet(other);
        places.worked(other);
        return end;
      } catch (second) {
        places.failed(other);
        throw second;
      }
    }
  }

  #endedBy(how: SyncEnd, { scope, waitMs }: Exchange, began: number): Ended {
    if (how === 'stopped') return { kind: 'ended', outcome: 'stopped' };
    if (how === 'unproved' && scope !== 'work') return { kind: 'ended', outcome: 'unproved' };
    // Where the school keeps no request open, asking on and on would change nothing.
    const soon = waitMs > 0 && this.#parts.environment.elapsed() - began < FLOOR_MS && this.#sync.progress.received === 0;
    return { kind: 'ended', outcome: 'good', ...(soon ? { retryAfterMs: FLOOR_MS } : {}) };
  }

  async #rested(place: PlaceRow): Promise<void> {
    await this.#heard(place);
    await this.#parts.fillOutbox();
    this.#show({ state: 'resting', progress: { ...this.#shown.progress, remaining: null }, problem: null });
  }

  async #heard({ kind, name }: PlaceRow): Promise<void> {
    const { store, own, environment } = this.#parts;
    await store.changeMark(own.database.name, { contactAt: instantOf(environment), contactWith: { kind, name } });
  }

  async #failed(error: unknown): Promise<Ended> {
    const { places, school } = this.#parts;
    const problem = syncProblem(error);
    const signedOut = problem.id === 'signed-out';
    // Another place may answer before the password comes.
    const waits = signedOut && (await places.of(school)).length === 1;
    const progress = { ...this.#shown.progress, remaining: null };
    this.#show({ state: signedOut ? 'signed-out' : 'offline', progress, problem });
    return { kind: 'ended', outcome: waits ? 'signed-out' : 'failed', retryAfterMs: retryAfterOf(error) };
  }
}
