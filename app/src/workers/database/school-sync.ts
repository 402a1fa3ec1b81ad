import type { Scope } from '@darasa/shared/protocol';
import { type ExchangeOutcome, exchangeWithSchool, type SendExchange } from '@darasa/shared/sync';
import type { SyncProblem } from './api.ts';
import type { DeviceStore, PlaceRow } from './device-store.ts';
import { type Environment, instantOf } from './environment.ts';
import { NoExchangeHere, type Traffic } from './exchange-over-http.ts';
import type { ExchangeStorage } from './exchange-storage.ts';
import type { Ledger } from './ledger.ts';
import type { Pouch } from './local-database.ts';
import { hubOf } from './places.ts';
import { type Pull, type PullEvents, pull, push } from './stock-replication.ts';
import { LIVE_MS, type Step } from './sync-policy.ts';
import { isForbidden, syncProblem } from './sync-problem.ts';

/*
 * How a device talks to the school, or to a class laptop: by exchanges, and where the place does not answer those, by stock replication. Each
 * begins where the other left off, because both go by the same ledgers.
 */

export interface SchoolSyncParts {
  readonly environment: Environment;
  readonly store: DeviceStore;
  /** The person's documents as a place meets them: everything that they may read, or what is their own alone. */
  readonly storageAt: (place: PlaceRow, scope: 'all' | 'own') => ExchangeStorage;
  readonly own: Ledger;
  readonly content: Ledger;
  readonly openExchange: (place: PlaceRow, signal: AbortSignal, onTraffic: (traffic: Traffic) => void) => SendExchange;
  /** Opens the school's database at a place for replication: under an identity that changes with what the person may read, for the checkpoints. */
  readonly openSchool: (place: PlaceRow, scope: Scope | 'push') => Promise<Pouch>;
  readonly onProgress: (progress: SyncProgress) => void;
  /** A place has just answered. */
  readonly onHeard: (place: PlaceRow) => void;
  /** It went on, but not all of it. */
  readonly onProblem: (problem: SyncProblem) => void;
}

/** What the sync that runs has moved so far. */
export interface SyncProgress {
  readonly received: number;
  readonly sent: number;
  /** Bytes both ways: what was sent as it was packed, what was received as the browser unpacked it. */
  readonly bytes: number;
  /** Documents still to come, where known. */
  readonly remaining: number | null;
}

export const NO_PROGRESS: SyncProgress = { received: 0, sent: 0, bytes: 0, remaining: null };

/** `proved`: both sides hold the same. `unproved`: by an exchange, they do not yet. `stock`: replicated, which proves nothing. */
export type SyncEnd = 'proved' | 'unproved' | 'stock' | 'stopped';

export type SyncScope = Extract<Step, { kind: 'exchange' }>['scope'];
const SCOPES_OF: Readonly<Record<SyncScope, readonly Scope[]>> = { all: ['own', 'content'], own: ['own'], work: [] };

/** A school that does not speak exchanges is asked again after this, as after its next version; one that has just started sooner. */
const NOT_SPOKEN_MS = 10 * 60_000;
const BUILDING_MS = 10_000;

export class SchoolSync {
  readonly #parts: SchoolSyncParts;
  /** By address: until when a place is replicated with. */
  readonly #stockUntil = new Map<string, number>();
  #progress = NO_PROGRESS;

  constructor(parts: SchoolSyncParts) {
    this.#parts = parts;
  }

  /** Whether stock replication is in use. */
  get replicates(): boolean {
    const now = this.#parts.environment.now();
    return [...this.#stockUntil.values()].some((until) => now < until);
  }

  #replicatesWith({ address }: PlaceRow): boolean {
    return this.#parts.environment.now() < (this.#stockUntil.get(address) ?? 0);
  }

  /** Of the sync that runs, or ran last. */
  get progress(): SyncProgress {
    return this.#progress;
  }

  /**
   * Sends what is unsent and fetches what is new, once: of everything, or of what is the person's own; `work` only sends. Throws what the
   * network or the server answered.
   */
  async once(place: PlaceRow, signal: AbortSignal, scope: SyncScope): Promise<SyncEnd> {
    this.#progress = NO_PROGRESS;
    const outcome = this.#replicatesWith(place) ? null : await this.#exchange(place, signal, scope, null);
    if (signal.aborted) return 'stopped';
    const end = outcome?.state ?? (await this.#replicate(place, signal, scope));
    await this.#noteEnd(place, end, scope);
    return end;
  }

  /**
   * Waits for news and fetches it; ends when some came, when there was none for a while, or by the signal. Throws what the network or the
   * server answered.
   */
  async news(place: PlaceRow, signal: AbortSignal): Promise<SyncEnd> {
    this.#progress = NO_PROGRESS;
    if (this.#replicatesWith(place)) {
      await this.#replicateLive(place, signal);
      return signal.aborted ? 'stopped' : 'stock';
    }
    const outcome = await this.#exchange(place, signal, 'all', LIVE_MS);
    if (outcome === null || signal.aborted) return 'stopped';
    await this.#noteEnd(place, outcome.state, 'all');
    return outcome.state;
  }

  /** Null: the place does not answer exchanges now. */
  async #exchange(place: PlaceRow, signal: AbortSignal, scope: SyncScope, wait: number | null): Promise<ExchangeOutcome | null> {
    const { storageAt, openExchange, environment, onHeard } = this.#parts;
    const count = ({ up, down }: Traffic): void => {
      this.#progress = { ...this.#progress, bytes: this.#progress.bytes + up + down };
    };
    try {
      return await exchangeWithSchool(storageAt(place, scope === 'own' ? 'own' : 'all'), openExchange(place, signal, count), {
        signal,
        ...(scope === 'own' ? { scope } : {}),
        sendOnly: scope === 'work',
        ...(wait === null ? {} : { wait }),
        onProgress: ({ received, sent, remaining }) => {
          onHeard(place);
          this.#show({ received, sent, remaining });
        },
      });
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof NoExchangeHere)) throw error;
      this.#stockUntil.set(place.address, environment.now() + (error.soon ? BUILDING_MS : NOT_SPOKEN_MS));
      return null;
    }
  }

  async #noteEnd(place: PlaceRow, end: SyncEnd, scope: SyncScope): Promise<void> {
    const { store, own, content, environment, storageAt } = this.#parts;
    if (end === 'stopped') return;
    if (scope === 'all') await store.changeMark(content.database.name, { complete: true });
    const provedAt = end === 'proved' ? instantOf(environment) : null;
    if (end === 'proved') await storageAt(place, scope === 'own' ? 'own' : 'all').proved();
    await store.changeMark(own.database.name, {
      ...(scope === 'work' ? {} : { complete: true }),
      // A laptop proves nothing about the school.
      ...(hubOf(place) !== null || (scope === 'own' && end === 'proved') ? {} : { provedAt }),
    });
  }

  async #replicate(place: PlaceRow, signal: AbortSignal, scope: SyncScope): Promise<SyncEnd> {
    await this.#push(place, signal);
    for (const each of SCOPES_OF[scope]) {
      if (signal.aborted) return 'stopped';
      await this.#pull(place, each, false, signal);
    }
    // What was merged while it arrived has to go back.
    await this.#push(place, signal);
    return 'stock';
  }

  /** Both pulls stay open, until exchanges are worth a try again. */
  async #replicateLive(place: PlaceRow, signal: AbortSignal): Promise<void> {
    const { environment } = this.#parts;
    const enough = new AbortController();
    const stop = (): void => enough.abort();
    signal.addEventListener('abort', stop, { once: true });
    const stopTimer = environment.after(Math.max(0, (this.#stockUntil.get(place.address) ?? 0) - environment.now()), stop);
    try {
      await Promise.all([this.#pull(place, 'own', true, enough.signal), this.#pull(place, 'content', true, enough.signal)]);
    } finally {
      stop();
      stopTimer();
      signal.removeEventListener('abort', stop);
    }
  }

  #push(place: PlaceRow, signal: AbortSignal): Promise<void> {
    const { storageAt, openSchool } = this.#parts;
    return push(storageAt(place, 'all'), () => openSchool(place, 'push'), signal);
  }

  async #pull(place: PlaceRow, scope: Scope, live: boolean, signal: AbortSignal): Promise<void> {
    const { own, content, openSchool, onHeard, onProblem } = this.#parts;
    const remote = await openSchool(place, scope);
    if (signal.aborted) return;
    const events: PullEvents = {
      onReceived: (documents) => {
        onHeard(place);
        this.#show({ received: this.#progress.received + documents });
      },
      onRemaining: (remaining) => this.#show({ remaining }),
      onResting: () => this.#show({ remaining: null }),
    };
    const pulling: Pull = pull(remote, scope === 'own' ? own : content, scope, live, events, hubOf(place));
    const stop = (): void => pulling.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await pulling.ended;
    } catch (error) {
      // Every role is gone, or this scope is not theirs: what is here stays, and the rest goes on.
      if (!isForbidden(error)) throw error;
      onProblem(syncProblem(error));
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #show(change: Partial<SyncProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#parts.onProgress(this.#progress);
  }
}
