import { gradeIdFor, outlineId, partitionId } from '@darasa/shared/documents';
import { courseProgress } from '@darasa/shared/rules';
import type { Outcome } from '../api.ts';
import { instantOf } from '../environment.ts';
import { loadWork } from '../views/learning.ts';
import { done } from '../write.ts';
import type { CommandContext } from './context.ts';
import { changeEnrolment } from './learner-state.ts';

/**
 * Writes down that a course is finished, the first time that it is. Another device of the learner may note it too; the
 * merge keeps the earlier time.
 */
export async function noteCompletion(context: CommandContext, courseId: string): Promise<Outcome> {
  const { person, environment } = context;
  if (!person.kinds.has('learner')) return done();
  const reader = context.readNow();
  const [outline, work] = await Promise.all([reader.one(outlineId(courseId), 'outline'), loadWork(reader, person.id)]);
  if (outline === null) return done();
  const progress = work.progress.find((each) => each.courseId === courseId) ?? null;
  const { state } = courseProgress({ outline, progress, attempts: work.attempts, grades: work.grades });
  if (state !== 'finished') return done();
  return changeEnrolment(context, courseId, (enrolment) =>
    enrolment.completedAt === null ? { ...enrolment, completedAt: instantOf(environment) } : null,
  );
}

/** Grades arrived. The device that an attempt was made on notes what they complete; a device that only reads them does not. */
export async function noteGrades(context: CommandContext, gradeIds: readonly string[]): Promise<void> {
  const { person, deviceId } = context;
  if (!person.kinds.has('learner')) return;
  const arrived = new Set(gradeIds);
  const attempts = await context.readNow().all(partitionId('learner', person.id), 'attempt');
  const courses = attempts
    .filter((each) => each.deviceId === deviceId && arrived.has(gradeIdFor(each._id)))
    .map(({ courseId }) => courseId);
  for (const courseId of new Set(courses)) await noteCompletion(context, courseId);
}
