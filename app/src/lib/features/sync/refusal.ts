/** Why the school did not take something, as far as its own words tell it; `other` where they have to speak for themselves. */
export type Refusal = 'not-allowed' | 'unchangeable' | 'too-large' | 'other';

const SIGNS: readonly (readonly [Refusal, RegExp])[] = [
  ['not-allowed', / may not (?:write|delete) /],
  ['unchangeable', /is written once and never changed|^The field \w+ of a document never changes/],
  ['too-large', /is at most \d+ characters/],
];

/** Reads the reason that the rules give in `shared/src/rules`. */
export function refusalFrom(reason: string): Refusal {
  return SIGNS.find(([, sign]) => sign.test(reason))?.[0] ?? 'other';
}
