import type { GradeResult } from '../../documents/learner.ts';
import type { DocumentOf } from '../../documents/registry.ts';
import { inOrder } from './in-order.ts';

type Attempt = DocumentOf<'attempt'>;
type Grade = DocumentOf<'grade'>;

/** An attempt with the grade that counts for it at present. */
export interface GradedAttempt {
  readonly attemptId: string;
  readonly quizId: string;
  readonly quizVersion: number;
  /** Null where the attempt itself has not arrived and only its grade has. */
  readonly attempt: Attempt | null;
  /** Null while nobody could grade it: an exam before it reaches a server. */
  readonly result: GradeResult | null;
  /** Whether the result is the device's own, which the server's replaces. */
  readonly provisional: boolean;
  /** It is beyond those that are allowed: kept, and counts for nothing until a teacher allows it. */
  readonly tooMany: boolean;
}

/** Whether a quiz is passed; null while the points that a person has still to give decide it. */
export function verdictOf({ passed, toMark = 0 }: GradeResult): boolean | null {
  return passed || toMark === 0 ? passed : null;
}

/** A grade as a share of its points, from 0 to 1. A quiz without points counts as whole. */
export function scoreOf(result: GradeResult): number {
  return result.maxScore === 0 ? 1 : result.score / result.maxScore;
}

/**
 * The attempts of a course in their order, each with the grade that counts: the server's where it has given one, else the
 * device's. A server that could not grade (`needsReview`) leaves the device's standing, save of an attempt beyond those allowed. Grades whose attempts have not
 * arrived come first.
 */
export function gradedAttempts(attempts: readonly Attempt[], grades: readonly Grade[]): readonly GradedAttempt[] {
  const byAttempt = new Map(grades.map((grade) => [grade.attemptId, grade]));
  const known = new Set(attempts.map(({ _id }) => _id));
  const alone = grades
    .filter(({ attemptId }) => !known.has(attemptId))
    .map(({ attemptId, quizId, quizVersion, result }) => ({
      attemptId,
      quizId,
      quizVersion,
      attempt: null,
      result,
      provisional: false,
      tooMany: false,
    }));
  const graded = inOrder(attempts).map((attempt): GradedAttempt => {
    const grade = byAttempt.get(attempt._id);
    const server = grade?.result ?? null;
    const { _id: attemptId, quizId, quizVersion } = attempt;
    const tooMany = grade?.needsReview === 'already-sat';
    const result = tooMany ? null : (server ?? attempt.provisional);
    return { attemptId, quizId, quizVersion, attempt, result, provisional: server === null && !tooMany, tooMany };
  });
  return [...alone, ...graded];
}

/** The best of some attempts at one quiz: the highest share of points; of equal ones the server's, then the first. Null when none has a grade. */
export function bestOf(attempts: readonly GradedAttempt[]): (GradedAttempt & { readonly result: GradeResult }) | null {
  let best: (GradedAttempt & { readonly result: GradeResult }) | null = null;
  for (const each of attempts) {
    if (each.result === null) continue;
    const candidate = { ...each, result: each.result };
    const lead = best === null ? 1 : scoreOf(candidate.result) - scoreOf(best.result);
    if (best === null || lead > 0 || (lead === 0 && best.provisional && !candidate.provisional)) best = candidate;
  }
  return best;
}
