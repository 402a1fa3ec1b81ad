import type { RandomBytes } from '@darasa/shared/documents';

/** Chance that comes out the same every time for the same seed: the demo school is the same on every machine. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** Whether something of this probability happens. */
  happens(probability: number): boolean;
  /** One of the list. Throws a RangeError when the list is empty. */
  pick<Value>(list: readonly Value[]): Value;
  readonly bytes: RandomBytes;
}

/** The generator is mulberry32 (Tommy Ettinger, public domain), its start the FNV-1a hash of the seed's text. Not for secrets. */
export function seeded(seed: string): Chance {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    whole,
    happens: (probability) => next() < probability,
    pick(list) {
      const value = list[whole(0, list.length - 1)];
      if (value === undefined) throw new RangeError('Nothing to pick from');
      return value;
    },
    bytes: (array) => array.map(() => whole(0, 255)),
  };
}
