import * as v from 'valibot';
import type { QuestionKey } from '../../documents/course.ts';
import type { GradeResult, QuestionResult } from '../../documents/learner.ts';
import { isBlankAnswer } from '../../questions/blank-answer.ts';
import { own } from '../../questions/parts.ts';
import type { Credit, KeyOf, QuestionKindName } from '../../questions/question-kind.ts';
import { kindOf } from '../../questions/question-kinds.ts';
import { type Answer, isKnownQuestion, type NewerAnswer, type NewerQuestion, type Question } from '../../questions/schemas.ts';

/** An exam's keys by question id. A practice quiz carries its keys on its questions and needs none. */
export type Keys = Readonly<Record<string, QuestionKey>> | undefined;

export interface QuizToGrade {
  readonly questions: readonly (Question | NewerQuestion)[];
  readonly keys?: Keys;
  /** By question id; a question without an answer scores nothing. */
  readonly answers: Readonly<Record<string, Answer | NewerAnswer>>;
  /** Questions that earn everything whatever was answered: a correction says so. */
  readonly awarded?: readonly string[];
  /** The share of the points that passes, from 0 to 1. */
  readonly passingScore: number;
}

/**
 * Points have two decimals, and are counted in whole hundredths: a third of 10 points is 333 of them. Half a hundredth is
 * rounded up.
 */
function hundredths(points: number): number {
  return Math.round((points + Number.EPSILON) * 100);
}

/** The share `got` of `of`, rounded to whole hundredths with whole numbers alone. */
function shareOf(whole: number, { got, of }: Pick<Credit, 'got' | 'of'>): number {
  return Math.floor((2 * got * whole + of) / (2 * of));
}

/** The key of a question: its own, or the exam's; null where there is none of its kind, or the kind is not known here. */
export function keyFor(question: Question | NewerQuestion, keys: Keys): KeyOf<QuestionKindName> | null {
  if (!isKnownQuestion(question)) return null;
  // What needs no key takes an empty one.
  const parsed = v.safeParse(kindOf(question).keySchema, own(keys, question.id) ?? question.key ?? {});
  return parsed.success ? parsed.output : null;
}

/** The questions that cannot be graded, because there is no key of their kind for them: the work then wants review by a person. */
export function questionsWithoutKey(quiz: Pick<QuizToGrade, 'questions' | 'keys'>): readonly string[] {
  return quiz.questions.filter((question) => keyFor(question, quiz.keys) === null).map((question) => question.id);
}

/** What an answer earns; null where a person has to mark it. An answer of another kind, or that says nothing, is as good as none. */
export function creditOf(question: Question, key: KeyOf<QuestionKindName>, answer: Answer | NewerAnswer | undefined): Credit | null {
  const kind = kindOf(question);
  const parsed = v.safeParse(kind.answerSchema, answer);
  if (!parsed.success || isBlankAnswer(parsed.output)) return { got: 0, of: 1, parts: {}, says: [] };
  const credit = kind.grade(question, key, parsed.output);
  return credit !== null && question.allOrNothing === true && credit.got < credit.of ? { ...credit, got: 0 } : credit;
}

/** In hundredths of a point. */
interface Marks {
  readonly most: number;
  readonly earned: number;
  readonly lost: number;
  readonly waits: boolean;
  readonly correct: boolean;
}

function markQuestion(question: Question | NewerQuestion, { keys, answers, awarded }: QuizToGrade): Marks {
  const most = hundredths(question.points);
  const none: Marks = { most, earned: 0, lost: 0, waits: false, correct: false };
  if (awarded?.includes(question.id) === true) return { ...none, earned: most, correct: true };
  const key = keyFor(question, keys);
  if (!isKnownQuestion(question) || key === null) return none;
  const credit = creditOf(question, key, own(answers, question.id));
  if (credit === null) return { ...none, waits: true };
  const lost = Math.min(most, (credit.slips ?? 0) * hundredths(question.penalty ?? 0));
  return { most, earned: shareOf(most, credit), lost, waits: false, correct: credit.got === credit.of && lost === 0 };
}

function resultOf({ most, earned, lost, waits, correct }: Marks): QuestionResult {
  return {
    points: earned / 100,
    maxPoints: most / 100,
    correct,
    ...(lost > 0 ? { lost: lost / 100 } : {}),
    ...(waits ? { waits } : {}),
  };
}

/**
 * Grades the answers to a quiz: the same on the device, which gives the provisional grade, and on the server, which gives
 * the one that counts.
 *
 * Each question's points are rounded to two decimals, and the score is their sum without what wrong choices cost, never
 * below nothing. An answer of another kind than its question scores nothing, and so does a question without a key
 * (`questionsWithoutKey` names those) and one that a person has to mark. A quiz passes when its score reaches the passing
 * share of its points; one without points always does. Never throws.
 */
export function gradeQuiz(quiz: QuizToGrade): GradeResult {
  const marks = quiz.questions.map((question) => [question.id, markQuestion(question, quiz)] as const);
  const sum = (of: (each: Marks) => number): number => marks.reduce((total, [, each]) => total + of(each), 0);
  const score = Math.max(
    0,
    sum(({ earned, lost }) => earned - lost),
  );
  const maxScore = sum(({ most }) => most);
  const toMark = sum(({ most, waits }) => (waits ? most : 0));
  return {
    score: score / 100,
    maxScore: maxScore / 100,
    // Leeway for binary fractions: 0.7 of 10 points may come out a little above 7.
    passed: score >= quiz.passingScore * maxScore - 1e-7,
    ...(toMark > 0 ? { toMark: toMark / 100 } : {}),
    questions: Object.fromEntries(marks.map(([id, each]) => [id, resultOf(each)])),
  };
}

/** Whether two grades say the same of a score and of every question: the device's provisional one and the server's. */
export function gradesAgree(one: GradeResult, other: GradeResult): boolean {
  const ids = Object.keys(one.questions);
  return (
    one.score === other.score &&
    one.maxScore === other.maxScore &&
    one.passed === other.passed &&
    one.toMark === other.toMark &&
    ids.length === Object.keys(other.questions).length &&
    ids.every((id) => {
      const [mine, theirs] = [own(one.questions, id), own(other.questions, id)];
      return mine?.points === theirs?.points && mine?.lost === theirs?.lost;
    })
  );
}
