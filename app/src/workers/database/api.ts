/**
 * What the page may ask of the database worker. Documents stay in the worker; the page gets small view models, plain data.
 *
 * Views are live: the worker sends a view model at once, from the device alone, and again whenever it changes. Commands
 * answer when the change is committed on this device, never when it has reached a network.
 */
export type { AccountKind, DeviceAccount, SchoolChoice, SignedIn, SignInOutcome } from './api/accounts.ts';
export type { ClassHere, ClassOutcome, ClassSignInsView, FreshSignIn } from './api/class-sign-in.ts';
export type { DatabaseApi, Outcome, Problem } from './api/commands.ts';
export type { CarriedFile, FileLook, FileOutcome, MadeFile, NotMade, TakenFile } from './api/courier.ts';
export type {
  CatalogueFilters,
  CatalogueView,
  CourseCard,
  CourseView,
  DueItem,
  HomeView,
  ItemKind,
  Language,
  LessonView,
  NextStep,
  Notice,
  OutlineItem,
} from './api/course-views.ts';
export type { DataUse, NetworkHint } from './api/data-use.ts';
export type { JobLine, JobsView } from './api/job-views.ts';
export type { ChildrenView, ClassCard, ClassView, LearnerView, ProfileView, Standing } from './api/people-views.ts';
export type { OptionView, QuestionBodies, QuestionView, QuestionViewOf } from './api/question-views.ts';
export type {
  Answer,
  AnswerFile,
  AttemptLine,
  ExceptionValues,
  GradeResult,
  QuizSectionView,
  QuizView,
  ResultView,
  TimeLeft,
} from './api/quiz-views.ts';
export type {
  AssignmentChoices,
  AssignmentLine,
  AssignmentsView,
  AssignmentValues,
  AssignmentView,
  CourseDraftValues,
  CourseDraftView,
  DecidedItem,
  DraftsView,
  LessonBlock,
  LessonDraftView,
  PublishPreview,
  QuizDraftView,
  RegradeChoice,
  ReviewItem,
  ReviewSide,
  ReviewSubject,
  ReviewView,
  SeatingValues,
  SeatingView,
  SideValue,
} from './api/teaching-views.ts';
export type { ViewName, Views } from './api/views.ts';
export type { KnownPlace, Place, ProgressView, SyncProblem, SyncView, WorkItem } from './api/work-views.ts';
