import { NO_EDITS } from '../edits.ts';
import { assignmentId, courseDraftId, lessonDraftId, quizDraftId, seatingId } from '../known-ids.ts';
import type { DocumentOf } from '../registry.ts';
import type { Origin } from './origin.ts';

/** Documents that several people edit, as they begin. */

export interface NewAssignment extends Origin {
  readonly classId: string;
  /** A ULID. */
  readonly id: string;
  readonly authorId: string;
  readonly courseId: string;
  readonly item: { readonly kind: 'lesson' | 'quiz'; readonly id: string };
  readonly title: string;
  readonly instructions: string;
  readonly dueAt: string | null;
  /** Null: the whole class. */
  readonly learnerIds: readonly string[] | null;
}

export function newAssignment(assignment: NewAssignment): DocumentOf<'assignment'> {
  const { classId, id, authorId, courseId, item, title, instructions, dueAt, learnerIds, createdAt, deviceId } = assignment;
  return {
    _id: assignmentId(classId, id),
    type: 'assignment',
    schemaVersion: 1,
    createdAt,
    deviceId,
    classId,
    authorId,
    courseId,
    item: { ...item },
    title,
    instructions,
    dueAt,
    learnerIds: learnerIds === null ? null : [...learnerIds],
  };
}

export interface NewSeating extends Origin {
  readonly classId: string;
  /** The learner. */
  readonly accountId: string;
  readonly authorId: string;
}

export function newSeating({ classId, accountId, authorId, createdAt, deviceId }: NewSeating): DocumentOf<'seating'> {
  const _id = seatingId(classId, accountId);
  return { _id, type: 'seating', schemaVersion: 1, createdAt, deviceId, classId, accountId, authorId, edits: NO_EDITS };
}

export interface NewCourseDraft extends Origin {
  readonly courseId: string;
  readonly authorId: string;
}

export function newCourseDraft({ courseId, authorId, createdAt, deviceId }: NewCourseDraft): DocumentOf<'course-draft'> {
  const _id = courseDraftId(courseId);
  return { _id, type: 'course-draft', schemaVersion: 1, createdAt, deviceId, courseId, authorId, edits: NO_EDITS };
}

export interface NewLessonDraft extends NewCourseDraft {
  readonly lessonId: string;
}

export function newLessonDraft({ courseId, lessonId, authorId, createdAt, deviceId }: NewLessonDraft): DocumentOf<'lesson-draft'> {
  const _id = lessonDraftId(courseId, lessonId);
  return { _id, type: 'lesson-draft', schemaVersion: 1, createdAt, deviceId, courseId, lessonId, authorId, edits: NO_EDITS };
}

export interface NewQuizDraft extends NewCourseDraft {
  readonly quizId: string;
}

export function newQuizDraft({ courseId, quizId, authorId, createdAt, deviceId }: NewQuizDraft): DocumentOf<'quiz-draft'> {
  const _id = quizDraftId(courseId, quizId);
  return { _id, type: 'quiz-draft', schemaVersion: 1, createdAt, deviceId, courseId, quizId, authorId, edits: NO_EDITS };
}
