import { isBlankAnswer } from '@darasa/shared/questions';
import type { Answer, QuestionView } from '$lib/client/index.ts';

/** Whether an answer says anything: an empty text or no choice is no answer. */
export function isAnswered(answer: Answer | undefined | null): boolean {
  return answer !== undefined && answer !== null && !isBlankAnswer(answer);
}

/** The places in the quiz, from 0, of the questions that have no answer yet. */
export function unansweredOf(questions: readonly Pick<QuestionView, 'id'>[], answers: Readonly<Record<string, Answer>>): number[] {
  return questions.flatMap((question, index) => (isAnswered(answers[question.id]) ? [] : [index]));
}
