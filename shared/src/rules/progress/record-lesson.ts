import type { DocumentOf } from '../../documents/registry.ts';

export interface LessonVisit {
  readonly lessonId: string;
  readonly deviceId: string;
  /** The farthest part seen in this visit, from 0 to 1. */
  readonly seen: number;
  /** Whole seconds spent since the last record of this visit. */
  readonly seconds: number;
  /** When the learner marked the lesson complete; null when they have not. */
  readonly completedAt: string | null;
}

/**
 * The progress after a visit to a lesson. It only grows, and a device raises only its own count of seconds: what the merge
 * of two devices relies on.
 */
export function recordLesson(progress: DocumentOf<'progress'>, visit: LessonVisit): DocumentOf<'progress'> {
  const { lessonId, deviceId } = visit;
  const known = progress.lessons[lessonId];
  const lesson = {
    ...known,
    completedAt: known?.completedAt ?? visit.completedAt,
    seen: Math.min(1, Math.max(known?.seen ?? 0, visit.seen)),
    seconds: { ...known?.seconds, [deviceId]: (known?.seconds[deviceId] ?? 0) + Math.max(0, Math.round(visit.seconds)) },
  };
  return { ...progress, lessons: { ...progress.lessons, [lessonId]: lesson } };
}
