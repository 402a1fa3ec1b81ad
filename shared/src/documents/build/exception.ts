import { partitionId } from '../partitions.ts';
import type { DocumentOf } from '../registry.ts';
import type { CountedOrigin } from './origin.ts';
import { sealedId } from './sealed.ts';

export type NewException = CountedOrigin &
  Pick<
    DocumentOf<'exception'>,
    | 'learnerId'
    | 'classId'
    | 'authorId'
    | 'authorName'
    | 'courseId'
    | 'quizId'
    | 'attempts'
    | 'extraTime'
    | 'closesAt'
    | 'reason'
    | 'replaces'
  >;

/** What a teacher allows one learner in one quiz. */
export function newException(exception: NewException): DocumentOf<'exception'> {
  const { learnerId, deviceId, seq } = exception;
  const content = { ...exception, type: 'exception' as const, schemaVersion: 1 as const };
  return { ...content, _id: sealedId(partitionId('learner', learnerId), content, deviceId, seq) };
}
