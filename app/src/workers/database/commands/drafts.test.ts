import { lessonDraftId } from '@darasa/shared/documents';
import { sampleDocument } from '@darasa/shared/fixtures';
import { beforeEach, expect, test } from 'vitest';
import { resolveAllConflicts } from '../conflicts.ts';
import { teacherAt } from '../testing/teacher.fixture.ts';
import type { ViewContext } from '../views/context.ts';
import { loadCourseDraft, loadLessonDraft } from '../views/drafts.ts';
import type { CommandContext } from './context.ts';
import { addLesson, restoreBlock, restoreSection, saveCourseDraft, saveLessonDraft } from './drafts.ts';

const courseId = 'maths-7';
const lessonId = 'halves';
let seed = 950;
let ann: CommandContext;
let bob: CommandContext;

const asView = (context: CommandContext) => context as unknown as ViewContext; // these views read what commands read
async function lesson(context: CommandContext) {
  const view = await loadLessonDraft({ courseId, lessonId }, asView(context));
  if (view === null) throw new Error('There is no such lesson.');
  return view;
}
async function course(context: CommandContext) {
  const view = await loadCourseDraft({ courseId }, asView(context));
  if (view === null) throw new Error('There is no such course.');
  return view;
}
async function writeLesson(context: CommandContext, text: string): Promise<void> {
  const saw = await lesson(context);
  expect(await saveLessonDraft(context, courseId, lessonId, saw, { title: saw.title, text })).toMatchObject({ ok: true });
}
async function settle(): Promise<void> {
  await ann.own.pouch.sync(bob.own.pouch);
  for (const { own, person } of [ann, bob]) await resolveAllConflicts(own, person);
  await ann.own.pouch.sync(bob.own.pouch);
}
const text = async (context: CommandContext): Promise<string> => (await lesson(context)).blocks.map((block) => block.text).join(' | ');

beforeEach(async () => {
  seed += 2;
  [ann, bob] = [await teacherAt(seed, 'ann', `authors:${courseId}`), await teacherAt(seed + 1, 'bob', `authors:${courseId}`)];
  const published = [
    sampleDocument('course', 'public', 'ann'),
    sampleDocument('outline', `course-${courseId}`, 'ann'),
    { ...sampleDocument('lesson', `course-${courseId}`, 'ann'), body: 'One.\n\nTwo.\n\nThree.' },
  ];
  for (const { own } of [ann, bob]) await own.pouch.bulkDocs(published);
});

test('M6 two authors who begin a draft of one lesson apart begin with the same, and both keep what they wrote', async () => {
  await writeLesson(ann, 'One!\n\nTwo.\n\nThree.');
  await writeLesson(bob, 'One.\n\nTwo.\n\nThree.\n\nFour.');
  await settle();
  expect(await text(ann)).toBe('One! | Two. | Three. | Four.');
  expect(await lesson(bob)).toEqual(await lesson(ann));
  const id = lessonDraftId(courseId, lessonId);
  expect(JSON.stringify(await bob.own.pouch.get(id))).toBe(JSON.stringify(await ann.own.pouch.get(id)));
});

test('M7 a paragraph that was taken out is kept, and comes back to its place', async () => {
  await writeLesson(ann, 'One.\n\nThree.');
  const { removed } = await lesson(ann);
  expect(removed).toEqual([{ id: 'b2', text: 'Two.' }]);
  await restoreBlock(ann, courseId, lessonId, 'b2');
  expect(await text(ann)).toBe('One. | Two. | Three.');
});

test('M4 a course’s sections: one renames, the other adds, and a section that was taken out can be brought back', async () => {
  const saw = (await course(ann)).values;
  await saveCourseDraft(ann, courseId, saw, { ...saw, sections: [{ id: 'fractions', title: 'Parts of a whole' }] });
  await saveCourseDraft(bob, courseId, saw, { ...saw, sections: [...saw.sections, { id: null, title: 'Percentages' }] });
  await settle();
  const titles = async (context: CommandContext) => (await course(context)).values.sections.map(({ title }) => title);
  expect(await titles(ann)).toEqual(['Parts of a whole', 'Percentages']);
  expect(await titles(bob)).toEqual(await titles(ann));

  const { values } = await course(ann);
  const [, last] = values.sections;
  await saveCourseDraft(ann, courseId, values, { ...values, sections: values.sections.slice(0, 1) });
  expect((await course(ann)).removed).toEqual([last]);
  await restoreSection(ann, courseId, last?.id ?? '');
  expect(await titles(ann)).toEqual(['Parts of a whole', 'Percentages']);
});

test('M7 a section that one takes out while another puts a lesson into it stays', async () => {
  const saw = (await course(ann)).values;
  await saveCourseDraft(ann, courseId, saw, { ...saw, sections: [] });
  const added = await addLesson(bob, courseId, 'fractions', 'Quarters');
  expect(added.ok).toBe(true);
  await settle();
  const { values, lessons } = await course(ann);
  expect(values.sections).toEqual([{ id: 'fractions', title: 'Fractions' }]);
  expect(lessons['fractions']?.map(({ title }) => title)).toEqual(['Halves', 'Quarters']);
});
