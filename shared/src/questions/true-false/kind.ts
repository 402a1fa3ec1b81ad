import { own } from '../parts.ts';
import { type QuestionKind, whole } from '../question-kind.ts';
import { trueFalseAnswer, trueFalseKey } from './schema.ts';

/** A statement that is true or false: all or nothing. */
export const trueFalse: QuestionKind<'true-false'> = {
  keySchema: trueFalseKey,
  answerSchema: trueFalseAnswer,
  problems: () => [],
  grade: (_question, key, { value }) => whole(value === key.value, String(value), own(key.feedback, String(value))),
  solution: (_question, key) => ({ kind: 'true-false', value: key.value }),
};
