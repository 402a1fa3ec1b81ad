import {
  type DocumentOf,
  documentTypes,
  enrolmentId,
  newEnrolment,
  newProfile,
  newProgress,
  profileId,
  progressId,
} from '@darasa/shared/documents';
import type { MergedTypeName } from '@darasa/shared/rules';
import * as v from 'valibot';
import type { Outcome } from '../api.ts';
import { failed, writeDocument } from '../write.ts';
import { type CommandContext, originOf } from './context.ts';

/**
 * Changes a document that merges, or begins it. A document that this version cannot read, because a newer one wrote it,
 * is not written over: the answer is `invalid`, and the person keeps what they had.
 */
export async function changeState<Type extends MergedTypeName>(
  context: CommandContext,
  type: Type,
  id: string,
  begin: () => DocumentOf<Type>,
  change: (doc: DocumentOf<Type>) => DocumentOf<Type> | null,
): Promise<Outcome> {
  let unreadable: string | null = null;
  const outcome = await writeDocument(context.own, context.person, id, (current) => {
    if (current === null) return change(begin());
    const parsed = v.safeParse(documentTypes[type].schema, current);
    unreadable = parsed.success ? null : parsed.issues[0].message;
    return parsed.success ? change(parsed.output as DocumentOf<Type>) : null; // the schema of the same type
  });
  return unreadable === null ? outcome : failed('invalid', unreadable);
}

export function changeProgress(
  context: CommandContext,
  courseId: string,
  change: (doc: DocumentOf<'progress'>) => DocumentOf<'progress'> | null,
): Promise<Outcome> {
  const learnerId = context.person.id;
  const begin = (): DocumentOf<'progress'> => newProgress({ learnerId, courseId, ...originOf(context) });
  return changeState(context, 'progress', progressId(learnerId, courseId), begin, change);
}

export function changeEnrolment(
  context: CommandContext,
  courseId: string,
  change: (doc: DocumentOf<'enrolment'>) => DocumentOf<'enrolment'> | null,
): Promise<Outcome> {
  const learnerId = context.person.id;
  const begin = (): DocumentOf<'enrolment'> => newEnrolment({ learnerId, courseId, ...originOf(context) });
  return changeState(context, 'enrolment', enrolmentId(learnerId, courseId), begin, change);
}

export function changeProfile(
  context: CommandContext,
  change: (doc: DocumentOf<'profile'>) => DocumentOf<'profile'> | null,
): Promise<Outcome> {
  const learnerId = context.person.id;
  const begin = (): DocumentOf<'profile'> =>
    newProfile({ learnerId, displayName: context.displayName, language: 'en', ...originOf(context) });
  return changeState(context, 'profile', profileId(learnerId), begin, change);
}
