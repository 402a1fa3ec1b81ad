import { partitionId } from '@darasa/shared/documents';
import type { ProgressView } from '../api.ts';
import { attemptLines } from './attempt-line.ts';
import type { ViewContext } from './context.ts';
import { courseCard } from './course-card.ts';
import { feedbackLines } from './feedback-line.ts';
import { type CourseMaterial, type LearnerWork, loadCourses, progressIn } from './learning.ts';
import { loadShownWork } from './shown-work.ts';

/** What a learner has done, in figures. */
export function totals(
  materials: readonly CourseMaterial[],
  work: LearnerWork,
): Pick<ProgressView, 'lessonsDone' | 'quizzesPassed' | 'minutes'> {
  const progress = materials.flatMap((material) => progressIn(material, work) ?? []);
  const seconds = work.progress.flatMap(({ lessons }) => Object.values(lessons)).flatMap((lesson) => Object.values(lesson.seconds));
  return {
    lessonsDone: progress.reduce((sum, { lessonsDone }) => sum + lessonsDone, 0),
    quizzesPassed: progress.reduce((sum, { quizzesPassed }) => sum + quizzesPassed, 0),
    minutes: Math.round(seconds.reduce((sum, each) => sum + each, 0) / 60),
  };
}

export async function loadProgress(_params: unknown, context: ViewContext): Promise<ProgressView> {
  const { reader, person } = context;
  const [materials, work, feedback, places] = await Promise.all([
    loadCourses(reader),
    loadShownWork(context),
    reader.all(partitionId('learner', person.id), 'feedback'),
    context.places(),
  ]);
  const cards = materials.map((material) => courseCard(material, work, person));
  return {
    courses: cards.filter((card) => card.mine || card.state !== 'not-started'),
    attempts: attemptLines(work, materials, places),
    feedback: feedbackLines(feedback),
    ...totals(materials, work),
  };
}
