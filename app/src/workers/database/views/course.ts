import { courseCardId } from '@darasa/shared/documents';
import type { CourseProgress, ItemProgress, Person } from '@darasa/shared/rules';
import type { CourseView, OutlineItem } from '../api.ts';
import type { ViewContext } from './context.ts';
import { courseCard, isEnrolled, nextStep } from './course-card.ts';
import { type CourseMaterial, type LearnerWork, loadMaterial, type OutlineEntry, progressIn } from './learning.ts';
import { loadShownWork } from './shown-work.ts';

function outlineItem(item: OutlineEntry, progress: ItemProgress | undefined): OutlineItem {
  const lesson = item.kind === 'lesson';
  return {
    kind: item.kind,
    id: item.id,
    title: item.title,
    minutes: lesson ? item.minutes : null,
    questionCount: lesson ? null : item.questionCount,
    exam: !lesson && item.exam,
    state: progress?.state ?? 'not-started',
    best: progress?.kind === 'quiz' ? progress.best : null,
  };
}

export function courseView(material: CourseMaterial, work: LearnerWork, person: Person): CourseView {
  const { courseId } = material.course;
  const progress: CourseProgress | null = progressIn(material, work);
  const of = ({ kind, id }: OutlineEntry): ItemProgress | undefined => progress?.items.find((each) => each.kind === kind && each.id === id);
  return {
    card: courseCard(material, work, person),
    sections: (material.outline?.sections ?? []).map(({ id, title, items }) => ({
      id,
      title,
      items: items.map((item) => outlineItem(item, of(item))),
    })),
    next: nextStep(material, progress),
    enrolled: isEnrolled(work, courseId),
    completedAt: work.enrolments.find((each) => each.courseId === courseId)?.completedAt ?? null,
  };
}

export async function loadCourse({ courseId }: { courseId: string }, context: ViewContext): Promise<CourseView | null> {
  const { reader, person } = context;
  const [course, work] = await Promise.all([reader.one(courseCardId(courseId), 'course'), loadShownWork(context)]);
  return course === null ? null : courseView(await loadMaterial(reader, course), work, person);
}
