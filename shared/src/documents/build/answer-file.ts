import { partitionId } from '../partitions.ts';
import type { DocumentOf } from '../registry.ts';
import type { CountedOrigin } from './origin.ts';
import { sealedId } from './sealed.ts';

export interface NewAnswerFile extends CountedOrigin {
  readonly learnerId: string;
  readonly courseId: string;
  readonly quizId: string;
  readonly questionId: string;
  readonly mediaType: DocumentOf<'answer-file'>['mediaType'];
  /** In base64; at most `MAX_FILE_SIZE` bytes. */
  readonly data: string;
}

/** A photo or file of an answer. */
export function newAnswerFile(file: NewAnswerFile): DocumentOf<'answer-file'> {
  const { createdAt, deviceId, seq, learnerId, courseId, quizId, questionId, mediaType, data } = file;
  const origin = { schemaVersion: 1 as const, createdAt, deviceId, seq };
  const content = { type: 'answer-file' as const, ...origin, learnerId, courseId, quizId, questionId, mediaType, data };
  return { _id: sealedId(partitionId('learner', learnerId), content, deviceId, seq), ...content };
}
