import { parseDocId } from '@darasa/shared/documents';
import { type Person, validateWrite } from '@darasa/shared/rules';

/** The types of a learner's partition that the learner writes; the rest of it comes from teachers and services. */
const LEARNER_WRITES: readonly string[] = ['profile', 'enrolment', 'progress', 'lesson-event', 'attempt', 'seal'];

/** The fields that name who made a document of another partition. */
const AUTHOR_FIELDS = ['authorId', 'applicantId', 'employerId'] as const;

/** Whose work a document is, when its id says so: what a learner writes in their own partition. */
export function authorFromId(id: string): string | null {
  const parsed = parseDocId(id);
  return parsed?.partition.kind === 'learner' && LEARNER_WRITES.includes(parsed.type) ? parsed.partition.key : null;
}

/**
 * Whose work a document is, so that this device has to send it: the person's who is in, where they made it or may write it; else
 * whoever is named as its author. Null when it can only have come from the school.
 */
export function authorOf(doc: Readonly<Record<string, unknown>>, person: Person): string | null {
  const byId = authorFromId(String(doc['_id']));
  if (byId !== null) return byId;
  const named = AUTHOR_FIELDS.map((field) => doc[field]).filter((author) => typeof author === 'string');
  if (named.includes(person.id) || validateWrite(doc, null, person) === null) return person.id;
  return named[0] ?? null;
}
