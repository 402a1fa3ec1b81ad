import {
  cellOf,
  courseCardId,
  courseDraftId,
  type DocumentOf,
  type Edits,
  itemName,
  lessonId as lessonDocId,
  lessonDraftId,
  NO_EDITS,
  newCourseDraft,
  newLessonDraft,
  opaqueId,
} from '@darasa/shared/documents';
import {
  arrange,
  itemsInOrder,
  removeItem,
  restoreItem,
  type Stamp,
  setCell,
  shownText,
  writeBlocks,
  writeCell,
} from '@darasa/shared/rules';
import type { CourseDraftValues, LessonBlock, Outcome } from '../api.ts';
import { courseDraft, lessonDraft } from '../views/drafts.ts';
import { failed } from '../write.ts';
import { type CommandContext, originOf } from './context.ts';
import { changeEdited } from './edited-document.ts';

type Change = (edits: Edits, stamp: Stamp) => Edits;

async function changeCourseDraft(context: CommandContext, courseId: string, change: Change): Promise<Outcome> {
  const base = await courseDraft(context, courseId);
  const begin = (): DocumentOf<'course-draft'> | null =>
    base === null ? null : { ...newCourseDraft({ courseId, authorId: context.person.id, ...originOf(context) }), edits: base };
  return changeEdited(context, 'course-draft', courseDraftId(courseId), begin, (doc, stamp) => {
    const edits = change(doc.edits, stamp(doc.edits.seen));
    return edits === doc.edits ? null : { ...doc, edits };
  });
}

/** Saves what differs from what the person saw of a course's title, summary and sections. A section without an id is new. */
export function saveCourseDraft(
  context: CommandContext,
  courseId: string,
  saw: CourseDraftValues,
  values: Omit<CourseDraftValues, 'sections'> & { readonly sections: readonly { readonly id: string | null; readonly title: string }[] },
): Promise<Outcome> {
  const sections = values.sections.map(({ id, title }) => ({ id: id ?? opaqueId(context.environment.random), title: title.trim() }));
  return changeCourseDraft(context, courseId, (edits, stamp) => {
    let next = writeCell(edits, stamp, 'title', values.title.trim(), saw.title);
    next = writeCell(next, stamp, 'summary', values.summary.trim(), saw.summary);
    const before = new Map(saw.sections.map(({ id, title }) => [id, title]));
    for (const { id, title } of sections) next = writeCell(next, stamp, cellOf(itemName('section', id), 'title'), title, before.get(id));
    for (const { id } of saw.sections)
      if (!sections.some((each) => each.id === id)) next = removeItem(next, stamp, itemName('section', id));
    const sameOrder = saw.sections.map(({ id }) => id).join() === sections.map(({ id }) => id).join();
    return sameOrder
      ? next
      : arrange(
          next,
          stamp,
          'section',
          sections.map(({ id }) => id),
        );
  });
}

export function restoreSection(context: CommandContext, courseId: string, sectionId: string): Promise<Outcome> {
  return changeCourseDraft(context, courseId, (edits, stamp) => restoreItem(edits, stamp, itemName('section', sectionId)));
}

/** Adds a lesson at the end of a section. Answers its id. */
export async function addLesson(
  context: CommandContext,
  courseId: string,
  sectionId: string,
  title: string,
): Promise<Outcome<{ readonly lessonId: string }>> {
  if (title.trim() === '') return failed('invalid', 'The lesson has no title');
  const lessonId = opaqueId(context.environment.random);
  // The lesson first: a course never names one that is not there.
  const made = await changeLessonDraft(context, courseId, lessonId, NO_EDITS, (edits, stamp) =>
    setCell(edits, stamp, 'title', title.trim()),
  );
  if (!made.ok) return made;
  const outcome = await changeCourseDraft(context, courseId, (edits, stamp) => {
    const placed = setCell(edits, stamp, cellOf(itemName('lesson', lessonId), 'section'), sectionId);
    const ids = itemsInOrder(edits, 'lesson')
      .map(({ id }) => id)
      .filter((id) => shownText(edits, `lesson.${id}.section`) === sectionId);
    return arrange(placed, stamp, 'lesson', [...ids, lessonId]);
  });
  return outcome.ok ? { ok: true, value: { lessonId } } : outcome;
}

function changeLessonDraft(
  context: CommandContext,
  courseId: string,
  lessonId: string,
  base: Edits | null,
  change: Change,
): Promise<Outcome> {
  const begin = (): DocumentOf<'lesson-draft'> | null =>
    base === null ? null : { ...newLessonDraft({ courseId, lessonId, authorId: context.person.id, ...originOf(context) }), edits: base };
  return changeEdited(context, 'lesson-draft', lessonDraftId(courseId, lessonId), begin, (doc, stamp) => {
    const edits = change(doc.edits, stamp(doc.edits.seen));
    return edits === doc.edits ? null : { ...doc, edits };
  });
}

/** Saves a lesson's title and text, as far as they differ from what the person saw. */
export async function saveLessonDraft(
  context: CommandContext,
  courseId: string,
  lessonId: string,
  saw: { readonly title: string; readonly blocks: readonly LessonBlock[] },
  values: { readonly title: string; readonly text: string },
): Promise<Outcome> {
  if (values.title.trim() === '') return failed('invalid', 'The lesson has no title');
  const base = await lessonDraft(context, courseId, lessonId);
  return changeLessonDraft(context, courseId, lessonId, base, (edits, stamp) =>
    writeBlocks(writeCell(edits, stamp, 'title', values.title.trim(), saw.title), stamp, saw.blocks, values.text, () =>
      opaqueId(context.environment.random),
    ),
  );
}

/** Brings back a part of a lesson's text that was taken out. */
export function restoreBlock(context: CommandContext, courseId: string, lessonId: string, blockId: string): Promise<Outcome> {
  return changeLessonDraft(context, courseId, lessonId, null, (edits, stamp) => restoreItem(edits, stamp, itemName('block', blockId)));
}

/** Safe HTML of a lesson's text while it is written, with the figures of the published lesson. */
export async function previewLesson(
  { reader, markdown }: CommandContext,
  courseId: string,
  lessonId: string,
  text: string,
): Promise<Outcome<string>> {
  const [course, lesson] = await Promise.all([
    reader.one(courseCardId(courseId), 'course'),
    reader.one(lessonDocId(courseId, lessonId), 'lesson'),
  ]);
  const language = lesson?.language ?? course?.language ?? 'en';
  return { ok: true, value: (await markdown.block(text, { language, figures: lesson?.figures ?? {} })).html };
}
