import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUsername, normaliseUsername } from './sign-in-name.ts';

describe('a sign-in name', () => {
  it.each([
    [' Amina ', 'amina'],
    ['ＡＭＩＮＡ', 'amina'],
    ['Mwalimu.Njeri', 'mwalimu.njeri'],
    ['Zoe\u0301', 'zo\u00e9'],
    ['\u0623\u0645\u064a\u0646\u0629', '\u0623\u0645\u064a\u0646\u0629'],
  ])('%j is %j', (typed, name) => {
    expect(normaliseUsername(typed)).toBe(name);
    expect(isUsername(name)).toBe(true);
  });

  it.each(['', 'a:b', 'a b', '.amina', 'a/b', '_design', 'a'.repeat(41), 'a\u0000'])('%j is none', (name) => {
    expect(isUsername(normaliseUsername(name))).toBe(false);
  });

  it('is the same when it is normalised again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => normaliseUsername(normaliseUsername(typed)) === normaliseUsername(typed)),
    );
  });
});
