import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SequenceMarks } from './sequence-marks.ts';

describe('the marks of an index', () => {
  it('tell of an ordinal a sequence that was noted at it or before it, and confirmed (S3, S4)', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 });
    fc.assert(
      fc.property(steps, fc.nat({ max: 300 }), (lengths, confirmedAt) => {
        const marks = new SequenceMarks();
        let [ordinal, confirmed] = [0, 0];
        for (const [at, length] of lengths.entries()) {
          ordinal += length;
          // The sequence is the ordinal itself, so that it can be told from which one it comes.
          marks.note(ordinal, `${ordinal}-x`);
          if (at <= confirmedAt) {
            marks.confirm(marks.last);
            confirmed = ordinal;
          }
        }
        for (let asked = 0; asked <= ordinal + 10; asked += 37) {
          const told = Number.parseInt(marks.before(asked), 10);
          expect(told).toBeLessThanOrEqual(Math.min(asked, confirmed));
          // Not far before: two marks of the same school lie a hundred changes apart, or one long step.
          if (asked >= confirmed) expect(told).toBe(confirmed);
          else expect(asked - told).toBeLessThan(100 + 400);
        }
      }),
      { numRuns: 100 },
    );
  });
});
