import type { DocumentOf } from '@darasa/shared/documents';
import { type GradedAttempt, gradedAttempts, scoreOf, verdictOf } from '@darasa/shared/rules';
import type { AttemptLine } from '../api.ts';
import { type ProvedPlaces, placeOf } from '../honesty.ts';
import { type CourseMaterial, type LearnerWork, outlineItems } from './learning.ts';

/** What a quiz is called: by the outline, or null where that has not arrived. */
export function quizTitle(materials: readonly CourseMaterial[], courseId: string, quizId: string): string | null {
  const outline = materials.find(({ course }) => course.courseId === courseId)?.outline ?? null;
  return outlineItems(outline).find(({ kind, id }) => kind === 'quiz' && id === quizId)?.title ?? null;
}

export function attemptLine(
  attempt: DocumentOf<'attempt'>,
  graded: GradedAttempt,
  title: string | null,
  places: ProvedPlaces,
): AttemptLine {
  const { result, provisional } = graded;
  return {
    attemptId: attempt._id,
    courseId: attempt.courseId,
    quizId: attempt.quizId,
    quizTitle: title,
    submittedAt: attempt.submittedAt,
    score: result === null ? null : scoreOf(result),
    passed: result === null ? null : verdictOf(result),
    tooMany: graded.tooMany,
    gradedBy: result === null ? 'waiting' : provisional ? 'device' : 'school',
    place: placeOf(places, attempt._id),
  };
}

/** A learner's attempts, the latest first. */
export function attemptLines(work: LearnerWork, materials: readonly CourseMaterial[], places: ProvedPlaces): readonly AttemptLine[] {
  return gradedAttempts(work.attempts, work.grades)
    .flatMap((graded) =>
      graded.attempt === null
        ? []
        : [attemptLine(graded.attempt, graded, quizTitle(materials, graded.attempt.courseId, graded.quizId), places)],
    )
    .reverse();
}
