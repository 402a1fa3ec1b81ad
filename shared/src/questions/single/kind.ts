import { idProblems, keyProblems, own } from '../parts.ts';
import { type QuestionKind, whole } from '../question-kind.ts';
import { singleAnswer, singleKey } from './schema.ts';

/** One of several options: all or nothing. */
export const single: QuestionKind<'single'> = {
  keySchema: singleKey,
  answerSchema: singleAnswer,
  problems({ options }, key) {
    const ids = options.map(({ id }) => id);
    return [...idProblems('option', ids), ...keyProblems('an option', [key.option], ids)];
  },
  grade: (_question, key, { option }) => whole(option === key.option, option, own(key.feedback, option)),
  solution: (_question, key) => ({ kind: 'single', option: key.option }),
  shuffled: (question, shuffle) => ({ ...question, options: shuffle(question.options, 'options') }),
};
