import { kindOf } from '../../questions/question-kinds.ts';
import type { Answer, NewerAnswer, NewerQuestion, Question } from '../../questions/schemas.ts';
import { isKnownQuestion } from '../../questions/schemas.ts';
import { creditOf, keyFor } from './grade-quiz.ts';

/** What a learner is told of an answer beyond its points. */
export interface Feedback {
  /** Which parts of the answer are right, by their ids: picked options, gaps, pairs, items in order. */
  readonly parts: Readonly<Record<string, boolean>>;
  /** What the author says about these parts, as Markdown. */
  readonly says: readonly string[];
  /** An answer that is right; null where there is none to name. */
  readonly solution: Answer | null;
}

/** The feedback that a question with its key gives on an answer; null where it carries no key. */
export function feedbackOn(question: Question | NewerQuestion, answer: Answer | NewerAnswer | undefined): Feedback | null {
  const key = keyFor(question, undefined);
  if (!isKnownQuestion(question) || key === null) return null;
  const credit = creditOf(question, key, answer);
  return { parts: credit?.parts ?? {}, says: credit?.says ?? [], solution: kindOf(question).solution(question, key) };
}
