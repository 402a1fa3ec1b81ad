import * as v from 'valibot';
import { line, ratio } from '../../documents/fields.ts';
import { asked, finite, solved, tolerance } from '../parts.ts';

/**
 * `tolerance` is absolute, in the question's unit; `relative` is a share of the value; the wider one counts.
 * `figures`: how many significant figures the answer has to be written with; rounding to them is then no mistake.
 * `unit` is the value's, where it is not the question's: of a question that has the learner find the unit.
 */
export const numericKey = v.looseObject({
  value: finite,
  tolerance,
  relative: v.optional(ratio),
  figures: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(12))),
  unit: v.optional(line),
});
/**
 * `units`: which units an answer may be in.
 * - `given` (also where it is left out): the question's, or none written.
 * - `any`: any that measures the same, `2.5 km` for `2500 m`; with none written the question's.
 * - `required`: any that measures the same, and it has to be written.
 */
export const numericQuestion = v.looseObject({
  kind: v.literal('numeric'),
  ...asked,
  unit: v.optional(line),
  units: v.optional(v.picklist(['given', 'any', 'required'])),
  ...solved(numericKey),
});
/** What the learner typed, with the decimal sign of their language; grading reads it. */
export const numericAnswer = v.looseObject({ kind: v.literal('numeric'), text: line });
