/**
 * What the page may ask of the database worker. Documents stay in the worker; the page gets small view models, plain data.
 *
 * Views are live: the worker sends a view model at once, from the device alone, and again whenever it changes. Commands
 * answer when the change is committed on this device, never when it has reached a network.
 */
import type { DocumentOf } from '@darasa/shared/documents';
import type { Account, DemoAccount } from '@darasa/shared/protocol';

export type AccountKind = 'learner' | 'teacher' | 'guardian' | 'employer' | 'admin';
export type Language = 'en' | 'sw' | 'ar';
export type Answer = DocumentOf<'attempt'>['answers'][string];
export type GradeResult = NonNullable<DocumentOf<'grade'>['result']>;
export type ItemKind = 'lesson' | 'quiz';

/** Where something is: only proved places count. `refused`: the school would not take it; see the sync view. */
export type Place = 'device' | 'laptop' | 'school' | 'refused';

/** Somebody who has signed in on this device. */
export interface DeviceAccount {
  readonly accountId: string;
  readonly school: string;
  readonly schoolName: string;
  readonly username: string;
  readonly displayName: string;
  readonly kind: AccountKind;
  /** Pieces of work that no other place has yet. */
  readonly unsent: number;
  /** The way back in: `open` needs nothing, `locked` the password, also offline. */
  readonly state: 'open' | 'locked';
}

export interface SchoolChoice {
  readonly slug: string;
  readonly name: string;
  readonly demoAccounts: readonly DemoAccount[];
}

export interface SignedIn {
  readonly accountId: string;
  readonly school: string;
  readonly schoolName: string;
  readonly displayName: string;
  readonly kind: AccountKind;
  readonly account: Account;
}

export type SignInOutcome =
  | { readonly ok: true; readonly person: SignedIn }
  | {
      readonly ok: false;
      /** `unreachable`: never signed in here, and there is no network to ask. */
      readonly problem: 'wrong-password' | 'locked-out' | 'unreachable' | 'disabled' | 'storage' | 'unexpected';
      readonly retryAfterSeconds?: number;
      readonly detail?: string;
    };

export interface CourseCard {
  readonly courseId: string;
  readonly title: string;
  readonly summary: string;
  readonly language: Language;
  readonly programme: string;
  readonly category: string;
  readonly tier: string;
  readonly grade: number | null;
  readonly level: string;
  readonly tags: readonly string[];
  readonly featured: boolean;
  readonly minutes: number;
  readonly lessonCount: number;
  readonly quizCount: number;
  /** Whether the learner has it: enrolled, or by a class. */
  readonly mine: boolean;
  /** Whether its lessons may be read: it is open, or mine. */
  readonly readable: boolean;
  /** Whether its lessons are on this device. */
  readonly onDevice: boolean;
  /** From 0 to 1. */
  readonly progress: number;
  readonly state: 'not-started' | 'working' | 'finished';
}

export interface NextStep {
  readonly courseId: string;
  readonly courseTitle: string;
  readonly kind: ItemKind;
  readonly itemId: string;
  readonly title: string;
  readonly minutes: number | null;
}

export interface DueItem extends NextStep {
  readonly dueAt: string;
  readonly className: string;
  readonly done: boolean;
}

export interface Notice {
  readonly id: string;
  readonly from: string;
  readonly title: string;
  readonly body: string;
  readonly at: string;
}

export interface HomeView {
  readonly displayName: string;
  readonly continue: NextStep | null;
  readonly due: readonly DueItem[];
  readonly courses: readonly CourseCard[];
  readonly notices: readonly Notice[];
  readonly unsent: number;
  /** False until the first sync has brought what the home screen needs. */
  readonly ready: boolean;
}

export interface CatalogueFilters {
  readonly text?: string;
  readonly programme?: string;
  readonly category?: string;
  readonly tier?: string;
  readonly grade?: number;
  readonly level?: string;
  readonly language?: Language;
}

export interface CatalogueView {
  readonly courses: readonly CourseCard[];
  /** How many courses each value of each filter would leave, with the other filters kept. */
  readonly facets: Readonly<Record<'programme' | 'category' | 'tier' | 'grade' | 'level' | 'language', Readonly<Record<string, number>>>>;
  readonly total: number;
}

export interface OutlineItem {
  readonly kind: ItemKind;
  readonly id: string;
  readonly title: string;
  readonly minutes: number | null;
  readonly questionCount: number | null;
  readonly exam: boolean;
  readonly state: 'not-started' | 'working' | 'done';
  /** Best score from 0 to 1; null where there is none. */
  readonly best: number | null;
}

export interface CourseView {
  readonly card: CourseCard;
  readonly sections: readonly { readonly id: string; readonly title: string; readonly items: readonly OutlineItem[] }[];
  readonly next: NextStep | null;
  readonly enrolled: boolean;
}

export interface LessonView {
  readonly courseId: string;
  readonly courseTitle: string;
  readonly lessonId: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  readonly language: Language;
  /** Safe HTML made in the worker: Markdown, mathematics as MathML, figures as images. */
  readonly html: string;
  /** The text alone, for reading aloud. */
  readonly spoken: string;
  readonly completed: boolean;
  readonly seen: number;
  readonly previous: { readonly kind: ItemKind; readonly id: string; readonly title: string } | null;
  readonly next: { readonly kind: ItemKind; readonly id: string; readonly title: string } | null;
}

/** A question as the runner shows it. No key is in it; feedback comes with the result. */
export interface QuestionView {
  readonly id: string;
  readonly kind: 'single' | 'multiple' | 'true-false' | 'numeric' | 'short-text';
  readonly points: number;
  readonly promptHtml: string;
  readonly spoken: string;
  readonly options: readonly { readonly id: string; readonly html: string }[];
  readonly unit: string | null;
}

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
  readonly quizTitle: string;
  readonly submittedAt: string;
  /** From 0 to 1; null while only the school can grade it. */
  readonly score: number | null;
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
    /** The right answer in words, where it may be shown. */
    readonly solutionHtml: string | null;
    readonly explanationHtml: string | null;
  }[];
  readonly feedback: readonly { readonly from: string; readonly body: string; readonly at: string }[];
  readonly next: NextStep | null;
}

export interface ProgressView {
  readonly courses: readonly CourseCard[];
  readonly attempts: readonly AttemptLine[];
  readonly feedback: readonly { readonly from: string; readonly body: string; readonly at: string }[];
  readonly lessonsDone: number;
  readonly quizzesPassed: number;
  readonly minutes: number;
}

export interface WorkItem {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly at: string;
  readonly place: Place;
  /** For refused work: why, in the words of whoever refused it. */
  readonly reason: string | null;
}

export interface SyncView {
  /** `elsewhere`: another tab of this device does it. */
  readonly state: 'working' | 'resting' | 'offline' | 'elsewhere' | 'signed-out';
  readonly place: 'school' | 'laptop' | null;
  readonly lastContactAt: string | null;
  readonly unsent: number;
  /** Documents still to come, where known. */
  readonly remaining: number | null;
  readonly refused: readonly WorkItem[];
  readonly recent: readonly WorkItem[];
  readonly onDevice: { readonly documents: number; readonly courses: number };
  readonly problem: string | null;
}

export interface ClassCard {
  readonly classId: string;
  readonly name: string;
  readonly learners: number;
  readonly needHelp: number;
  readonly notStarted: number;
  readonly courses: readonly string[];
}

export type Standing = 'not-started' | 'working' | 'finished' | 'needs-help';

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
  /** Whether the one who looks may write feedback. */
  readonly mayWrite: boolean;
}

export interface ChildrenView {
  readonly children: readonly LearnerView[];
}

/** Every live view: what it takes and what it shows. `null`: it is not on this device, or not yours. */
export interface Views {
  home: { params: Record<never, never>; result: HomeView };
  catalogue: { params: CatalogueFilters; result: CatalogueView };
  course: { params: { courseId: string }; result: CourseView | null };
  lesson: { params: { courseId: string; lessonId: string }; result: LessonView | null };
  quiz: { params: { courseId: string; quizId: string }; result: QuizView | null };
  result: { params: { attemptId: string }; result: ResultView | null };
  progress: { params: Record<never, never>; result: ProgressView };
  sync: { params: Record<never, never>; result: SyncView };
  classes: { params: Record<never, never>; result: { readonly classes: readonly ClassCard[]; readonly asOf: string | null } };
  class: { params: { classId: string }; result: ClassView | null };
  learner: { params: { accountId: string }; result: LearnerView | null };
  children: { params: Record<never, never>; result: ChildrenView };
}
export type ViewName = keyof Views;

/** An expected failure of a command: what went wrong and what is safe, by a stable id that the screens put into words. */
export type Outcome<Value = null> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem; readonly detail: string };
export type Problem =
  | 'storage-full'
  | 'storage-closed'
  | 'not-signed-in'
  | 'not-found'
  | 'not-allowed'
  | 'unreachable'
  | 'invalid'
  | 'unexpected';

export interface DatabaseApi {
  /** Opens the device's own data. Safe to call again. `origin`: where the server is, for example `https://school.example`. */
  start(origin: string): Promise<{ readonly current: SignedIn | null; readonly accounts: readonly DeviceAccount[] }>;
  accounts(): Promise<readonly DeviceAccount[]>;
  /** Tells who is in when that changes: their roles after a refresh, or null when another tab locked the account. */
  watchPerson(show: (person: SignedIn | null) => void): Promise<{ stop(): void }>;
  /** The schools that the server offers; those seen before when it cannot be reached. */
  schools(): Promise<readonly SchoolChoice[]>;

  signIn(school: string, username: string, password: string): Promise<SignInOutcome>;
  /** Opens an account that has been on this device before; offline too. The password may be left out for an open account. */
  enter(accountId: string, password?: string): Promise<SignInOutcome>;
  /** Back to the choice of people: locks the account and leaves its data and its unsent work on the device. */
  lock(): Promise<void>;
  /** Ends the session at the server and removes the account's data from the device; refused while work is unsent. */
  remove(accountId: string): Promise<Outcome>;

  /** Sends the view now and at every change until `stop` is called. */
  watch<Name extends ViewName>(
    name: Name,
    params: Views[Name]['params'],
    show: (result: Views[Name]['result']) => void,
  ): Promise<{ stop(): void }>;

  enrol(courseId: string): Promise<Outcome>;
  withdraw(courseId: string): Promise<Outcome>;
  openLesson(courseId: string, lessonId: string): Promise<Outcome>;
  /** `seen` from 0 to 1, `seconds` since the last report. */
  reportLesson(courseId: string, lessonId: string, report: { seen: number; seconds: number }): Promise<Outcome>;
  completeLesson(courseId: string, lessonId: string): Promise<Outcome>;

  beginQuiz(courseId: string, quizId: string): Promise<Outcome>;
  /** Commits one answer, or takes it back with null. */
  saveAnswer(courseId: string, quizId: string, questionId: string, answer: Answer | null): Promise<Outcome>;
  flagQuestion(courseId: string, quizId: string, questionId: string, flagged: boolean): Promise<Outcome>;
  showQuestion(courseId: string, quizId: string, at: number): Promise<Outcome>;
  /** Makes the attempt final and grades it where the device has the key. */
  submitQuiz(courseId: string, quizId: string): Promise<Outcome<{ readonly attemptId: string }>>;

  writeFeedback(learnerId: string, aboutId: string | null, body: string): Promise<Outcome>;
  saveProfile(change: { displayName?: string; bio?: string; avatar?: string; language?: Language }): Promise<Outcome>;

  /** Tries now what would be tried later. */
  syncNow(): Promise<void>;
  retryRefused(id: string): Promise<Outcome>;
  /** Everything of the person that is on this device, refused work included, as JSON text. */
  exportWork(): Promise<Outcome<string>>;
  /** The page tells what it sees: only a visible page keeps a live connection. */
  setVisible(visible: boolean): Promise<void>;
  /** An access token for a request of the page's own (the admin's screens); asks for a fresh one when it can. */
  accessToken(): Promise<Outcome<string>>;
  /** Joins the grading worker, which speaks `GradingApi` on the port. Without it the database worker grades by itself. */
  connectGrader(port: MessagePort): Promise<void>;
  /** Whether an attempt is open in any account here: an update waits for it. */
  quizOpen(): Promise<boolean>;
}
