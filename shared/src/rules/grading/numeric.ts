import { numericKey } from '../../documents/course.ts';
import type { QuestionKind } from './question-kind.ts';
import { readNumber } from './read-number.ts';

/** Room for binary fractions: 0.1 + 0.2 typed by a learner is 0.3. Relative to the key, at least to 1. */
const ROUNDING = 1e-9;

/** A number: right when one of its readings is no farther from the key than the tolerance, which is absolute. */
export const numeric: QuestionKind<'numeric'> = {
  keySchema: numericKey,
  share(question, key, answer) {
    const reach = key.tolerance + ROUNDING * Math.max(1, Math.abs(key.value));
    return readNumber(answer.text, question.unit).some((each) => Math.abs(each - key.value) <= reach) ? 1 : 0;
  },
};
