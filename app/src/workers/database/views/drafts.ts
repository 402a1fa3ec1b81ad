import {
  courseCardId,
  courseDraftId,
  type Edits,
  lessonId as lessonDocId,
  lessonDraftId,
  outlineId,
  partitionId,
} from '@darasa/shared/documents';
import { blocksOf, courseDraftEdits, isRemoved, itemIds, itemsInOrder, lessonDraftEdits, shownText, toDecide } from '@darasa/shared/rules';
import type { CourseDraftView, DraftsView, LessonDraftView } from '../api.ts';
import type { ViewContext } from './context.ts';

type InCourse = { readonly courseId: string };

/** What an author's draft of a course holds: the draft, else what is published. Null where neither is here. */
export async function courseDraft({ reader, person }: Pick<ViewContext, 'reader' | 'person'>, courseId: string): Promise<Edits | null> {
  const [draft, course, outline] = await Promise.all([
    reader.one(courseDraftId(courseId), 'course-draft'),
    reader.one(courseCardId(courseId), 'course'),
    reader.one(outlineId(courseId), 'outline'),
  ]);
  if (draft !== null) return draft.edits;
  return course === null ? null : courseDraftEdits(course, outline, course.authorIds[0] ?? person.id);
}

export async function lessonDraft(
  { reader, person }: Pick<ViewContext, 'reader' | 'person'>,
  courseId: string,
  lessonId: string,
): Promise<Edits | null> {
  const [draft, course, lesson] = await Promise.all([
    reader.one(lessonDraftId(courseId, lessonId), 'lesson-draft'),
    reader.one(courseCardId(courseId), 'course'),
    reader.one(lessonDocId(courseId, lessonId), 'lesson'),
  ]);
  if (draft !== null) return draft.edits;
  return lesson === null ? null : lessonDraftEdits(lesson, course?.authorIds[0] ?? person.id);
}

export async function loadDrafts(_params: unknown, { reader, person }: ViewContext): Promise<DraftsView> {
  const courses = await Promise.all(
    [...person.authors].map(async (courseId) => {
      const [course, drafts, lessons, quizzes] = await Promise.all([
        reader.one(courseCardId(courseId), 'course'),
        reader.all(partitionId('draft', courseId), 'course-draft'),
        reader.all(partitionId('draft', courseId), 'lesson-draft'),
        reader.all(partitionId('draft', courseId), 'quiz-draft'),
      ]);
      const all = [...drafts, ...lessons, ...quizzes];
      const shownTitle = drafts[0] === undefined ? '' : shownText(drafts[0].edits, 'title');
      const title = shownTitle === '' ? (course?.title ?? courseId) : shownTitle;
      return { courseId, title, begun: all.length > 0, toDecide: all.reduce((sum, { edits }) => sum + toDecide(edits).length, 0) };
    }),
  );
  return { courses: courses.sort((one, other) => (one.title < other.title ? -1 : 1)) };
}

export async function loadCourseDraft({ courseId }: InCourse, context: ViewContext): Promise<CourseDraftView | null> {
  const { reader, person } = context;
  if (!person.authors.has(courseId)) return null;
  const edits = await courseDraft(context, courseId);
  if (edits === null) return null;
  const [published, drafts, quizDrafts, outline] = await Promise.all([
    reader.all(partitionId('course', courseId), 'lesson'),
    reader.all(partitionId('draft', courseId), 'lesson-draft'),
    reader.all(partitionId('draft', courseId), 'quiz-draft'),
    reader.one(outlineId(courseId), 'outline'),
  ]);
  const titles = new Map([
    ...published.map(({ lessonId, title }) => [lessonId, title] as const),
    ...drafts.map((draft) => [draft.lessonId, shownText(draft.edits, 'title')] as const),
  ]);
  const lessons = itemsInOrder(edits, 'lesson').map(({ id }) => ({
    id,
    title: titles.get(id) ?? id,
    section: shownText(edits, `lesson.${id}.section`),
  }));
  const titleOf = (id: string): string => shownText(edits, `section.${id}.title`);
  const taken = itemIds(edits, 'section').filter((id) => isRemoved(edits, `section.${id}`));
  // A section that was taken out while somebody put a lesson into it stays: the lesson would be nowhere.
  const removed = taken.filter((id) => !lessons.some(({ section }) => section === id));
  const sections = [...itemsInOrder(edits, 'section').map(({ id }) => id), ...taken.filter((id) => !removed.includes(id))];
  const titlesOfQuizzes = new Map(quizDrafts.map((draft) => [draft.quizId, shownText(draft.edits, 'title')]));
  const there = (outline?.sections ?? []).flatMap(({ id: section, items }) =>
    items.flatMap(({ kind, id, title }) => (kind === 'quiz' ? [{ section, id, title: titlesOfQuizzes.get(id) ?? title }] : [])),
  );
  const begun = quizDrafts
    .filter(({ quizId }) => !there.some(({ id }) => id === quizId))
    .map((draft) => ({ section: shownText(draft.edits, 'place'), id: draft.quizId, title: shownText(draft.edits, 'title') }));
  const quizzes = [...there, ...begun].map((quiz) =>
    sections.includes(quiz.section) ? quiz : { ...quiz, section: sections.at(-1) ?? '' },
  );
  return {
    courseId,
    quizzes: Object.fromEntries(sections.map((id) => [id, quizzes.filter(({ section }) => section === id)])),
    values: {
      title: shownText(edits, 'title'),
      summary: shownText(edits, 'summary'),
      sections: sections.map((id) => ({ id, title: titleOf(id) })),
    },
    lessons: Object.fromEntries(sections.map((id) => [id, lessons.filter(({ section }) => section === id)])),
    removed: removed.map((id) => ({ id, title: titleOf(id) })),
    toDecide: toDecide(edits).length,
  };
}

export async function loadLessonDraft(
  { courseId, lessonId }: InCourse & { readonly lessonId: string },
  context: ViewContext,
): Promise<LessonDraftView | null> {
  const { reader, person } = context;
  if (!person.authors.has(courseId)) return null;
  const [edits, course, lesson] = await Promise.all([
    lessonDraft(context, courseId, lessonId),
    reader.one(courseCardId(courseId), 'course'),
    reader.one(lessonDocId(courseId, lessonId), 'lesson'),
  ]);
  if (edits === null) return null;
  const removed = itemIds(edits, 'block').filter((id) => isRemoved(edits, `block.${id}`));
  return {
    courseId,
    courseTitle: course?.title ?? courseId,
    lessonId,
    language: lesson?.language ?? course?.language ?? 'en',
    title: shownText(edits, 'title'),
    blocks: blocksOf(edits),
    removed: removed.map((id) => ({ id, text: shownText(edits, `block.${id}.text`) })),
    toDecide: toDecide(edits).length,
  };
}
