import { partitionId } from '../partitions.ts';
import type { DocumentOf } from '../registry.ts';
import type { CountedOrigin } from './origin.ts';
import { sealedId } from './sealed.ts';

export interface NewApplication extends CountedOrigin {
  readonly employerId: string;
  /** The id of the job's document. */
  readonly jobId: string;
  readonly applicantId: string;
  readonly applicantName: string;
  readonly letter: string;
}

/** What a learner sends to an employer. */
export function newApplication(application: NewApplication): DocumentOf<'application'> {
  const { employerId, jobId, applicantId, applicantName, letter, deviceId, seq, createdAt } = application;
  const content = {
    type: 'application' as const,
    schemaVersion: 1 as const,
    createdAt,
    deviceId,
    seq,
    employerId,
    jobId,
    applicantId,
    applicantName,
    letter,
  };
  return { _id: sealedId(partitionId('employer', employerId), content, deviceId, seq), ...content };
}
