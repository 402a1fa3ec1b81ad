import { BASE_WRITER, cellOf, type Edits, type Entry, itemName, NO_EDITS } from '../../documents/edits.ts';
import type { DocumentOf } from '../../documents/registry.ts';
import { splitBlocks } from './blocks.ts';
import { orderKeys } from './order.ts';

/**
 * Drafts as they begin: what is published, as if it were written before everything. All of it follows from the published
 * documents, so that two authors who begin one apart begin with the same.
 */
export function baseEdits(values: Readonly<Record<string, unknown>>, personId: string, at: string): Edits {
  const base = (value: unknown): Entry[] => [{ value, by: BASE_WRITER, n: 0, personId, at }];
  return { ...NO_EDITS, cells: Object.fromEntries(Object.entries(values).map(([cell, value]) => [cell, base(value)])) };
}

/** Order keys for so many items. */
export const keysFor = (count: number): readonly string[] => orderKeys(new Array<null>(count).fill(null));

/** The cells of a course's draft, of its catalogue entry and its outline. Quizzes are left as they are published. */
export function courseDraftEdits(course: DocumentOf<'course'>, outline: DocumentOf<'outline'> | null, authorId: string): Edits {
  const values: Record<string, unknown> = { title: course.title, summary: course.summary };
  const sections = outline?.sections ?? [];
  const sectionKeys = keysFor(sections.length);
  for (const [index, { id, title, items }] of sections.entries()) {
    const section = itemName('section', id);
    values[cellOf(section, 'title')] = title;
    values[cellOf(section, 'order')] = sectionKeys[index];
    const lessons = items.filter(({ kind }) => kind === 'lesson');
    const lessonKeys = keysFor(lessons.length);
    for (const [place, lesson] of lessons.entries()) {
      const item = itemName('lesson', lesson.id);
      values[cellOf(item, 'section')] = id;
      values[cellOf(item, 'order')] = lessonKeys[place];
    }
  }
  return baseEdits(values, authorId, course.createdAt);
}

/** The cells of a lesson's draft. */
export function lessonDraftEdits({ title, summary, body, createdAt }: DocumentOf<'lesson'>, authorId: string): Edits {
  const blocks = splitBlocks(body);
  const keys = keysFor(blocks.length);
  const values: Record<string, unknown> = { title, summary };
  for (const [index, text] of blocks.entries()) {
    const item = itemName('block', `b${index + 1}`);
    values[cellOf(item, 'text')] = text;
    values[cellOf(item, 'order')] = keys[index];
  }
  return baseEdits(values, authorId, createdAt);
}
