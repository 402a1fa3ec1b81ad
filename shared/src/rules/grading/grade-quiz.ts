import * as v from 'valibot';
import type { QuestionKey } from '../../documents/course.ts';
import type { Answer, GradeResult, QuestionResult } from '../../documents/learner.ts';
import type { KeyOf, Question, QuestionKind, QuestionKindName } from './question-kind.ts';
import { questionKinds } from './question-kinds.ts';

export interface QuizToGrade {
  readonly questions: readonly Question[];
  /** An exam's keys by question id. A practice quiz carries its keys on its questions and needs none. */
  readonly keys?: Readonly<Record<string, QuestionKey>> | undefined;
  /** By question id; a question without an answer scores nothing. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** The share of the points that passes, from 0 to 1. */
  readonly passingScore: number;
}

/** Points have two decimals: a third of 10 points is 3.33. Half a hundredth is rounded up. */
function roundPoints(points: number): number {
  return Math.round((points + Number.EPSILON) * 100) / 100;
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function kindOf(question: Question): QuestionKind<QuestionKindName> {
  // The registry pairs each name with its own kind; TypeScript cannot follow that through an index by a union.
  return questionKinds[question.kind] as QuestionKind<QuestionKindName>;
}

function keyFor(question: Question, keys: QuizToGrade['keys']): KeyOf<QuestionKindName> | null {
  const key: unknown = (keys === undefined ? undefined : own(keys, question.id)) ?? question.key;
  const parsed = v.safeParse(kindOf(question).keySchema, key);
  return parsed.success ? parsed.output : null;
}

/** The questions that cannot be graded, because there is no key of their kind for them: the work then wants review by a person. */
export function questionsWithoutKey(quiz: Pick<QuizToGrade, 'questions' | 'keys'>): readonly string[] {
  return quiz.questions.filter((question) => keyFor(question, quiz.keys) === null).map((question) => question.id);
}

function gradeQuestion(question: Question, keys: QuizToGrade['keys'], answer: Answer | undefined): QuestionResult {
  const maxPoints = roundPoints(question.points);
  const key = keyFor(question, keys);
  if (key === null || answer === undefined || answer.kind !== question.kind) return { points: 0, maxPoints, correct: false };
  const share = kindOf(question).share(question, key, answer);
  return { points: roundPoints(share * maxPoints), maxPoints, correct: share === 1 };
}

/**
 * Grades the answers to a quiz: the same on the device, which gives the provisional grade, and on the server, which gives
 * the one that counts.
 *
 * Each question's points are rounded to two decimals, and the score is their sum. An answer of another kind than its
 * question scores nothing, and so does a question without a key (`questionsWithoutKey` names those). A quiz passes when
 * its score reaches the passing share of its points; one without points always does. Never throws on answers of the schema.
 */
export function gradeQuiz(quiz: QuizToGrade): GradeResult {
  const results = quiz.questions.map(
    (question) => [question.id, gradeQuestion(question, quiz.keys, own(quiz.answers, question.id))] as const,
  );
  const score = roundPoints(results.reduce((sum, [, result]) => sum + result.points, 0));
  const maxScore = roundPoints(results.reduce((sum, [, result]) => sum + result.maxPoints, 0));
  // Leeway for binary fractions: 0.7 of 10 points may come out a little above 7.
  return { score, maxScore, passed: score >= quiz.passingScore * maxScore - 1e-9, questions: Object.fromEntries(results) };
}

/** Whether two grades say the same of a score and of every question: the device's provisional one and the server's. */
export function gradesAgree(one: GradeResult, other: GradeResult): boolean {
  const ids = Object.keys(one.questions);
  return (
    one.score === other.score &&
    one.maxScore === other.maxScore &&
    one.passed === other.passed &&
    ids.length === Object.keys(other.questions).length &&
    ids.every((id) => own(one.questions, id)?.points === own(other.questions, id)?.points)
  );
}
