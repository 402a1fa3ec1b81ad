import type { QuizSection } from '../../documents/course.ts';
import { contentDigest } from '../../documents/digest.ts';
import type { DocumentOf } from '../../documents/registry.ts';
import type { Shuffle } from '../../questions/question-kind.ts';
import { kindOf } from '../../questions/question-kinds.ts';
import { isKnownQuestion, type NewerQuestion, type Question } from '../../questions/schemas.ts';

export type AnyQuestion = Question | NewerQuestion;
type Quiz = Pick<DocumentOf<'quiz'>, 'questions' | 'sections' | 'shuffleOptions'>;

/** What one attempt is asked, in its order. */
export interface Paper {
  readonly sections: readonly {
    readonly id: string;
    readonly title: string;
    /** Its limit, before extra time; null for none. */
    readonly seconds: number | null;
    /** In order. */
    readonly questionIds: readonly string[];
  }[];
  /** Of all sections, in order. */
  readonly questions: readonly AnyQuestion[];
}

/** One section without a title stands for a quiz that has none. */
export const WHOLE_QUIZ = 'all';

/**
 * Puts things into the order of the digests of the seed with their ids. Every order is as likely as any other, nothing but the
 * seed and the ids decides, and what is taken out or added leaves the others as they were.
 */
function bySeed<Each extends { readonly id: string }>(seed: string, items: readonly Each[], of: string): Each[] {
  const placed = items.map((item) => ({ item, place: contentDigest({ seed, of, id: item.id }) }));
  return placed.sort((one, other) => (one.place < other.place ? -1 : one.place > other.place ? 1 : 0)).map(({ item }) => item);
}

function sectionsOf({ sections, questions }: Quiz): readonly QuizSection[] {
  return sections ?? [{ id: WHOLE_QUIZ, title: '', questions: questions.map(({ id }) => id) }];
}

function questionsOf({ id, questions: ids, draw = ids.length, shuffle = false }: QuizSection, quiz: Quiz, seed: string): AnyQuestion[] {
  const all = ids.flatMap((each) => quiz.questions.find((question) => question.id === each) ?? []);
  const shuffled = bySeed(seed, all, `order:${id}`);
  if (draw >= all.length) return shuffle ? shuffled : all;
  const drawn = bySeed(seed, all, `draw:${id}`).slice(0, draw);
  return (shuffle ? shuffled : all).filter((question) => drawn.includes(question));
}

/** A question with its options in the order of this attempt. */
function arranged(question: AnyQuestion, seed: string): AnyQuestion {
  if (!isKnownQuestion(question) || question.keepOrder === true) return question;
  const shuffle: Shuffle = (items, of) => bySeed(seed, items, `${of}:${question.id}`);
  return kindOf(question).shuffled?.(question, shuffle) ?? question;
}

/**
 * The paper of an attempt: what its pools draw and the orders that are its own. The same quiz and seed give the same paper on every
 * device and server. Without a seed, of an attempt by a program that knew of none, everything is asked as it is written.
 */
export function drawPaper(quiz: Quiz, seed: string | null): Paper {
  if (seed === null) {
    const ids = quiz.questions.map(({ id }) => id);
    return { sections: [{ id: WHOLE_QUIZ, title: '', seconds: null, questionIds: ids }], questions: quiz.questions };
  }
  const drawn = sectionsOf(quiz).map((section) => ({ section, questions: questionsOf(section, quiz, seed) }));
  const questions = drawn.flatMap((each) => each.questions);
  return {
    sections: drawn.map(({ section: { id, title, seconds = null }, questions: own }) => ({
      id,
      title,
      seconds,
      questionIds: own.map((question) => question.id),
    })),
    questions: quiz.shuffleOptions === true ? questions.map((question) => arranged(question, seed)) : questions,
  };
}

/** How many questions every paper of a quiz has and how many points it is worth: of a pool, by the worth of its first. */
export function paperSize(quiz: Quiz): { readonly questionCount: number; readonly points: number } {
  const pointsOf = new Map(quiz.questions.map(({ id, points }) => [id, points]));
  const sizes = sectionsOf(quiz).map(({ questions, draw = questions.length }) => {
    const drawn = questions.length > draw ? questions.slice(0, 1).flatMap((id) => new Array<string>(draw).fill(id)) : questions;
    return { count: drawn.length, points: drawn.reduce((sum, id) => sum + (pointsOf.get(id) ?? 0), 0) };
  });
  return {
    questionCount: sizes.reduce((sum, { count }) => sum + count, 0),
    points: Math.round(sizes.reduce((sum, { points }) => sum + points, 0) * 100) / 100,
  };
}
