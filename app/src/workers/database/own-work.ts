import { parseDocId } from '@darasa/shared/documents';

/** The types of a learner's partition that the learner writes; the rest of it comes from teachers and services. */
const LEARNER_WRITES: readonly string[] = ['profile', 'enrolment', 'progress', 'lesson-event', 'attempt'];

/** The fields that name who made a document of another partition. */
const AUTHOR_FIELDS = ['authorId', 'applicantId', 'employerId'] as const;

/** Whether a person made this document, so that this device has to send it. What others made came from the school. */
export function isOwnWork(doc: Readonly<Record<string, unknown>>, accountId: string): boolean {
  const id = parseDocId(String(doc['_id']));
  if (id === null) return false;
  if (id.partition.kind === 'learner' && LEARNER_WRITES.includes(id.type)) return id.partition.key === accountId;
  return AUTHOR_FIELDS.some((field) => doc[field] === accountId);
}
