import { courseCardId, lessonId as lessonDocId, outlineId, progressId } from '@darasa/shared/documents';
import { LESSON_DONE_AT } from '@darasa/shared/rules';
import type { LessonView } from '../api.ts';
import type { ViewContext } from './context.ts';
import { type OutlineEntry, outlineItems } from './learning.ts';

type Neighbour = LessonView['next'];

/** The items before and after a lesson, over the borders of sections. */
export function neighbours(items: readonly OutlineEntry[], lessonId: string): { previous: Neighbour; next: Neighbour } {
  const at = items.findIndex(({ kind, id }) => kind === 'lesson' && id === lessonId);
  const link = (item: OutlineEntry | undefined): Neighbour =>
    item === undefined ? null : { kind: item.kind, id: item.id, title: item.title };
  return at < 0 ? { previous: null, next: null } : { previous: link(items[at - 1]), next: link(items[at + 1]) };
}

export async function loadLesson(
  { courseId, lessonId }: { courseId: string; lessonId: string },
  { reader, person, markdown }: ViewContext,
): Promise<LessonView | null> {
  const [course, outline, lesson, progress] = await Promise.all([
    reader.one(courseCardId(courseId), 'course'),
    reader.one(outlineId(courseId), 'outline'),
    reader.one(lessonDocId(courseId, lessonId), 'lesson'),
    person.kinds.has('learner') ? reader.one(progressId(person.id, courseId), 'progress') : null,
  ]);
  if (lesson === null) return null;
  const { title, summary, minutes, language, body, figures } = lesson;
  const rendered = await markdown.block(body, { language, figures });
  const known = progress?.lessons[lessonId];
  const seen = known?.seen ?? 0;
  return {
    courseId,
    courseTitle: course?.title ?? '',
    lessonId,
    title,
    summary,
    minutes,
    language,
    html: rendered.html,
    spoken: rendered.spoken,
    completed: (known !== undefined && known.completedAt !== null) || seen >= LESSON_DONE_AT,
    seen,
    ...neighbours(outlineItems(outline), lessonId),
  };
}
