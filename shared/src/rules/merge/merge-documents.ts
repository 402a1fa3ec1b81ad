import type { DocumentOf } from '../../documents/registry.ts';
import { mergeAssignment } from './assignment.ts';
import { mergeClassCode, mergeClassSignIn } from './class-sign-in.ts';
import { mergeCourseDraft, mergeLessonDraft, mergeQuizDraft, mergeSeating } from './edited-documents.ts';
import { mergeEnrolment } from './enrolment.ts';
import type { Join } from './join.ts';
import { mergeProfile } from './profile.ts';
import { mergeProgress } from './progress.ts';

/** The types of document that merge. A new one is a file beside this one and a line here. */
const merges = {
  profile: mergeProfile,
  enrolment: mergeEnrolment,
  progress: mergeProgress,
  assignment: mergeAssignment,
  seating: mergeSeating,
  'class-sign-in': mergeClassSignIn,
  'class-code': mergeClassCode,
  'course-draft': mergeCourseDraft,
  'lesson-draft': mergeLessonDraft,
  'quiz-draft': mergeQuizDraft,
};

export type MergedTypeName = keyof typeof merges;

/** Whether conflicting revisions of a type have a merge. Of the others, append-only ones cannot conflict, and of edited ones the winner stands. */
export function isMergedType(type: string): type is MergedTypeName {
  return Object.keys(merges).includes(type);
}

/**
 * The one document that all leaves of a revision tree merge to, whatever their order. It keeps `_id` and has no `_rev`:
 * the caller writes it on the winning revision and deletes the others. Throws a RangeError without a leaf, or when the
 * leaves are of different documents: bugs in the caller.
 */
export function mergeDocuments<Type extends MergedTypeName>(type: Type, leaves: readonly DocumentOf<Type>[]): DocumentOf<Type> {
  const merge = merges[type] as unknown as Join<DocumentOf<Type>>; // the table pairs each type with its own merge
  const [first, ...rest] = leaves;
  if (first === undefined) throw new RangeError(`No ${type} to merge`);
  // Merged with itself first, so that one leaf comes out in canonical order as several do.
  return rest.reduce(merge, merge(first, first));
}
