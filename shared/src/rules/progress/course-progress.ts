import type { DocumentOf } from '../../documents/registry.ts';
import { bestOf, type GradedAttempt, gradedAttempts, scoreOf, verdictOf } from './best-grades.ts';

/** The part of a lesson that has to be seen for the lesson to count as done: the 80 % rule. */
export const LESSON_DONE_AT = 0.8;

export interface CourseWork {
  readonly outline: DocumentOf<'outline'>;
  /** Null where the learner has none yet. */
  readonly progress: DocumentOf<'progress'> | null;
  readonly attempts: readonly DocumentOf<'attempt'>[];
  readonly grades: readonly DocumentOf<'grade'>[];
  readonly events?: readonly DocumentOf<'lesson-event'>[] | undefined;
}

export type ItemState = 'not-started' | 'working' | 'done';

export interface LessonItemProgress {
  readonly kind: 'lesson';
  readonly id: string;
  readonly title: string;
  readonly sectionId: string;
  readonly state: ItemState;
  /** The farthest part that was seen, from 0 to 1. */
  readonly seen: number;
  readonly minutes: number;
  /** Over all devices. */
  readonly seconds: number;
}

export interface QuizItemProgress {
  readonly kind: 'quiz';
  readonly id: string;
  readonly title: string;
  readonly sectionId: string;
  readonly exam: boolean;
  /** `done` when passed. */
  readonly state: ItemState;
  readonly attempts: number;
  /** The best grade as a share of its points, from 0 to 1; null while there is none. */
  readonly best: number | null;
  /** Whether the best grade is still the device's own. */
  readonly provisional: boolean;
  /** Whether the latest attempt has no grade from anybody yet. */
  readonly awaitsGrade: boolean;
}

export type ItemProgress = LessonItemProgress | QuizItemProgress;

export interface CourseProgress {
  readonly lessonsDone: number;
  readonly lessonsTotal: number;
  readonly quizzesPassed: number;
  readonly quizzesTotal: number;
  /** The share of all items that are done, from 0 to 1. */
  readonly ratio: number;
  readonly state: 'not-started' | 'working' | 'finished';
  /** Where to go on: what the learner left unfinished last, else the first item that is not done. */
  readonly next: { readonly kind: 'lesson' | 'quiz'; readonly id: string } | null;
  /** In the order of the outline. */
  readonly items: readonly ItemProgress[];
}

type OutlineItem = DocumentOf<'outline'>['sections'][number]['items'][number];
type LessonEvent = DocumentOf<'lesson-event'>;

function lessonProgress(
  { id, title, minutes }: Extract<OutlineItem, { kind: 'lesson' }>,
  sectionId: string,
  progress: DocumentOf<'progress'> | null,
  events: readonly LessonEvent[],
): LessonItemProgress {
  const known = progress?.lessons[id];
  const seen = known?.seen ?? 0;
  const completed = (known !== undefined && known.completedAt !== null) || events.some(({ action }) => action === 'completed');
  const done = completed || seen >= LESSON_DONE_AT;
  const started = known !== undefined || events.length > 0;
  const seconds = Object.values(known?.seconds ?? {}).reduce((sum, each) => sum + each, 0);
  return { kind: 'lesson', id, title, sectionId, state: done ? 'done' : started ? 'working' : 'not-started', seen, minutes, seconds };
}

function quizProgress(
  { id, title, exam }: Extract<OutlineItem, { kind: 'quiz' }>,
  sectionId: string,
  attempts: readonly GradedAttempt[],
  events: readonly LessonEvent[],
): QuizItemProgress {
  const best = bestOf(attempts);
  const passed = attempts.some(({ result }) => result?.passed === true);
  const started = attempts.length > 0 || events.length > 0;
  const latest = attempts.at(-1);
  return {
    kind: 'quiz',
    id,
    title,
    sectionId,
    exam,
    state: passed ? 'done' : started ? 'working' : 'not-started',
    attempts: attempts.length,
    best: best === null ? null : scoreOf(best.result),
    provisional: best?.provisional ?? false,
    awaitsGrade: latest !== undefined && (latest.result === null || verdictOf(latest.result) === null),
  };
}

function nextItem(items: readonly ItemProgress[], progress: DocumentOf<'progress'> | null): CourseProgress['next'] {
  // An exam that is waiting for its grade gives the learner nothing to do.
  const open = items.filter((item) => item.state !== 'done' && !(item.kind === 'quiz' && item.awaitsGrade));
  const left = progress?.resume?.value;
  const item = open.find(({ kind, id }) => kind === left?.kind && id === left.id) ?? open[0];
  return item === undefined ? null : { kind: item.kind, id: item.id };
}

/**
 * How far a learner is in a course, from what the learner did: the same on every device that has the same documents.
 *
 * - A lesson is done when it was marked complete (in the progress or by an event), or when 80 % of it was seen.
 * - A quiz is done when any attempt at any of its versions passed, by the server's grade where there is one and else by
 *   the device's own: a later version, or a worse attempt, takes nothing away.
 * - A course is finished when all its items are done, not started when none was begun. A course without items is not started.
 */
export function courseProgress({ outline, progress, attempts, grades, events = [] }: CourseWork): CourseProgress {
  const { courseId } = outline;
  const graded = gradedAttempts(
    attempts.filter((each) => each.courseId === courseId),
    grades.filter((each) => each.courseId === courseId),
  );
  const eventsOf = (id: string): readonly LessonEvent[] => events.filter((each) => each.courseId === courseId && each.itemId === id);
  const items = outline.sections.flatMap((section) =>
    section.items.map((item) =>
      item.kind === 'lesson'
        ? lessonProgress(item, section.id, progress, eventsOf(item.id))
        : quizProgress(
            item,
            section.id,
            graded.filter(({ quizId }) => quizId === item.id),
            eventsOf(item.id),
          ),
    ),
  );
  const lessons = items.filter(({ kind }) => kind === 'lesson');
  const quizzes = items.filter(({ kind }) => kind === 'quiz');
  const lessonsDone = lessons.filter(({ state }) => state === 'done').length;
  const quizzesPassed = quizzes.filter(({ state }) => state === 'done').length;
  const done = lessonsDone + quizzesPassed;
  const untouched = items.every(({ state }) => state === 'not-started');
  return {
    lessonsDone,
    lessonsTotal: lessons.length,
    quizzesPassed,
    quizzesTotal: quizzes.length,
    ratio: items.length === 0 ? 0 : done / items.length,
    state: untouched ? 'not-started' : done === items.length ? 'finished' : 'working',
    next: nextItem(items, progress),
    items,
  };
}
