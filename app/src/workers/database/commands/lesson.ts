import { type DocumentOf, newLessonEvent } from '@darasa/shared/documents';
import { bumpRegister, LESSON_DONE_AT, recordLesson } from '@darasa/shared/rules';
import type { ItemKind, Outcome } from '../api.ts';
import { instantOf } from '../environment.ts';
import { appendDocument, done } from '../write.ts';
import { noteCompletion } from './completion.ts';
import { type CommandContext, countedOrigin } from './context.ts';
import { changeProgress } from './learner-state.ts';

/** Only learners have progress: a teacher or a guardian reads without a trace. */
function leavesNoTrace({ person }: CommandContext): boolean {
  return !person.kinds.has('learner');
}

export async function recordEvent(
  context: CommandContext,
  courseId: string,
  itemId: string,
  action: DocumentOf<'lesson-event'>['action'],
): Promise<Outcome> {
  const event = newLessonEvent({ learnerId: context.person.id, courseId, itemId, action, ...(await countedOrigin(context)) });
  return appendDocument(context.own, context.person, event);
}

/** Remembers where the learner is; answers whether that is news. */
export async function resumeAt(
  context: CommandContext,
  courseId: string,
  kind: ItemKind,
  id: string,
): Promise<{ outcome: Outcome; news: boolean }> {
  let news = false;
  const outcome = await changeProgress(context, courseId, (progress) => {
    const { resume } = progress;
    news = resume?.value.kind !== kind || resume.value.id !== id;
    return news ? { ...progress, resume: bumpRegister(resume, { kind, id }, context.deviceId) } : null;
  });
  return { outcome, news };
}

export async function openLesson(context: CommandContext, courseId: string, lessonId: string): Promise<Outcome> {
  if (leavesNoTrace(context)) return done();
  const { outcome, news } = await resumeAt(context, courseId, 'lesson', lessonId);
  // Opening the same lesson again, as after a reload, is no event.
  return outcome.ok && news ? recordEvent(context, courseId, lessonId, 'opened') : outcome;
}

/** A visit is not longer than this between two reports: a phone that slept was not read. */
const LONGEST_REPORT_SECONDS = 10 * 60;

export async function reportLesson(
  context: CommandContext,
  courseId: string,
  lessonId: string,
  report: { readonly seen: number; readonly seconds: number },
): Promise<Outcome> {
  if (leavesNoTrace(context)) return done();
  const seen = Number.isFinite(report.seen) ? Math.min(1, Math.max(0, report.seen)) : 0;
  const seconds = Number.isFinite(report.seconds) ? Math.min(LONGEST_REPORT_SECONDS, report.seconds) : 0;
  let news = false;
  const outcome = await changeProgress(context, courseId, (progress) => {
    news = seen >= LESSON_DONE_AT && (progress.lessons[lessonId]?.seen ?? 0) < LESSON_DONE_AT;
    return recordLesson(progress, { lessonId, deviceId: context.deviceId, seen, seconds, completedAt: null });
  });
  return outcome.ok && news ? noteCompletion(context, courseId) : outcome;
}

export async function completeLesson(context: CommandContext, courseId: string, lessonId: string): Promise<Outcome> {
  if (leavesNoTrace(context)) return done();
  let news = false;
  const completedAt = instantOf(context.environment);
  const outcome = await changeProgress(context, courseId, (progress) => {
    news = progress.lessons[lessonId]?.completedAt == null;
    return news ? recordLesson(progress, { lessonId, deviceId: context.deviceId, seen: 1, seconds: 0, completedAt }) : null;
  });
  if (!outcome.ok || !news) return outcome;
  const told = await recordEvent(context, courseId, lessonId, 'completed');
  return told.ok ? noteCompletion(context, courseId) : told;
}
