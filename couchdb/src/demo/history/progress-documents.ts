import { type DocumentOf, newEnrolment, newProgress } from '@darasa/shared/documents';
import { bumpRegister } from '@darasa/shared/rules';
import { accountIdOf } from '../people/demo-accounts.ts';
import type { DemoLearner } from '../people/people.ts';
import { MINUTE_MS } from './school-days.ts';
import type { Item, Step } from './simulate.ts';

const iso = (time: number): string => new Date(time).toISOString();
type Progress = DocumentOf<'progress'>;

/** How far a learner is in a course after some steps. Throws a RangeError when there is no step: then there is no progress. */
export function progressAfter(learner: DemoLearner, steps: readonly Step[]): Progress {
  const [first] = steps;
  if (first === undefined) throw new RangeError('No step, no progress');
  const learnerId = accountIdOf(learner.username);
  const lessons: Record<string, Progress['lessons'][string]> = {};
  let resume: Progress['resume'] = null;
  for (const { item, nextItem, deviceId, startedAt, endedAt, seen } of steps) {
    const next = seen === 1 ? nextItem : item;
    resume = bumpRegister(resume, { kind: next.kind, id: next.id }, deviceId);
    if (item.kind !== 'lesson') continue;
    const before = lessons[item.id];
    lessons[item.id] = {
      completedAt: before?.completedAt ?? (seen === 1 ? iso(endedAt) : null),
      seen: Math.max(before?.seen ?? 0, seen),
      seconds: { ...before?.seconds, [deviceId]: (before?.seconds[deviceId] ?? 0) + Math.round((endedAt - startedAt) / 1_000) },
    };
  }
  const { courseId, deviceId, startedAt } = first;
  return { ...newProgress({ learnerId, courseId, deviceId, createdAt: iso(startedAt) }), lessons, resume };
}

/** The learner's own record that a course was begun; completed when every lesson was read and every quiz passed. */
export function enrolmentAfter(
  learner: DemoLearner,
  steps: readonly Step[],
  items: readonly Item[],
  passed: ReadonlySet<string>,
): DocumentOf<'enrolment'> {
  const [first] = steps;
  if (first === undefined) throw new RangeError('No step, no enrolment');
  const learnerId = accountIdOf(learner.username);
  const read = new Set(steps.filter((step) => step.item.kind === 'lesson' && step.seen === 1).map((step) => step.item.id));
  const completed = items.every(({ kind, id }) => (kind === 'lesson' ? read.has(id) : passed.has(id)));
  const { courseId, deviceId } = first;
  const begun = newEnrolment({ learnerId, courseId, deviceId, createdAt: iso(first.startedAt - 2 * MINUTE_MS) });
  return { ...begun, completedAt: completed ? iso(steps.at(-1)?.endedAt ?? first.endedAt) : null };
}
