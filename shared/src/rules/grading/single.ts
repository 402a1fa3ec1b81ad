import { singleKey } from '../../documents/course.ts';
import type { QuestionKind } from './question-kind.ts';

/** One of several options: all or nothing. */
export const single: QuestionKind<'single'> = {
  keySchema: singleKey,
  share: (_question, key, answer) => (answer.option === key.option ? 1 : 0),
};
