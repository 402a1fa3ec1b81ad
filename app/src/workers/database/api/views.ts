import type { ClassSignInsView } from './class-sign-in.ts';
import type { CatalogueFilters, CatalogueView, CourseView, HomeView, LessonView } from './course-views.ts';
import type { JobsView } from './job-views.ts';
import type { ChildrenView, ClassCard, ClassView, LearnerView, ProfileView } from './people-views.ts';
import type { QuizView, ResultView } from './quiz-views.ts';
import type {
  AssignmentsView,
  AssignmentView,
  CourseDraftView,
  DraftsView,
  LessonDraftView,
  QuizDraftView,
  ReviewView,
  SeatingView,
} from './teaching-views.ts';
import type { ProgressView, SyncView } from './work-views.ts';

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
  classes: {
    params: Record<never, never>;
    result: { readonly classes: readonly ClassCard[]; readonly asOf: string | null; readonly toDecide: number; readonly drafts: number };
  };
  class: { params: { classId: string }; result: ClassView | null };
  learner: { params: { accountId: string }; result: LearnerView | null };
  children: { params: Record<never, never>; result: ChildrenView };
  /** Null for those who have no profile of their own: only learners do. */
  profile: { params: Record<never, never>; result: ProfileView | null };
  assignments: { params: { classId: string }; result: AssignmentsView | null };
  /** `id` null: a new one. */
  assignment: { params: { classId: string; id: string | null }; result: AssignmentView | null };
  classSignIns: { params: { classId: string }; result: ClassSignInsView | null };
  seating: { params: { classId: string }; result: SeatingView | null };
  drafts: { params: Record<never, never>; result: DraftsView };
  courseDraft: { params: { courseId: string }; result: CourseDraftView | null };
  lessonDraft: { params: { courseId: string; lessonId: string }; result: LessonDraftView | null };
  quizDraft: { params: { courseId: string; quizId: string }; result: QuizDraftView | null };
  review: { params: Record<never, never>; result: ReviewView };
  jobs: { params: Record<never, never>; result: JobsView };
}

export type ViewName = keyof Views;
