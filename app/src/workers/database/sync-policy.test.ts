import { LAST_RANK } from '@darasa/shared/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DataUse, NetworkHint } from './api.ts';
import {
  afterEvent,
  CEILING_MS,
  DIARY_MS,
  FLOOR_MS,
  firstState,
  GAP_MS,
  GATHER_MS,
  heldBack,
  LIVE_MS,
  LOOK_AGAIN_MS,
  nextStep,
  type PolicyEvent,
  type PolicyState,
  SPREAD_MS,
  UNSEEN_CEILING_MS,
} from './sync-policy.ts';

const WIFI: NetworkHint = { online: true, kind: 'unmetered', saveData: false };
const MOBILE: NetworkHint = { online: true, kind: 'metered', saveData: false };
const NONE: NetworkHint = { ...WIFI, online: false };
const ATTEMPT = 4;

function state(now: { visible?: boolean; network?: NetworkHint; dataUse?: DataUse } = {}): PolicyState {
  return firstState({ visible: true, network: WIFI, dataUse: 'always', ...now });
}

/** What happened, one after another: `[milliseconds, event, chance]`. */
function after(from: PolicyState, ...events: readonly (readonly [number, PolicyEvent, number?])[]): PolicyState {
  return events.reduce((before, [at, event, chance = 0]) => afterEvent(before, event, at, chance), from);
}

const good: PolicyEvent = { kind: 'ended', outcome: 'good' };
const failed: PolicyEvent = { kind: 'ended', outcome: 'failed' };
const wrote: PolicyEvent = { kind: 'wrote', rank: ATTEMPT };
const diary: PolicyEvent = { kind: 'wrote', rank: LAST_RANK };
const began: PolicyEvent = { kind: 'began' };
const looks = (visible: boolean): PolicyEvent => ({ kind: 'visible', visible });
const network = (hint: NetworkHint): PolicyEvent => ({ kind: 'network', network: hint });

const LIVE = { kind: 'exchange', scope: 'all', waitMs: LIVE_MS };
const NOW = { kind: 'exchange', scope: 'all', waitMs: 0 };

const hints = fc.record({ online: fc.boolean(), kind: fc.constantFrom('unmetered', 'metered', 'unknown'), saveData: fc.boolean() });
const dataUses = fc.constantFrom<DataUse>('always', 'wifi', 'ask');
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const happenings = fc.oneof(
  fc.record({ kind: fc.constant('visible' as const), visible: fc.boolean() }),
  fc.record({ kind: fc.constant('network' as const), network: hints }),
  fc.record({ kind: fc.constant('wrote' as const), rank: fc.integer({ min: 0, max: LAST_RANK }) }),
  fc.record({ kind: fc.constant('data-use' as const), dataUse: dataUses }),
  fc.record({ kind: fc.constant('rights' as const) }),
);
/** Events with the milliseconds since the one before. */
const histories = fc.array(fc.tuple(fc.nat(20_000), happenings, chances), { maxLength: 60 });

/**
 * Lives through a history as a loop would: makes each exchange that the policy wants, has it end as soon as it may, and stops one
 * that stands open when the policy wants another. Answers when those that were not stopped began.
 */
function live(from: PolicyState, history: readonly (readonly [number, PolicyEvent, number])[], outcome: 'good' | 'failed'): number[] {
  let now = 0;
  let at = from;
  let standsUntil: number | null = null;
  const begun: number[] = [];
  for (const [pause, event, chance] of history) {
    const until = now + pause;
    for (;;) {
      const step = nextStep(at, now);
      const next = standsUntil ?? (step.kind === 'rest' ? step.until : now);
      if (next === null || next > until) break;
      now = next;
      if (standsUntil === null && step.kind === 'rest') continue;
      if (standsUntil === null) {
        at = afterEvent(at, { kind: 'began' }, now, chance);
        if (step.kind === 'exchange' && step.waitMs > 0) {
          standsUntil = now + step.waitMs;
          continue;
        }
        begun.push(now);
      }
      standsUntil = null;
      at = afterEvent(at, { kind: 'ended', outcome }, now, chance);
      if (outcome === 'good') at = afterEvent(at, { kind: 'unsent', rank: null }, now, chance);
    }
    now = until;
    at = afterEvent(at, event, now, chance);
    const after = nextStep(at, now);
    if (after.kind === 'rest' || after.waitMs === 0) standsUntil = null;
  }
  return begun;
}

describe('P1 nothing while nobody looks', () => {
  test('P1 hidden, with nothing unsent, nothing is asked of any network, whatever happens', () => {
    fc.assert(
      fc.property(hints, dataUses, fc.nat(10), chances, (hint, dataUse, failures, chance) => {
        let hidden = state({ visible: false, network: hint, dataUse });
        for (let each = 0; each < failures; each++) hidden = after(hidden, [each, failed, chance]);
        hidden = after(hidden, [20, network(WIFI), chance], [21, { kind: 'rights' }], [22, { kind: 'data-use', dataUse: 'always' }]);
        expect(nextStep(hidden, 1e12)).toEqual({ kind: 'rest', until: null, because: 'nobody-looks' });
      }),
    );
  });

  test('P1 hidden, what is unsent is sent, and nothing more is fetched', () => {
    const hidden = after(state(), [0, began], [100, good], [200, looks(false)], [300, wrote]);
    expect(nextStep(hidden, 300)).toMatchObject({ kind: 'rest', because: 'time' });
    expect(nextStep(hidden, 100 + GAP_MS)).toEqual({ kind: 'exchange', scope: 'work', waitMs: 0 });
  });
});

describe('P2 live while somebody looks', () => {
  test('P2 after an exchange that went well the next stands open, not sooner than a second later', () => {
    const looked = after(state(), [0, began], [100, good]);
    expect(nextStep(state(), 0)).toEqual(NOW);
    expect(nextStep(looked, 100)).toEqual({ kind: 'rest', until: 100 + GAP_MS, because: 'time' });
    expect(nextStep(looked, 100 + GAP_MS)).toEqual(LIVE);
  });

  test('P2 whoever stops looking ends it', () => {
    expect(nextStep(after(state(), [0, began], [100, good], [1_100, began], [2_000, looks(false)]), 2_000)).toMatchObject({
      because: 'nobody-looks',
    });
  });

  test('P2 with the data saver there is a look each five minutes, and when somebody looks again', () => {
    const thrifty = after(state({ network: { ...MOBILE, saveData: true } }), [0, began], [100, good, 0.5]);
    expect(nextStep(thrifty, 200)).toEqual({ kind: 'rest', until: 100 + LOOK_AGAIN_MS * 1.1, because: 'time' });
    const again = after(thrifty, [30_000, looks(false)], [60_000, looks(true)]);
    expect(nextStep(again, 60_000)).toEqual(NOW);
  });
});

describe('P3 own work', () => {
  test('P3 a deed goes a quarter of a second after it was written, and its companions with it', () => {
    const standing = after(state(), [0, began], [100, good], [1_100, began], [9_000, wrote]);
    expect(nextStep(standing, 9_000)).toEqual({ kind: 'rest', until: 9_000 + GATHER_MS, because: 'time' });
    expect(nextStep(standing, 9_000 + GATHER_MS)).toEqual(NOW);
  });

  test('P3 the diary ends no standing connection, and goes within a minute where there is none', () => {
    const standing = after(state(), [0, began], [100, good], [1_100, began], [9_000, diary]);
    expect(nextStep(standing, 9_000)).toEqual(LIVE);
    const hidden = after(standing, [10_000, looks(false)], [10_000, { kind: 'ended', outcome: 'stopped' }]);
    expect(nextStep(hidden, 10_000)).toEqual({ kind: 'rest', until: 9_000 + DIARY_MS, because: 'time' });
    expect(nextStep(after(hidden, [11_000, wrote]), 11_000 + GATHER_MS)).toMatchObject({ kind: 'exchange', scope: 'work' });
  });

  test('P3 it is sent under every setting and on every network', () => {
    fc.assert(
      fc.property(hints, dataUses, fc.boolean(), fc.integer({ min: 0, max: LAST_RANK }), (hint, dataUse, visible, rank) => {
        const written = after(state({ visible, network: hint, dataUse }), [0, began], [1, good], [2, { kind: 'wrote', rank }]);
        expect(nextStep(written, DIARY_MS + 2)).toMatchObject({ kind: 'exchange' });
      }),
    );
  });
});

describe('P4 the person’s own setting', () => {
  const scopeWith = (dataUse: DataUse, hint: NetworkHint): unknown => {
    const step = nextStep(state({ dataUse, network: hint }), 0);
    return step.kind === 'exchange' ? step.scope : step.because;
  };

  test('P4 always: everything on any network; Wi-Fi: only what is their own elsewhere; asked: nothing by itself', () => {
    expect([WIFI, MOBILE].map((hint) => scopeWith('always', hint))).toEqual(['all', 'all']);
    expect([WIFI, MOBILE].map((hint) => scopeWith('wifi', hint))).toEqual(['all', 'own']);
    expect([WIFI, MOBILE].map((hint) => scopeWith('ask', hint))).toEqual(['ask', 'ask']);
  });

  test('P4 a network of which the browser says nothing is no Wi-Fi, and the screen can say so', () => {
    const unknown: NetworkHint = { ...WIFI, kind: 'unknown' };
    expect(scopeWith('wifi', unknown)).toBe('own');
    expect(heldBack(state({ dataUse: 'wifi', network: unknown }))).toBe('unknown-network');
    expect(heldBack(state({ dataUse: 'wifi', network: MOBILE }))).toBe('wifi');
    expect(heldBack(state({ dataUse: 'ask' }))).toBe('ask');
    expect(heldBack(state({ network: MOBILE }))).toBeNull();
  });

  test('P4 Wi-Fi, or another setting, brings what was held back', () => {
    const held = after(state({ dataUse: 'wifi', network: MOBILE }), [0, began], [100, good]);
    expect(nextStep(after(held, [5_000, network(WIFI), 0.5]), 5_000 + SPREAD_MS / 2)).toEqual(NOW);
    expect(nextStep(after(held, [5_000, { kind: 'data-use', dataUse: 'always' }]), 5_000)).toEqual(NOW);
  });

  test('P5 whoever asks gets everything at once, past every wait, setting and hint; only an ended session cannot', () => {
    fc.assert(
      fc.property(histories, hints, dataUses, (history, hint, dataUse) => {
        let at = state({ network: hint, dataUse });
        let now = 0;
        for (const [pause, event, chance] of history) {
          now += pause;
          at = after(at, [now, event, chance], [now, failed, chance]);
        }
        const asked = after(at, [now, { kind: 'asked' }]);
        expect(nextStep(asked, now)).toEqual(NOW);
        expect(nextStep(after(asked, [now, { kind: 'ended', outcome: 'signed-out' }]), now)).toMatchObject({ because: 'password' });
      }),
    );
  });
});

describe('P6 back-off', () => {
  test('P6 after the n-th failure: five seconds, and evenly up to ten seconds doubled n − 1 times, five minutes at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), chances, fc.boolean(), (failures, chance, visible) => {
        let at = state({ visible });
        if (!visible) at = after(at, [-60_000, wrote]);
        for (let each = 0; each < failures; each++) at = after(at, [0, began], [0, failed, chance]);
        const ceiling = visible ? CEILING_MS : UNSEEN_CEILING_MS;
        const most = Math.min(ceiling, SPREAD_MS * 2 ** (failures - 1));
        const step = nextStep(at, 0);
        expect(step.kind === 'rest' && step.until).toBe(FLOOR_MS + Math.floor(chance * most));
      }),
    );
  });

  test('P6 the school’s own word on when to come back is kept', () => {
    const told = after(state(), [0, began], [0, { kind: 'ended', outcome: 'failed', retryAfterMs: 120_000 }], [1_000, wrote]);
    expect(nextStep(told, 0)).toMatchObject({ until: 120_000 });
  });

  test('P6 an exchange that ends unequal is a failed one; one that went well forgets them all', () => {
    const unproved = after(state(), [0, began], [0, { kind: 'ended', outcome: 'unproved' }, 0.5]);
    expect(nextStep(unproved, 0)).toMatchObject({ until: FLOOR_MS + SPREAD_MS / 2 });
    expect(nextStep(after(unproved, [20_000, good]), 20_000 + GAP_MS)).toEqual(LIVE);
  });

  test('P6 a wait does not change by being looked at', () => {
    fc.assert(
      fc.property(histories, (history) => {
        let at = state();
        let now = 0;
        for (const [pause, event, chance] of history) {
          now += pause;
          at = after(at, [now, event, chance]);
          const step = nextStep(at, now);
          expect(nextStep(at, now)).toEqual(step);
          if (step.kind === 'rest' && step.until !== null) expect(nextStep(at, step.until).kind).toBe('exchange');
        }
      }),
    );
  });

  test('P7 a deed, a look or the network cut a wait, never below five seconds: a link that comes and goes is not hammered', () => {
    const waiting = after(state(), [0, began], [0, failed, 0.99], [0, began], [0, failed, 0.99]);
    for (const event of [wrote, { kind: 'rights' } as const])
      expect(nextStep(after(waiting, [1_000, event]), 0)).toMatchObject({ until: FLOOR_MS });
    fc.assert(
      fc.property(histories, dataUses, (history, dataUse) => {
        const begun = live(state({ dataUse }), history, 'failed');
        for (const [index, at] of begun.entries()) {
          const next = begun[index + 1];
          if (next !== undefined) expect(next - at).toBeGreaterThanOrEqual(FLOOR_MS);
        }
      }),
    );
  });

  test('P7 where all goes well there is a second between two exchanges', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const begun = live(state(), history, 'good');
        for (const [index, at] of begun.entries()) expect(at - (begun[index - 1] ?? -GAP_MS)).toBeGreaterThanOrEqual(GAP_MS);
      }),
    );
  });
});

describe('P8 a class that gets the network in the same second', () => {
  /** The most of forty devices that begin within one second, over all seconds. */
  function crowd(draw: () => number): number {
    const begun = Array.from({ length: 40 }, () => {
      const offline = after(state(), [0, began], [0, failed, draw()], [1_000, network(NONE)]);
      const step = nextStep(after(offline, [600_000, network(WIFI), draw()]), 600_000);
      return (step.kind === 'rest' && step.until !== null ? step.until : 600_000) - 600_000;
    });
    for (const at of begun) expect(at).toBeGreaterThanOrEqual(0);
    for (const at of begun) expect(at).toBeLessThan(SPREAD_MS);
    return Math.max(...begun.map((from) => begun.filter((at) => at >= from && at < from + 1_000).length));
  }

  test('P8 forty devices spread evenly over ten seconds: never more than twenty in one second', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(crowd(evenly(seed))).toBeLessThanOrEqual(20);
      }),
      { numRuns: 300 },
    );
  });

  test('P8 after the school itself was away they spread as widely', () => {
    const waits = [0, 0.5, 0.99].map((chance) => {
      const step = nextStep(after(state(), [0, began], [0, good], [1_000, began], [30_000, failed, chance]), 30_000);
      return step.kind === 'rest' && step.until !== null ? step.until - 30_000 : 0;
    });
    expect(waits).toEqual([FLOOR_MS, FLOOR_MS + SPREAD_MS / 2, FLOOR_MS + SPREAD_MS * 0.99]);
  });
});

describe('P9 the browser’s word on the network is a hint', () => {
  test('P9 “offline” makes a wait long and ends none for good; a deed or a diary does not try', () => {
    const offline = after(state(), [0, began], [0, failed, 0], [10, network(NONE)], [20, wrote]);
    expect(nextStep(offline, 100)).toEqual({ kind: 'rest', until: FLOOR_MS + CEILING_MS, because: 'network' });
    expect(nextStep(offline, FLOOR_MS + CEILING_MS)).toEqual(NOW);
    expect(nextStep(state({ network: NONE }), 0)).toEqual(NOW);
  });
});

/** Even numbers from 0 up to 1, the same for the same seed (mulberry32). */
function evenly(seed: number): () => number {
  let at = seed;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
