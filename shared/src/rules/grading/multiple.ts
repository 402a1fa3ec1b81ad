import { multipleKey } from '../../documents/course.ts';
import type { QuestionKind } from './question-kind.ts';

/**
 * Any number of several options. Partial credit: the right picks minus the wrong ones, as a share of the right options,
 * never below nothing. So ticking everything earns less than ticking what one knows, and a slip never costs another
 * question's points. An option picked twice counts once; one that the question does not have counts as wrong.
 */
export const multiple: QuestionKind<'multiple'> = {
  keySchema: multipleKey,
  share(_question, key, answer) {
    const right = new Set(key.options);
    let balance = 0;
    for (const picked of new Set(answer.options)) balance += right.has(picked) ? 1 : -1;
    return Math.max(0, balance) / right.size;
  },
};
