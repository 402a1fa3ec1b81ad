import { gradeIdFor } from '../known-ids.ts';
import type { GradeResult } from '../learner.ts';
import type { DocumentOf } from '../registry.ts';
import type { Origin } from './origin.ts';

export interface NewGrade extends Origin {
  readonly attempt: DocumentOf<'attempt'>;
  /** Null where the attempt cannot be graded; `needsReview` then says why. */
  readonly result: GradeResult | null;
  /** Whether the device's provisional grade was the same; null where there was none. */
  readonly agrees: boolean | null;
  readonly needsReview: DocumentOf<'grade'>['needsReview'];
  readonly late?: boolean;
  /** The version by whose corrections it is graded; null for none. */
  readonly correctedBy?: number | null;
}

/** What the grading service says of an attempt. */
export function newGrade({
  attempt,
  result,
  agrees,
  needsReview,
  late = false,
  correctedBy = null,
  createdAt,
  deviceId,
}: NewGrade): DocumentOf<'grade'> {
  const { learnerId, courseId, quizId, quizVersion } = attempt;
  return {
    _id: gradeIdFor(attempt._id),
    type: 'grade',
    schemaVersion: 1,
    createdAt,
    deviceId,
    learnerId,
    courseId,
    quizId,
    quizVersion,
    attemptId: attempt._id,
    result,
    agrees,
    needsReview,
    ...(late ? { late } : {}),
    ...(correctedBy === null ? {} : { correctedBy }),
  };
}
