import type { CourseCard, Language } from './course-views.ts';
import type { AttemptLine } from './quiz-views.ts';

/** Learners as others see them: their teachers and guardians. */

export type Standing = 'not-started' | 'working' | 'finished' | 'needs-help';

export interface ClassCard {
  readonly classId: string;
  readonly name: string;
  readonly learners: number;
  readonly needHelp: number;
  readonly notStarted: number;
  readonly courses: readonly string[];
}

export interface ClassView {
  readonly classId: string;
  readonly name: string;
  readonly learners: readonly {
    readonly accountId: string;
    readonly displayName: string;
    readonly standing: Standing;
    /** Why, in figures: the course concerned and what happened there. */
    readonly because: {
      readonly courseTitle: string;
      readonly fact: 'failed' | 'none-passed' | 'progress' | 'nothing' | 'all';
      /**
       * `failed`, `none-passed`: attempts at the quiz that was tried last. `progress`: per cent of the course, from 0 to 100.
       * `all`: courses finished. `nothing`: 0.
       */
      readonly number: number;
    };
    /** On the server's clock; null: never heard from. */
    readonly lastHeardAt: string | null;
    readonly progress: number;
  }[];
  readonly courses: readonly {
    readonly courseId: string;
    readonly title: string;
    readonly finished: number;
    readonly working: number;
    readonly notStarted: number;
  }[];
  /** The quizzes of its courses that show something when a teacher says so. */
  readonly releases: readonly { readonly courseId: string; readonly quizId: string; readonly title: string; readonly released: boolean }[];
  /** When this device last had the school's or the laptop's word. */
  readonly asOf: string | null;
}

export interface LearnerView {
  readonly accountId: string;
  readonly displayName: string;
  readonly standing: Standing;
  readonly lastHeardAt: string | null;
  readonly courses: readonly CourseCard[];
  readonly attempts: readonly AttemptLine[];
  readonly feedback: readonly { readonly from: string; readonly body: string; readonly at: string }[];
  /** What the learner is allowed in quizzes beyond what others have; what was taken back is left out. */
  readonly exceptions: readonly {
    readonly id: string;
    readonly courseId: string;
    readonly quizId: string;
    readonly quizTitle: string;
    readonly attempts: number;
    readonly extraTime: number;
    readonly closesAt: string | null;
    readonly reason: string;
    readonly from: string;
  }[];
  /** The quizzes in which more may be allowed. */
  readonly quizzes: readonly { readonly courseId: string; readonly quizId: string; readonly title: string }[];
  /** Whether the one who looks may write feedback. */
  readonly mayWrite: boolean;
}

/** A person's own account of themselves. */
export interface ProfileView {
  readonly displayName: string;
  readonly bio: string;
  readonly language: Language;
}

export interface ChildrenView {
  readonly children: readonly LearnerView[];
}
