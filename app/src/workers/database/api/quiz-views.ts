import type { AttemptTiming, DocumentOf } from '@darasa/shared/documents';
import type { Answer, FileType } from '@darasa/shared/questions';
import type { KeptBack, QuizStanding, Reviewed } from '@darasa/shared/rules';
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
  /** In order, as the attempt in hand has them, else as an attempt may. */
  readonly sections: readonly QuizSectionView[];
  /** The limit for this learner, in milliseconds; null for none. */
  readonly limitMs: number | null;
  /** Whether it may be begun now. */
  readonly standing: QuizStanding;
  readonly opensAt: string | null;
  /** The end for this learner. */
  readonly closesAt: string | null;
  /** How many attempts count; null for any number. */
  readonly attemptsAllowed: number | null;
  /** How many were handed in, as far as this device knows. */
  readonly attemptsTaken: number;
  /** How many questions an attempt has and what it is worth: before one is begun not all of `questions` need be in it. */
  readonly size: { readonly questionCount: number; readonly points: number };
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

export interface QuizSectionView {
  readonly id: string;
  /** Empty where it has none. */
  readonly title: string;
  /** The limit for this learner, in milliseconds; null for none. */
  readonly limitMs: number | null;
  readonly questionIds: readonly string[];
}

/** What is left of an attempt, in milliseconds from the moment of the answer; null where nothing limits it. */
export interface TimeLeft {
  readonly quizMs: number | null;
  /** Of each section that has a limit, by id. */
  readonly sections: Readonly<Record<string, number>>;
  readonly closesInMs: number | null;
  /** How long the app was closed, while only this device's clock tells of it: the learner may say that it was not. */
  readonly breakMs: number | null;
}

/** What a teacher allows one learner in one quiz. */
export interface ExceptionValues {
  readonly courseId: string;
  readonly quizId: string;
  readonly attempts: number;
  /** A share of the limits. */
  readonly extraTime: number;
  readonly closesAt: string | null;
  readonly reason: string;
  readonly replaces: string | null;
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
  /** One more than were allowed: it is kept, and counts when a teacher allows it. */
  readonly tooMany: boolean;
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
  /** What the learner is not shown now, and why. */
  readonly keptBack: Readonly<Partial<Record<Reviewed, KeptBack>>>;
  readonly closesAt: string | null;
  /** The last answer came after the close. */
  readonly late: boolean;
  /** What the result was before the quiz was corrected. */
  readonly before: readonly { readonly score: number; readonly maxScore: number; readonly until: string }[];
  /** What the device knows of the time, for whoever marks; null where nobody looks for that. */
  readonly timing: AttemptTiming | null;
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
