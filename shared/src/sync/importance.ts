import type { DocumentTypeName } from '../documents/registry.ts';

/** The last rank: what nobody waits for. */
export const LAST_RANK = 6;

/** What a screen needs first comes first. What is not named comes just before the diary of a learner. */
const RANKS: Partial<Record<DocumentTypeName, number>> = {
  enrolment: 0,
  progress: 0,
  profile: 0,
  school: 0,
  class: 1,
  member: 1,
  assignment: 1,
  announcement: 1,
  seating: 1,
  'course-draft': 2,
  'lesson-draft': 3,
  'quiz-draft': 3,
  release: 1,
  exception: 1,
  course: 2,
  outline: 2,
  settings: 2,
  grade: 3,
  feedback: 3,
  receipt: 3,
  lesson: 3,
  quiz: 3,
  attempt: 4,
  seal: 4,
  'device-key': LAST_RANK,
  'lesson-event': LAST_RANK,
  contact: LAST_RANK,
  audit: LAST_RANK,
};

/** How soon a document is sent, from 0 (first) to 6. It follows from the type that its id names. */
export function rankOf(id: string): number {
  const from = id.indexOf(':') + 1;
  const to = id.indexOf(':', from);
  const type = id.slice(from, to < 0 ? undefined : to);
  return Object.hasOwn(RANKS, type) ? (RANKS[type as DocumentTypeName] ?? 5) : 5;
}
