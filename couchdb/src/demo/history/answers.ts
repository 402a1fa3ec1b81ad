import type { DocumentOf } from '@darasa/shared/documents';
import type { SourceQuestion, SourceQuiz } from '../course/source-schemas.ts';
import type { Chance } from './seeded.ts';

export type Answers = DocumentOf<'attempt'>['answers'];
type Answer = Answers[string];

/** What somebody answers who gets a question right with the probability `ability`, and leaves a few of the hard ones out. */
export function answersTo(quiz: SourceQuiz, ability: number, chance: Chance): Answers {
  const answers: Record<string, Answer> = {};
  for (const question of quiz.questions) {
    if (chance.happens(ability)) answers[question.id] = rightAnswer(question, chance);
    else if (!chance.happens(0.12)) answers[question.id] = wrongAnswer(question, quiz, chance);
  }
  return answers;
}

function rightAnswer(question: SourceQuestion, chance: Chance): Answer {
  switch (question.kind) {
    case 'single':
      return { kind: 'single', option: question.key.option };
    case 'multiple':
      return { kind: 'multiple', options: [...question.key.options] };
    case 'true-false':
      return { kind: 'true-false', value: question.key.value };
    case 'numeric':
      return { kind: 'numeric', text: String(question.key.value) };
    case 'short-text':
      return { kind: 'short-text', text: chance.pick(question.key.accepted) };
    default:
      return question satisfies never;
  }
}

function wrongAnswer(question: SourceQuestion, quiz: SourceQuiz, chance: Chance): Answer {
  switch (question.kind) {
    case 'single':
      return { kind: 'single', option: chance.pick(question.options.filter(({ id }) => id !== question.key.option)).id };
    case 'multiple': {
      // One of the right ones overlooked, or a tempting one taken in addition.
      const others = question.options.map(({ id }) => id).filter((id) => !question.key.options.includes(id));
      const overlooked = question.key.options.length > 1 && (others.length === 0 || chance.happens(0.6));
      return { kind: 'multiple', options: overlooked ? question.key.options.slice(1) : [...question.key.options, chance.pick(others)] };
    }
    case 'true-false':
      return { kind: 'true-false', value: !question.key.value };
    case 'numeric': {
      // A slipped decimal point, a sum that is a little off, or the double.
      const { value, tolerance } = question.key;
      const slips = [value * 10, value + 1 + 2 * tolerance, value * 2 + 1 + 2 * tolerance];
      return {
        kind: 'numeric',
        text: String(Number(chance.pick(slips.filter((slip) => Math.abs(slip - value) > tolerance)).toPrecision(8))),
      };
    }
    case 'short-text': {
      // Another word of the same lesson, if the quiz has one.
      const words = quiz.questions.flatMap((other) => (other.kind === 'short-text' && other.id !== question.id ? other.key.accepted : []));
      return { kind: 'short-text', text: words.length > 0 && chance.happens(0.7) ? chance.pick(words) : '?' };
    }
    default:
      return question satisfies never;
  }
}
