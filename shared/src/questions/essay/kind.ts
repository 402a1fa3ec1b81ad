import type { QuestionKind } from '../question-kind.ts';
import { essayAnswer, essayKey } from './schema.ts';

/** A text of one's own, which a person marks. */
export const essay: QuestionKind<'essay'> = {
  keySchema: essayKey,
  answerSchema: essayAnswer,
  problems: ({ minWords = 0, maxWords = Infinity }) => (minWords > maxWords ? ['the most words are not fewer than the least'] : []),
  grade: () => null,
  solution: () => null,
};
