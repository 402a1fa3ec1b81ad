import { type DocId, docId, parseDocId } from './ids.ts';
import { partitionId } from './partitions.ts';

/** The ids of documents whose place follows from what they are about. Each throws a RangeError for what is not a key. */
export const schoolCardId = (): DocId => docId(partitionId('public'), 'school', 'card');
export const courseCardId = (courseId: string): DocId => docId(partitionId('public'), 'course', courseId);
export const outlineId = (courseId: string): DocId => docId(partitionId('course', courseId), 'outline', 'main');
export const lessonId = (courseId: string, lesson: string): DocId => docId(partitionId('course', courseId), 'lesson', lesson);
export const quizId = (courseId: string, quiz: string, version: number): DocId =>
  docId(partitionId('course', courseId), 'quiz', quiz, `v${version}`);
export const answerKeyId = (courseId: string, quiz: string, version: number): DocId =>
  docId(partitionId('keys', courseId), 'answer-key', quiz, `v${version}`);
export const classCardId = (classId: string): DocId => docId(partitionId('class', classId), 'class', 'card');
export const memberId = (classId: string, accountId: string): DocId => docId(partitionId('class', classId), 'member', accountId);
export const assignmentId = (classId: string, ulid: string): DocId => docId(partitionId('class', classId), 'assignment', ulid);
export const seatingId = (classId: string, accountId: string): DocId => docId(partitionId('register', classId), 'seating', accountId);
export const classSignInId = (classId: string, accountId: string): DocId =>
  docId(partitionId('register', classId), 'class-sign-in', accountId);
export const classCodeId = (classId: string): DocId => docId(partitionId('register', classId), 'class-code', 'main');
export const courseDraftId = (courseId: string): DocId => docId(partitionId('draft', courseId), 'course-draft', 'main');
export const lessonDraftId = (courseId: string, lesson: string): DocId => docId(partitionId('draft', courseId), 'lesson-draft', lesson);
export const quizDraftId = (courseId: string, quiz: string): DocId => docId(partitionId('draft', courseId), 'quiz-draft', quiz);
export const releaseId = (classId: string, courseId: string, quiz: string): DocId =>
  docId(partitionId('class', classId), 'release', courseId, quiz);
export const profileId = (learnerId: string): DocId => docId(partitionId('learner', learnerId), 'profile', 'me');
export const enrolmentId = (learnerId: string, courseId: string): DocId => docId(partitionId('learner', learnerId), 'enrolment', courseId);
export const progressId = (learnerId: string, courseId: string): DocId => docId(partitionId('learner', learnerId), 'progress', courseId);
export const contactId = (learnerId: string, heardFrom: string): DocId => docId(partitionId('learner', learnerId), 'contact', heardFrom);

/** The id of the grade of an attempt: the same key, so that an attempt is graded once however often it is seen. Throws a RangeError for another id. */
export function gradeIdFor(attemptId: string): DocId {
  const parsed = parseDocId(attemptId);
  if (parsed?.type !== 'attempt') throw new RangeError(`Not the id of an attempt: ${JSON.stringify(attemptId)}`);
  return docId(parsed.partitionId, 'grade', ...parsed.key);
}

/** The learner whose partition a document is in; null for any other document. */
export function learnerIdOf(id: string): string | null {
  const partition = parseDocId(id)?.partition;
  return partition?.kind === 'learner' ? partition.key : null;
}

const COURSE_PARTITIONS: readonly string[] = ['course', 'draft', 'keys'];
const NAMED_BY_COURSE: readonly string[] = ['course', 'enrolment', 'progress', 'attempt', 'grade'];

/** The course that a document belongs to, by its id alone; null where the id names none. */
export function courseIdOf(id: string): string | null {
  const parsed = parseDocId(id);
  if (parsed === null) return null;
  if (COURSE_PARTITIONS.includes(parsed.partition.kind)) return parsed.partition.key;
  return NAMED_BY_COURSE.includes(parsed.type) ? (parsed.key[0] ?? null) : null;
}
