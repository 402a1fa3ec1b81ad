import type { DocId } from '../ids.ts';
import type { GradeResult } from '../learner.ts';
import { partitionId } from '../partitions.ts';
import type { DocumentOf } from '../registry.ts';
import type { CountedOrigin } from './origin.ts';
import { sealedId } from './sealed.ts';

export interface NewAttempt extends CountedOrigin {
  readonly learnerId: string;
  readonly courseId: string;
  readonly quizId: string;
  readonly quizVersion: number;
  /** On the device's clock. */
  readonly startedAt: string;
  readonly submittedAt: string;
  /** By question id. */
  readonly answers: DocumentOf<'attempt'>['answers'];
  /** Null for an exam, whose key the device has not. */
  readonly provisional: GradeResult | null;
  /** How it was taken: what its paper was drawn by, of which quiz, and what is known of the time. */
  readonly taken?: Pick<DocumentOf<'attempt'>, 'seed' | 'quizDigest' | 'answeredAt' | 'timing'>;
}

/** The id of an attempt, from its complete content. */
export function attemptId(attempt: Pick<DocumentOf<'attempt'>, 'type' | 'learnerId' | 'courseId' | 'quizId' | 'deviceId' | 'seq'>): DocId {
  const { learnerId, courseId, quizId, deviceId, seq } = attempt;
  return sealedId(partitionId('learner', learnerId), attempt, courseId, quizId, deviceId, seq);
}

/** A submitted attempt. */
export function newAttempt(attempt: NewAttempt): DocumentOf<'attempt'> {
  const content = {
    type: 'attempt' as const,
    schemaVersion: 1 as const,
    createdAt: attempt.createdAt,
    deviceId: attempt.deviceId,
    seq: attempt.seq,
    learnerId: attempt.learnerId,
    courseId: attempt.courseId,
    quizId: attempt.quizId,
    quizVersion: attempt.quizVersion,
    startedAt: attempt.startedAt,
    submittedAt: attempt.submittedAt,
    answers: { ...attempt.answers },
    provisional: attempt.provisional,
    ...attempt.taken,
  };
  return { _id: attemptId(content), ...content };
}
