import { courseCardId } from '@darasa/shared/documents';
import { bumpRegister } from '@darasa/shared/rules';
import type { Outcome } from '../api.ts';
import { failed } from '../write.ts';
import type { CommandContext } from './context.ts';
import { changeEnrolment } from './learner-state.ts';

async function setStatus(context: CommandContext, courseId: string, status: 'active' | 'withdrawn'): Promise<Outcome> {
  if ((await context.reader.one(courseCardId(courseId), 'course')) === null) return failed('not-found', courseId);
  return changeEnrolment(context, courseId, (doc) =>
    doc._rev !== undefined && doc.status.value === status ? null : { ...doc, status: bumpRegister(doc.status, status, context.deviceId) },
  );
}

export function enrol(context: CommandContext, courseId: string): Promise<Outcome> {
  return setStatus(context, courseId, 'active');
}

export function withdraw(context: CommandContext, courseId: string): Promise<Outcome> {
  return setStatus(context, courseId, 'withdrawn');
}
