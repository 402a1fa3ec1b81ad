import { type CourseProgress, gradedAttempts, LESSON_DONE_AT, type Person } from '@darasa/shared/rules';
import type { CourseCard, NextStep } from '../api.ts';
import { type CourseMaterial, type LearnerWork, outlineItems, progressIn } from './learning.ts';

/** Whether a course is a learner's own: by enrolment, or, for the one who looks, by a class. */
export function isEnrolled(work: LearnerWork, courseId: string): boolean {
  return work.enrolments.some((each) => each.courseId === courseId && each.status.value === 'active');
}

/**
 * How far a learner is in a course whose outline is not here, as for a guardian of somebody in a closed course: what is
 * done, of what the catalogue says that there is.
 */
export function progressWithoutOutline({ course }: CourseMaterial, work: LearnerWork): Pick<CourseCard, 'progress' | 'state'> {
  const { courseId, lessonCount, quizCount } = course;
  const lessons = Object.values(work.progress.find((each) => each.courseId === courseId)?.lessons ?? {});
  const lessonsDone = lessons.filter(({ completedAt, seen }) => completedAt !== null || seen >= LESSON_DONE_AT).length;
  const graded = gradedAttempts(work.attempts, work.grades).filter(({ attempt }) => attempt?.courseId === courseId);
  const passed = new Set(graded.filter(({ result }) => result?.passed === true).map(({ quizId }) => quizId)).size;
  const all = lessonCount + quizCount;
  const progress = all === 0 ? 0 : Math.min(1, (lessonsDone + passed) / all);
  const state = lessons.length === 0 && graded.length === 0 ? 'not-started' : progress === 1 ? 'finished' : 'working';
  return { progress, state };
}

export function courseCard(material: CourseMaterial, work: LearnerWork, person: Person): CourseCard {
  const { course, outline, readable, lessonsHere } = material;
  const { courseId } = course;
  const progress = progressIn(material, work);
  const lessons = outlineItems(outline).filter(({ kind }) => kind === 'lesson').length;
  const byClass = person.id === work.learnerId && (person.takes.has(courseId) || person.gives.has(courseId));
  return {
    courseId,
    title: course.title,
    summary: course.summary,
    language: course.language,
    programme: course.programme,
    category: course.category,
    tier: course.tier,
    grade: course.grade,
    level: course.level,
    tags: course.tags,
    featured: course.featured,
    minutes: course.minutes,
    lessonCount: course.lessonCount,
    quizCount: course.quizCount,
    mine: byClass || isEnrolled(work, courseId),
    readable,
    onDevice: outline !== null && lessonsHere >= lessons,
    ...(progress === null ? progressWithoutOutline(material, work) : { progress: progress.ratio, state: progress.state }),
  };
}

/** Where to go on in a course; null where nothing is left, or the course is not here. */
export function nextStep(material: CourseMaterial, progress: CourseProgress | null): NextStep | null {
  const next = progress?.next ?? null;
  return next === null ? null : stepTo(material, next.kind, next.id);
}

/** The way to an item of a course; null when the outline does not have it. */
export function stepTo({ course, outline }: CourseMaterial, kind: NextStep['kind'], itemId: string): NextStep | null {
  const item = outlineItems(outline).find((each) => each.kind === kind && each.id === itemId);
  if (item === undefined) return null;
  const minutes = item.kind === 'lesson' ? item.minutes : null;
  return { courseId: course.courseId, courseTitle: course.title, kind, itemId, title: item.title, minutes };
}
