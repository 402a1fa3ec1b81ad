import { trueFalseKey } from '../../documents/course.ts';
import type { QuestionKind } from './question-kind.ts';

/** A statement that is true or false: all or nothing. */
export const trueFalse: QuestionKind<'true-false'> = {
  keySchema: trueFalseKey,
  share: (_question, key, answer) => (answer.value === key.value ? 1 : 0),
};
