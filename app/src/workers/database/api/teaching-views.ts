import type { Regrade } from '@darasa/shared/documents';
import type { QuizDraft, RegradeEffect } from '@darasa/shared/rules';
import type { ItemKind, Language } from './course-views.ts';
import type { Place } from './work-views.ts';

/** What teachers and authors write together: assignments, seating, drafts. */

export interface AssignmentValues {
  readonly courseId: string;
  readonly kind: ItemKind;
  readonly itemId: string;
  readonly title: string;
  readonly instructions: string;
  readonly dueAt: string | null;
  /** Null: the whole class. */
  readonly learnerIds: readonly string[] | null;
}

export interface AssignmentLine {
  /** The last part of its id. */
  readonly id: string;
  readonly title: string;
  readonly courseTitle: string;
  readonly dueAt: string | null;
  /** How many learners it is for; null: the whole class. */
  readonly learners: number | null;
  readonly toDecide: number;
  readonly place: Place;
}

export interface AssignmentsView {
  readonly classId: string;
  readonly className: string;
  /** Those with a date first, the earliest first. */
  readonly assignments: readonly AssignmentLine[];
  readonly withdrawn: readonly AssignmentLine[];
}

/** What can be set for a class, and for whom. */
export interface AssignmentChoices {
  readonly courses: readonly {
    readonly courseId: string;
    readonly title: string;
    readonly items: readonly { readonly kind: ItemKind; readonly id: string; readonly title: string }[];
  }[];
  readonly learners: readonly { readonly accountId: string; readonly displayName: string }[];
}

export interface AssignmentView {
  readonly classId: string;
  readonly className: string;
  readonly choices: AssignmentChoices;
  /** Null: a new one. */
  readonly values: AssignmentValues | null;
  readonly withdrawn: boolean;
  readonly toDecide: number;
}

export interface SeatingValues {
  readonly group: string;
  readonly seat: string;
  readonly note: string;
}

export interface SeatingView {
  readonly classId: string;
  readonly className: string;
  readonly learners: readonly {
    readonly accountId: string;
    readonly displayName: string;
    readonly values: SeatingValues;
    readonly toDecide: number;
  }[];
}

export interface DraftsView {
  readonly courses: readonly { readonly courseId: string; readonly title: string; readonly begun: boolean; readonly toDecide: number }[];
}

export interface CourseDraftValues {
  readonly title: string;
  readonly summary: string;
  /** In order. */
  readonly sections: readonly { readonly id: string; readonly title: string }[];
}

export interface CourseDraftView {
  readonly courseId: string;
  readonly values: CourseDraftValues;
  /** By section, in order. */
  readonly lessons: Readonly<Record<string, readonly { readonly id: string; readonly title: string }[]>>;
  /** By section, as far as they are published, and those that are not. */
  readonly quizzes: Readonly<Record<string, readonly { readonly id: string; readonly title: string }[]>>;
  readonly removed: readonly { readonly id: string; readonly title: string }[];
  readonly toDecide: number;
}

/** A part of a lesson's text: see `Block` of the rules. */
export interface LessonBlock {
  readonly id: string;
  readonly text: string;
}

export interface LessonDraftView {
  readonly courseId: string;
  readonly courseTitle: string;
  readonly lessonId: string;
  readonly language: Language;
  readonly title: string;
  readonly blocks: readonly LessonBlock[];
  readonly removed: readonly LessonBlock[];
  readonly toDecide: number;
}

export interface QuizDraftView {
  readonly courseId: string;
  readonly courseTitle: string;
  readonly quizId: string;
  readonly language: Language;
  /** As the draft is saved, else as the quiz is published. */
  readonly values: QuizDraft;
  readonly removed: readonly { readonly id: string; readonly kind: string; readonly prompt: string }[];
  readonly toDecide: number;
  /** The pictures of the course, for questions that show one. */
  readonly figures: readonly string[];
  /** The version that learners take; null before it is published. */
  readonly version: number | null;
}

/** How attempts at a question that was changed are graded again; `as-it-was`: they are not. */
export type RegradeChoice = Regrade['how'] | 'as-it-was';

/** What publishing a draft would change of attempts that were made. */
export interface PublishPreview {
  /** Questions that earlier attempts were asked and that are now another; `gone`: no longer asked. */
  readonly changed: readonly { readonly id: string; readonly prompt: string; readonly gone: boolean }[];
  /** Of the attempts that are known on this device. */
  readonly effect: RegradeEffect;
}

/** What a side says, in a form that a screen can show. */
export type SideValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'time'; readonly at: string | null }
  | { readonly kind: 'item'; readonly title: string; readonly courseTitle: string }
  | { readonly kind: 'audience'; readonly who: 'class' | 'chosen' };

export interface ReviewSide {
  /** What the person is shown, so that nothing newer is decided with it. */
  readonly dots: readonly string[];
  readonly value: SideValue;
  /** Null: it was there before anybody edited it. */
  readonly from: string | null;
  readonly at: string;
}

/** What the cell is part of. */
export interface ReviewSubject {
  readonly documentId: string;
  readonly type: 'assignment' | 'seating' | 'course-draft' | 'lesson-draft' | 'quiz-draft';
  /** What it is called: an assignment's or a lesson's title, a learner's name. */
  readonly title: string;
  /** The class or the course. */
  readonly where: string;
  readonly field: 'title' | 'summary' | 'instructions' | 'dueAt' | 'about' | 'for' | 'group' | 'seat' | 'note' | 'text' | 'other';
}

export interface ReviewItem {
  readonly subject: ReviewSubject;
  readonly cell: string;
  readonly sides: readonly ReviewSide[];
  /** Who is to decide; null: anybody who may. */
  readonly decider: string | null;
}

export interface DecidedItem {
  readonly subject: ReviewSubject;
  /** The name of the decision. */
  readonly name: string;
  readonly kept: SideValue;
  readonly sides: readonly ReviewSide[];
  readonly from: string;
  readonly at: string;
}

export interface ReviewView {
  readonly yours: readonly ReviewItem[];
  readonly others: readonly ReviewItem[];
  /** What was decided and not taken back, the latest first. */
  readonly decided: readonly DecidedItem[];
}
