import { kindOf } from '../../questions/question-kinds.ts';
import type { Question } from '../../questions/schemas.ts';
import { keyFor } from './grade-quiz.ts';

/** What the schema cannot say of a question that has its key, in words for its author; empty when it can be asked. */
export function questionProblems(question: Question): readonly string[] {
  const key = keyFor(question, undefined);
  return key === null ? ['the question has a key of its kind'] : kindOf(question).problems(question, key);
}
