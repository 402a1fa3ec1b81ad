import { newException, releaseId } from '@darasa/shared/documents';
import type { ExceptionValues, Outcome } from '../api.ts';
import { appendDocument, failed, writeDocument } from '../write.ts';
import { type CommandContext, countedOrigin, originOf } from './context.ts';
import { classOf } from './feedback.ts';

/** A teacher allows one learner more in one quiz than others have. */
export async function allowException(context: CommandContext, learnerId: string, values: ExceptionValues): Promise<Outcome> {
  const { person, displayName } = context;
  const classId = await classOf(context, learnerId);
  if (classId === null) return failed('not-allowed', 'This learner is in none of your classes');
  const exception = newException({
    ...values,
    reason: values.reason.trim(),
    learnerId,
    classId,
    authorId: person.id,
    authorName: displayName,
    ...(await countedOrigin(context)),
  });
  return appendDocument(context.own, person, exception);
}

/** A teacher shows a class what a quiz keeps back until then, or takes that back. */
export function releaseQuiz(
  context: CommandContext,
  classId: string,
  courseId: string,
  quizId: string,
  released: boolean,
): Promise<Outcome> {
  const { person, own } = context;
  const _id = releaseId(classId, courseId, quizId);
  return writeDocument(own, person, _id, (now) => {
    const there = now !== null && now['_deleted'] !== true;
    if (there === released) return null;
    if (!released) return { _id, _deleted: true };
    return { _id, type: 'release', schemaVersion: 1, ...originOf(context), classId, authorId: person.id, courseId, quizId };
  });
}
