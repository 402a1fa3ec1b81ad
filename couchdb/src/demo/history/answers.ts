import type { DocumentOf } from '@darasa/shared/documents';
import type { Answer } from '@darasa/shared/questions';
import { feedbackOn } from '@darasa/shared/rules';
import type { SourceQuestion, SourceQuiz } from '../course/source-schemas.ts';
import type { Chance } from './seeded.ts';

export type Answers = DocumentOf<'attempt'>['answers'];

/** What somebody answers who gets a question right with the probability `ability`, and leaves a few of the hard ones out. */
export function answersTo(quiz: SourceQuiz, ability: number, chance: Chance): Answers {
  const answers: Record<string, Answer> = {};
  for (const question of quiz.questions) {
    const answer = chance.happens(ability)
      ? rightAnswer(question, chance)
      : chance.happens(0.12)
        ? null
        : wrongAnswer(question, quiz, chance);
    if (answer !== null) answers[question.id] = answer;
  }
  return answers;
}

/** Null for what a person marks: nobody writes essays for made-up learners. */
function rightAnswer(question: SourceQuestion, chance: Chance): Answer | null {
  if (question.kind === 'short-text') return { kind: 'short-text', text: chance.pick(question.key.accepted) };
  return feedbackOn(question, undefined)?.solution ?? null;
}

function wrongAnswer(question: SourceQuestion, quiz: SourceQuiz, chance: Chance): Answer | null {
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
    case 'cloze': {
      // The first gap left open; a single gap is filled with nonsense.
      const [first = '', ...others] = question.gaps.map(({ id }) => id);
      const right = rightAnswer(question, chance);
      const gaps = right?.kind === 'cloze' ? right.gaps : {};
      return {
        kind: 'cloze',
        gaps: others.length === 0 ? { [first]: '?' } : Object.fromEntries(others.map((id) => [id, gaps[id] ?? '?'])),
      };
    }
    case 'ordering':
      // As it stood.
      return { kind: 'ordering', order: question.items.map(({ id }) => id) };
    case 'matching': {
      // Everything with the same choice.
      const { id } = chance.pick(question.choices);
      return { kind: 'matching', pairs: Object.fromEntries(question.items.map((item) => [item.id, id])) };
    }
    case 'hotspot':
      return { kind: 'hotspot', x: chance.whole(0, 1000), y: 999 };
    case 'essay':
    case 'file':
      return null;
    default:
      return question satisfies never;
  }
}
