import type { DocumentOf } from '../../documents/registry.ts';
import { gradedAttempts, verdictOf } from './best-grades.ts';
import { type CourseProgress, type CourseWork, courseProgress } from './course-progress.ts';

export type Standing = 'not-started' | 'working' | 'finished' | 'needs-help';

/** So many failed attempts at a quiz, none passed, and somebody should look in. */
export const FAILED_ATTEMPTS_FOR_HELP = 2;

export interface LearnerStanding {
  readonly standing: Standing;
  /**
   * When the server last heard from any of the learner's devices, on the server's clock; null when it never has. A
   * learner who was not heard from may have worked for weeks: never show that as `not-started` alone.
   */
  readonly lastHeardAt: string | null;
  readonly progress: CourseProgress;
}

/** The quiz that the learner tried last, when it needs somebody: at least two graded attempts and none passed. */
function stuckOn({ outline, attempts, grades }: CourseWork): boolean {
  const { courseId } = outline;
  const graded = gradedAttempts(
    attempts.filter((each) => each.courseId === courseId),
    grades.filter((each) => each.courseId === courseId),
  );
  const latest = graded.at(-1);
  const same = graded.filter(({ quizId, result }) => quizId === latest?.quizId && result !== null);
  const verdicts = same.map(({ result }) => (result === null ? null : verdictOf(result)));
  return verdicts.filter((passed) => passed === false).length >= FAILED_ATTEMPTS_FOR_HELP && !verdicts.includes(true);
}

/**
 * A learner in a course as the teacher's live view shows it. `needs-help`: the quiz that the learner tried last was failed
 * twice or more and never passed; the help ends with the first pass, or when the learner goes on to another quiz.
 * It comes from documents alone, so a learner with no documents here is `not-started`; see `lastHeardAt`.
 */
export function learnerStanding(work: CourseWork & { readonly contacts: readonly DocumentOf<'contact'>[] }): LearnerStanding {
  const progress = courseProgress(work);
  const heard = work.contacts.map(({ lastHeardAt }) => lastHeardAt).sort();
  const standing = progress.state === 'working' && stuckOn(work) ? 'needs-help' : progress.state;
  return { standing, lastHeardAt: heard.at(-1) ?? null, progress };
}
