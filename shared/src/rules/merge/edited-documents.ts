import type { DocumentOf } from '../../documents/registry.ts';
import { joinEdits } from './edits.ts';
import { mergeWith } from './merge-document.ts';

/** Documents that are nothing but cells. Of two people who began one at the same time the same one is named everywhere. */
export const mergeSeating = mergeWith<DocumentOf<'seating'>>({ edits: joinEdits });
export const mergeCourseDraft = mergeWith<DocumentOf<'course-draft'>>({ edits: joinEdits });
export const mergeLessonDraft = mergeWith<DocumentOf<'lesson-draft'>>({ edits: joinEdits });
export const mergeQuizDraft = mergeWith<DocumentOf<'quiz-draft'>>({ edits: joinEdits });
