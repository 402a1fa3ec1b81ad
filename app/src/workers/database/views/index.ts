import type { ViewName, Views } from '../api.ts';
import { loadAssignment, loadAssignments } from './assignments.ts';
import { loadCatalogue } from './catalogue.ts';
import { loadClass } from './class.ts';
import { loadClassSignIns } from './class-sign-ins.ts';
import { loadClasses } from './classes.ts';
import type { ViewContext } from './context.ts';
import { loadCourse } from './course.ts';
import { loadCourseDraft, loadDrafts, loadLessonDraft } from './drafts.ts';
import { loadHome } from './home.ts';
import { loadJobs } from './jobs.ts';
import { loadChildren, loadLearner } from './learner.ts';
import { loadLesson } from './lesson.ts';
import { loadProfile } from './profile.ts';
import { loadProgress } from './progress.ts';
import { loadQuiz } from './quiz.ts';
import { loadQuizDraft } from './quiz-draft.ts';
import { loadResult } from './result.ts';
import { loadReview } from './review.ts';
import { loadSeating } from './seating.ts';
import { loadSync } from './sync.ts';

type Loaders = { readonly [Name in ViewName]: (params: Views[Name]['params'], context: ViewContext) => Promise<Views[Name]['result']> };

/** Every view and what makes it. A new one is a file beside this one and a line here. */
const loaders: Loaders = {
  home: loadHome,
  catalogue: loadCatalogue,
  course: loadCourse,
  lesson: loadLesson,
  quiz: loadQuiz,
  result: loadResult,
  progress: loadProgress,
  sync: loadSync,
  classes: loadClasses,
  class: loadClass,
  learner: loadLearner,
  children: loadChildren,
  profile: loadProfile,
  assignments: loadAssignments,
  assignment: loadAssignment,
  classSignIns: loadClassSignIns,
  seating: loadSeating,
  drafts: loadDrafts,
  courseDraft: loadCourseDraft,
  lessonDraft: loadLessonDraft,
  quizDraft: loadQuizDraft,
  review: loadReview,
  jobs: loadJobs,
};

export function loadView<Name extends ViewName>(
  name: Name,
  params: Views[Name]['params'],
  context: ViewContext,
): Promise<Views[Name]['result']> {
  return loaders[name](params, context);
}
