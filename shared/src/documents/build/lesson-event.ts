import { partitionId } from '../partitions.ts';
import type { DocumentOf } from '../registry.ts';
import type { CountedOrigin } from './origin.ts';
import { sealedId } from './sealed.ts';

export interface NewLessonEvent extends CountedOrigin {
  readonly learnerId: string;
  readonly courseId: string;
  /** The lesson or quiz. */
  readonly itemId: string;
  readonly action: DocumentOf<'lesson-event'>['action'];
}

/** Something that a learner did. */
export function newLessonEvent({
  learnerId,
  courseId,
  itemId,
  action,
  deviceId,
  seq,
  createdAt,
}: NewLessonEvent): DocumentOf<'lesson-event'> {
  const content = {
    type: 'lesson-event' as const,
    schemaVersion: 1 as const,
    createdAt,
    deviceId,
    seq,
    learnerId,
    courseId,
    itemId,
    action,
  };
  return { _id: sealedId(partitionId('learner', learnerId), content, deviceId, seq), ...content };
}
