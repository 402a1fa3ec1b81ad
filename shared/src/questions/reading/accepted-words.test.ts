import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAccepted } from './accepted-words.ts';
import { withinDistance } from './within-distance.ts';

describe('words with slips of the finger', () => {
  for (const [text, accepted, distance, right] of [
    ['photosynthesis', 'photosynthesis', 0, true],
    ['photosinthesis', 'photosynthesis', 1, true],
    ['photosnythesis', 'photosynthesis', 1, true],
    ['photosinthesis', 'photosynthesis', 0, false],
    ['Fotosynthesis', 'photosynthesis', 2, true],
    ['Fotosynthesis', 'photosynthesis', 1, false],
    ['usanisinuru', 'usanisinuru', 1, true],
    ['usanisnuru', 'Usanisinuru', 1, true],
    ['صلاه', 'صَلاة', 1, true],
    ['cos', 'sin', 3, false],
    ['is', 'as', 3, false],
    ['', 'a', 3, false],
    ['   ', 'a', 3, false],
  ] as const) {
    it(`${JSON.stringify(text)} for ${accepted}, ${distance} forgiven: ${right}`, () => {
      expect(isAccepted(text, { accepted: [accepted], distance })).toBe(right);
    });
  }

  it('are as far from each other one way as the other, and not at all from themselves', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, fc.integer({ min: 0, max: 4 }), (one, other, limit) => {
        expect(withinDistance(one, other, limit)).toBe(withinDistance(other, one, limit));
        expect(withinDistance(one, one, 0)).toBe(true);
        expect(withinDistance(one, other, 0)).toBe(one.join() === other.join());
        if (withinDistance(one, other, limit)) expect(withinDistance(one, other, limit + 1)).toBe(true);
      }),
    );
  });

  it('with as many edits as are forgiven are accepted', () => {
    const word = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 10 });
    const edits = fc.array(fc.tuple(fc.constantFrom('leave out', 'add', 'replace', 'swap'), fc.nat(10)), { maxLength: 3 });
    fc.assert(
      fc.property(word, edits, (letters, done) => {
        const typed: string[] = [...letters];
        for (const [edit, at] of done) {
          if (edit === 'leave out') typed.splice(at, 1);
          else if (edit === 'add') typed.splice(at, 0, 'x');
          else if (edit === 'replace') typed.splice(at, 1, 'y');
          else typed.splice(at, 2, ...typed.slice(at, at + 2).reverse());
        }
        // A swap undone by a later edit may cost one more in optimal string alignment.
        const limit = done.length + (done.some(([edit]) => edit === 'swap') ? done.length : 0);
        expect(withinDistance(typed, letters, limit)).toBe(true);
      }),
    );
  });
});
