import type { DocumentOf } from '@darasa/shared/documents';
import type { Answer, FileType } from '@darasa/shared/questions';
import type { Language, NextStep } from './course-views.ts';
import type { QuestionView } from './question-views.ts';
import type { Place } from './work-views.ts';

/** Quizzes, attempts and results. */

export type { Answer } from '@darasa/shared/questions';

export type GradeResult = NonNullable<DocumentOf<'grade'>['result']>;

/** A quiz being taken. It survives a closed tab and resumes where it was. */
export interface QuizView {
  readonly courseId: string;
  readonly courseTitle: string;
  readonly quizId: string;
  readonly version: number;
  readonly title: string;
  readonly language: Language;
  readonly exam: boolean;
  readonly passingScore: number;
  readonly questions: readonly QuestionView[];
  /** The attempt in hand; null before it is begun. */
  readonly open: {
    readonly startedAt: string;
    readonly answers: Readonly<Record<string, Answer>>;
    readonly flagged: readonly string[];
    /** The question that was shown last. */
    readonly at: number;
  } | null;
  readonly attempts: readonly AttemptLine[];
}

export interface AttemptLine {
  readonly attemptId: string;
  readonly courseId: string;
  readonly quizId: string;
  /** Null where the course is not on this device, so that only the quiz's id is known. */
  readonly quizTitle: string | null;
  readonly submittedAt: string;
  /** From 0 to 1; null while only the school can grade it. */
  readonly score: number | null;
  /** Null also while a person has points to give that decide it. */
  readonly passed: boolean | null;
  readonly gradedBy: 'device' | 'school' | 'waiting';
  readonly place: Place;
}

export interface ResultView {
  readonly attempt: AttemptLine;
  readonly courseTitle: string;
  readonly language: Language;
  readonly exam: boolean;
  readonly result: GradeResult | null;
  /** The device's grade and the school's differ; both are kept. */
  readonly disagrees: boolean;
  readonly needsReview: boolean;
  readonly questions: readonly {
    readonly question: QuestionView;
    readonly answer: Answer | null;
    readonly correct: boolean | null;
    readonly points: number | null;
    /** Points that wrong choices cost. */
    readonly lost: number;
    /** A person has to mark it. */
    readonly waits: boolean;
    /** Which parts of the answer are right, by their ids, where that may be shown: options, gaps, items. */
    readonly parts: Readonly<Record<string, boolean>>;
    /** A right answer, where there is one that may be shown. */
    readonly solution: Answer | null;
    /** What the author says about this answer. */
    readonly saysHtml: readonly string[];
    readonly explanationHtml: string | null;
  }[];
  readonly feedback: readonly { readonly from: string; readonly body: string; readonly at: string }[];
  readonly next: NextStep | null;
}

/** A photo or file of an answer, in base64. */
export interface AnswerFile {
  readonly mediaType: FileType;
  readonly data: string;
}
