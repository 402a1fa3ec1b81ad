import { type QuestionKind, whole } from '../question-kind.ts';
import { isAccepted, wordsProblems } from '../reading/accepted-words.ts';
import { shortTextAnswer, shortTextKey } from './schema.ts';

/** A few words: right when they are one of the accepted answers, as near as the key asks for. */
export const shortText: QuestionKind<'short-text'> = {
  keySchema: shortTextKey,
  answerSchema: shortTextAnswer,
  problems: (_question, key) => wordsProblems(key),
  grade: (_question, key, { text }) => whole(isAccepted(text, key)),
  solution: (_question, key) => ({ kind: 'short-text', text: key.accepted[0] ?? '' }),
};
