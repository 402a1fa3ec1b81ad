import type { Answer, QuestionView } from '$lib/client/index.ts';

/** Whether an answer says anything: an empty text or no choice is no answer. */
export function isAnswered(answer: Answer | undefined | null): boolean {
  if (answer === undefined || answer === null) return false;
  switch (answer.kind) {
    case 'single':
    case 'true-false':
      return true;
    case 'multiple':
      return answer.options.length > 0;
    case 'numeric':
    case 'short-text':
      return answer.text.trim() !== '';
  }
}

/** The places in the quiz, from 0, of the questions that have no answer yet. */
export function unansweredOf(questions: readonly QuestionView[], answers: Readonly<Record<string, Answer>>): number[] {
  return questions.flatMap((question, index) => (isAnswered(answers[question.id]) ? [] : [index]));
}

/** The answer after one option of a multiple choice was tapped; null when none is left. */
export function toggled(answer: Answer | null, option: string, chosen: boolean): Answer | null {
  const before = answer?.kind === 'multiple' ? answer.options.filter((each) => each !== option) : [];
  const options = chosen ? [...before, option] : before;
  return options.length === 0 ? null : { kind: 'multiple', options };
}

/** The answer that a typed text makes; null for an empty one. */
export function typed(kind: 'numeric' | 'short-text', text: string): Answer | null {
  return text.trim() === '' ? null : { kind, text: text.trim() };
}
