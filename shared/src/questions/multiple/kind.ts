import { idProblems, keyProblems, own } from '../parts.ts';
import type { QuestionKind } from '../question-kind.ts';
import { multipleAnswer, multipleKey } from './schema.ts';

/**
 * Any number of several options. Partial credit: the right picks minus the wrong ones, as a share of the right options,
 * never below nothing. So ticking everything earns less than ticking what one knows, and a slip never costs another
 * question's points. Where wrong picks have a penalty of their own they are not counted against the right ones as well.
 * An option picked twice counts once; one that the question does not have counts as wrong.
 */
export const multiple: QuestionKind<'multiple'> = {
  keySchema: multipleKey,
  answerSchema: multipleAnswer,
  problems({ options }, key) {
    const ids = options.map(({ id }) => id);
    return [...idProblems('option', ids), ...keyProblems('an option', key.options, ids)];
  },
  grade({ penalty, allOrNothing }, key, answer) {
    const right = new Set(key.options);
    const picked = [...new Set(answer.options)];
    const hits = picked.filter((id) => right.has(id)).length;
    const slips = picked.length - hits;
    const against = penalty === undefined || allOrNothing === true ? slips : 0;
    return {
      got: Math.max(0, hits - against),
      of: right.size,
      slips,
      parts: Object.fromEntries(picked.map((id) => [id, right.has(id)])),
      says: picked.flatMap((id) => own(key.feedback, id) ?? []),
    };
  },
  solution: (_question, key) => ({ kind: 'multiple', options: [...new Set(key.options)] }),
  shuffled: (question, shuffle) => ({ ...question, options: shuffle(question.options, 'options') }),
};
