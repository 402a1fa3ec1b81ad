import { partitionId } from '../partitions.ts';
import type { DocumentOf } from '../registry.ts';
import type { CountedOrigin } from './origin.ts';
import { sealedId } from './sealed.ts';

export interface NewFeedback extends CountedOrigin {
  readonly learnerId: string;
  /** The class in which the author teaches the learner. */
  readonly classId: string;
  readonly authorId: string;
  readonly authorName: string;
  /** The document that it is about, an attempt for example; null for the learner's work as a whole. */
  readonly aboutId: string | null;
  readonly body: string;
}

/** A teacher's words to a learner. */
export function newFeedback(feedback: NewFeedback): DocumentOf<'feedback'> {
  const { learnerId, classId, authorId, authorName, aboutId, body, deviceId, seq, createdAt } = feedback;
  const content = {
    type: 'feedback' as const,
    schemaVersion: 1 as const,
    createdAt,
    deviceId,
    seq,
    learnerId,
    classId,
    authorId,
    authorName,
    aboutId,
    body,
  };
  return { _id: sealedId(partitionId('learner', learnerId), content, deviceId, seq), ...content };
}
