/** A stream of numbers that follows from a text alone: the same course has the same cloth on every device. */
export interface Seeded {
  /** The next number from 0 (included) to `limit` (excluded), whole. */
  below(limit: number): number;
  /** One of the values. The list must not be empty. */
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
}

/** 32-bit FNV-1a over UTF-16 code units, then mulberry32. Both are public domain. */
export function seededBy(text: string): Seeded {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, pick: (values) => values[below(values.length)] ?? values[0] };
}
