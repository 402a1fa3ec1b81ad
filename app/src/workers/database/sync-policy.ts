import { LAST_RANK } from '@darasa/shared/sync';
import type { DataUse, NetworkHint } from './api.ts';

/*
 * When a device talks to the school, and about what: section P of docs/sync-spec.md.
 *
 * Pure. Whoever runs the loop keeps a state, tells it what happened by `afterEvent`, and does what `nextStep` says: an exchange
 * now, or rest until a time or until something happens. Each event brings one fresh random number; it stays in the
 * state, so that asking again gives the same answer and a wait is not shortened by being looked at. Times are milliseconds of a clock that
 * only goes on: the device's own may be set back by years.
 */

/** An exchange that nobody waits for lasts this long at the server. */
export const LIVE_MS = 55_000;
/** Documents of one deed are written one after another: a submitted quiz is three. */
export const GATHER_MS = 250;
/** The diary of a lesson repeats in detail what progress tells: it goes with something else, or after so long. */
export const DIARY_MS = 60_000;
/** From the end of one exchange to the beginning of the next. */
export const GAP_MS = 1_000;
/** The same after one that failed, whatever happens meanwhile: a link that comes and goes is not hammered. */
export const FLOOR_MS = 5_000;
/** Devices that get the network, or lose the school, in the same second begin over so long, evenly. */
export const SPREAD_MS = 10_000;
export const CEILING_MS = 5 * 60_000;
/** The ceiling while nobody looks and unsent work waits. */
export const UNSEEN_CEILING_MS = 30 * 60_000;
/** Between looks at what is new, where a standing connection costs too much. */
export const LOOK_AGAIN_MS = 5 * 60_000;

/** Work of one's own that no other place is known to have. */
export interface Unsent {
  /** Of the most urgent piece: `rankOf` in `@darasa/shared/sync`. */
  readonly rank: number;
  /** Since when something so urgent waits. */
  readonly since: number;
}

export interface PolicyState {
  /** Somebody looks at a tab of this device. */
  readonly visible: boolean;
  readonly network: NetworkHint;
  readonly dataUse: DataUse;
  readonly unsent: Unsent | null;
  /** The end of the last exchange. */
  readonly endedAt: number | null;
  /** Exchanges since one proved that both sides hold the same. */
  readonly failures: number;
  /** Not before this time: by the school's word, or so that a class that gets the network at once comes one by one. */
  readonly notBefore: number;
  /** From 0 up to 1, drawn when the wait began. */
  readonly chance: number;
  /** Something happened that wants an exchange at this time, sooner than planned. */
  readonly wantedAt: number | null;
  /** The person asked for everything, now. */
  readonly asked: boolean;
  /** The school ended the session. */
  readonly signedOut: boolean;
}

export type PolicyEvent =
  | { readonly kind: 'visible'; readonly visible: boolean }
  | { readonly kind: 'network'; readonly network: NetworkHint }
  | { readonly kind: 'data-use'; readonly dataUse: DataUse }
  /** The person did something, which is unsent now. */
  | { readonly kind: 'wrote'; readonly rank: number }
  /** What is unsent, as it was counted: the rank of its most urgent piece; null when nothing is. */
  | { readonly kind: 'unsent'; readonly rank: number | null }
  | { readonly kind: 'asked' }
  /** What the person may read changed, or they signed in again. */
  | { readonly kind: 'rights' }
  | { readonly kind: 'began' }
  /**
   * `good`: what was asked for was done. `stopped`: by this device. `unproved`: it was answered, and both sides do not hold the same.
   * `retryAfterMs`: not sooner, by the school's word or because it keeps no request open.
   */
  | {
      readonly kind: 'ended';
      readonly outcome: 'good' | 'stopped' | 'failed' | 'unproved' | 'signed-out';
      readonly retryAfterMs?: number;
    };

export type Step =
  | {
      readonly kind: 'exchange';
      /** `all`: everything. `own`: what is the person's own. `work`: sends and fetches as little as can be. */
      readonly scope: 'all' | 'own' | 'work';
      /** Milliseconds that the school may hold the reply while there is no news; 0 for an answer at once. */
      readonly waitMs: number;
    }
  /** `until` is null where only an event ends it. */
  | { readonly kind: 'rest'; readonly until: number | null; readonly because: RestReason };

type Scope = Extract<Step, { kind: 'exchange' }>['scope'];

/** Why there is no exchange now: `time`, a try failed and the next comes by itself; `network`, the browser says that there is none. */
export type RestReason = 'time' | 'network' | 'nobody-looks' | 'ask' | 'password';

export function firstState(now: Pick<PolicyState, 'visible' | 'network' | 'dataUse'>): PolicyState {
  const { visible, network, dataUse } = now;
  return {
    visible,
    network,
    dataUse,
    unsent: null,
    endedAt: null,
    failures: 0,
    notBefore: 0,
    chance: 0,
    wantedAt: null,
    asked: false,
    signedOut: false,
  };
}

/** @param chance from 0 up to 1, fresh for each event */
export function afterEvent(state: PolicyState, event: PolicyEvent, now: number, chance: number): PolicyState {
  switch (event.kind) {
    case 'visible':
      if (event.visible === state.visible) return state;
      return event.visible ? sooner({ ...state, visible: true }, now) : { ...state, visible: false };
    case 'network':
      return afterNetwork(state, event.network, now, chance);
    case 'data-use':
      return event.dataUse === state.dataUse ? state : sooner({ ...state, dataUse: event.dataUse }, now);
    case 'wrote':
      return afterWriting(state, event.rank, now);
    case 'unsent':
      return { ...state, unsent: event.rank === null ? null : waiting(state.unsent, event.rank, now) };
    case 'asked':
      return { ...state, asked: true };
    case 'rights':
      return sooner({ ...state, signedOut: false }, now);
    case 'began':
      return { ...state, asked: false, wantedAt: null };
    case 'ended':
      return afterExchange(state, event, now, chance);
    default:
      return event satisfies never;
  }
}

function afterNetwork(state: PolicyState, network: NetworkHint, now: number, chance: number): PolicyState {
  const { online, kind, saveData } = state.network;
  if (network.online === online && network.kind === kind && network.saveData === saveData) return state;
  if (!network.online) return { ...state, network, wantedAt: null };
  const at = now + Math.floor(chance * SPREAD_MS);
  return sooner({ ...state, network, notBefore: Math.max(state.notBefore, at) }, at);
}

function afterWriting(state: PolicyState, rank: number, now: number): PolicyState {
  const written = { ...state, unsent: waiting(state.unsent, Math.min(rank, state.unsent?.rank ?? rank), now) };
  return rank < LAST_RANK && state.network.online ? sooner(written, now + GATHER_MS) : written;
}

function waiting(before: Unsent | null, rank: number, now: number): Unsent {
  return before !== null && before.rank <= rank ? { ...before, rank } : { rank, since: now };
}

function afterExchange(
  state: PolicyState,
  { outcome, retryAfterMs = 0 }: Extract<PolicyEvent, { kind: 'ended' }>,
  now: number,
  chance: number,
): PolicyState {
  switch (outcome) {
    case 'stopped':
      return state;
    case 'good':
      return { ...state, endedAt: now, chance, failures: 0, notBefore: now + retryAfterMs };
    case 'failed':
    case 'unproved':
      return { ...state, endedAt: now, chance, failures: state.failures + 1, notBefore: now + retryAfterMs };
    case 'signed-out':
      return { ...state, endedAt: now, chance, signedOut: true };
    default:
      return outcome satisfies never;
  }
}

function sooner(state: PolicyState, at: number): PolicyState {
  return { ...state, wantedAt: state.wantedAt === null ? at : Math.min(state.wantedAt, at) };
}

/** What of the school this network may be used for, by the person's own setting. */
function allowed({ dataUse, network }: Pick<PolicyState, 'dataUse' | 'network'>): Scope {
  if (dataUse === 'ask') return 'work';
  return dataUse === 'always' || network.kind === 'unmetered' ? 'all' : 'own';
}

/** What is not fetched, and what that waits for; null when nothing is held back. */
export function heldBack(state: Pick<PolicyState, 'dataUse' | 'network'>): 'wifi' | 'unknown-network' | 'ask' | null {
  const scope = allowed(state);
  if (scope === 'all') return null;
  if (scope === 'work') return 'ask';
  return state.network.kind === 'unknown' ? 'unknown-network' : 'wifi';
}

/** What to do now. */
export function nextStep(state: PolicyState, now: number): Step {
  const rest = (because: RestReason, until: number | null = null): Step => ({ kind: 'rest', until, because });
  if (state.signedOut) return rest('password');
  if (state.asked) return { kind: 'exchange', scope: 'all', waitMs: 0 };

  const scope = state.visible ? allowed(state) : 'work';
  if (scope === 'work' && state.unsent === null) return rest(state.visible ? 'ask' : 'nobody-looks');

  const at = dueAt(state, scope);
  if (at > now) return rest(state.network.online ? 'time' : 'network', at);
  return { kind: 'exchange', scope, waitMs: isLive(state, scope) ? LIVE_MS : 0 };
}

/** Whether the school may hold the next reply: somebody looks, all is well, and data are not dear. */
function isLive({ failures, endedAt, wantedAt, network }: PolicyState, scope: Scope): boolean {
  return scope === 'all' && failures === 0 && endedAt !== null && wantedAt === null && !network.saveData;
}

/** When the next exchange is due; it may be past. */
function dueAt(state: PolicyState, scope: Scope): number {
  const { endedAt, failures, chance, notBefore } = state;
  const wantedAt = state.wantedAt ?? Number.POSITIVE_INFINITY;
  if (endedAt === null) return Number.NEGATIVE_INFINITY;
  if (failures > 0) {
    const planned = endedAt + FLOOR_MS + Math.floor((state.network.online ? chance : 1) * longestWait(state));
    return Math.max(Math.min(planned, wantedAt), endedAt + FLOOR_MS, notBefore);
  }
  const standing = isLive(state, scope) ? endedAt : endedAt + Math.floor(LOOK_AGAIN_MS * (1 + chance / 5));
  const planned = scope === 'work' ? Number.POSITIVE_INFINITY : standing;
  return Math.max(Math.min(planned, wantedAt, unsentDueAt(state)), endedAt + GAP_MS, notBefore);
}

function longestWait({ visible, failures, network }: PolicyState): number {
  const ceiling = visible ? CEILING_MS : UNSEEN_CEILING_MS;
  return network.online ? Math.min(ceiling, SPREAD_MS * 2 ** Math.min(failures - 1, 20)) : ceiling;
}

function unsentDueAt({ unsent }: PolicyState): number {
  if (unsent === null) return Number.POSITIVE_INFINITY;
  return unsent.since + (unsent.rank < LAST_RANK ? GATHER_MS : DIARY_MS);
}
