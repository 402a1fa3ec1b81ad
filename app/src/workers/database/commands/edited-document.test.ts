import { type DocumentOf, docId, partitionId } from '@darasa/shared/documents';
import { beforeEach, expect, test } from 'vitest';
import type { AssignmentValues } from '../api.ts';
import { resolveAllConflicts } from '../conflicts.ts';
import { teacherAt } from '../testing/teacher.fixture.ts';
import { assignmentValues } from '../views/assignments.ts';
import { reviewOf } from '../views/review.ts';
import { restoreAssignment, saveAssignment, withdrawAssignment } from './assignments.ts';
import type { CommandContext } from './context.ts';
import { decideBetween, takeBackDecision } from './review.ts';

let seed = 900;
const teacher = (id: string): Promise<CommandContext> => {
  seed += 1;
  return teacherAt(seed, id, 'teaches:7a');
};

const values: AssignmentValues = {
  courseId: 'maths-7',
  kind: 'lesson',
  itemId: 'halves',
  title: 'Halves',
  instructions: 'Read it.',
  dueAt: null,
  learnerIds: null,
};

let ann: CommandContext;
let bob: CommandContext;
let id: string;
const documentId = (): string => docId(partitionId('class', '7a'), 'assignment', id);
const stored = ({ own }: CommandContext): Promise<DocumentOf<'assignment'>> =>
  own.pouch.get<DocumentOf<'assignment'>>(documentId(), { conflicts: true });

async function meet(): Promise<void> {
  await ann.own.pouch.sync(bob.own.pouch);
}

async function save(context: CommandContext, change: Partial<AssignmentValues>): Promise<void> {
  const saw = assignmentValues(await stored(context));
  expect(await saveAssignment(context, '7a', { id, saw }, { ...saw, ...change })).toMatchObject({ ok: true });
}

/** Both resolve what they hold, each for themselves, and then meet. Answers what both have then. */
async function settle(): Promise<DocumentOf<'assignment'>> {
  await meet();
  for (const { own, person } of [ann, bob]) await resolveAllConflicts(own, person);
  const [one, two] = await Promise.all([stored(ann), stored(bob)]);
  expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  await meet();
  expect(JSON.stringify(await stored(bob))).toBe(JSON.stringify(one));
  expect(await stored(ann)).not.toHaveProperty('_conflicts');
  return one;
}

function review(doc: DocumentOf<'assignment'>, { person }: CommandContext) {
  if (doc.edits === undefined) throw new Error('Nobody has edited it.');
  const subject = { documentId: doc._id, type: doc.type, title: doc.title, where: '7 A' };
  const writers = new Map(['ann', 'bob'].map((each) => [each, `Teacher ${each}`]));
  return reviewOf([{ subject, edits: doc.edits, authorId: doc.authorId, writers }], person.id, []);
}

beforeEach(async () => {
  [ann, bob] = [await teacher('ann'), await teacher('bob')];
  const outcome = await saveAssignment(ann, '7a', null, values);
  id = outcome.ok ? outcome.value.id : '';
  await meet();
});

test('M2 M4 two teachers change different things apart: both are kept, in the same revision, though both resolve at once', async () => {
  await save(ann, { title: 'Two halves' });
  await save(bob, { dueAt: '2026-02-01T14:00:00.000Z' });
  expect(await settle()).toMatchObject({ title: 'Two halves', dueAt: '2026-02-01T14:00:00.000Z', instructions: 'Read it.' });
});

test('M8 two teachers rewrite the same text apart: the one who set the assignment is to decide', async () => {
  await save(ann, { instructions: 'Read it twice.' });
  await save(bob, { instructions: 'Read it aloud.' });
  const merged = await settle();
  const { yours } = review(merged, ann);
  expect(yours).toMatchObject([
    { cell: 'instructions', subject: { field: 'instructions' }, sides: [{ from: 'Teacher ann' }, { from: 'Teacher bob' }] },
  ]);
  expect(review(merged, bob)).toMatchObject({ yours: [], others: [{ decider: 'Teacher ann' }] });
});

test('M9 a decision reaches the other, is taken back there, and both come to the question again', async () => {
  await save(ann, { instructions: 'Read it twice.' });
  await save(bob, { instructions: 'Read it aloud.' });
  const [item] = review(await settle(), ann).yours;
  const saw = item?.sides.map(({ dots }) => dots) ?? [];
  expect(await decideBetween(ann, documentId(), 'instructions', saw, 'Read it twice, once aloud.')).toMatchObject({ ok: true });
  const decided = await settle();
  expect(decided.instructions).toBe('Read it twice, once aloud.');
  const { yours, decided: decisions } = review(decided, bob);
  expect(yours).toEqual([]);
  expect(decisions).toMatchObject([{ from: 'Teacher ann', kept: { text: 'Read it twice, once aloud.' } }]);
  expect(await takeBackDecision(bob, documentId(), decisions[0]?.name ?? '')).toMatchObject({ ok: true });
  const again = review(await settle(), ann);
  expect(again.yours[0]?.sides.map(({ value }) => value)).toEqual([
    { kind: 'text', text: 'Read it twice.' },
    { kind: 'text', text: 'Read it aloud.' },
  ]);
});

test('M9 a decision between sides that are gone is not made', async () => {
  await save(ann, { instructions: 'Read it twice.' });
  expect(await decideBetween(ann, documentId(), 'instructions', [['nobody.1'], ['nobody.2']], 0)).toMatchObject({
    ok: false,
    problem: 'not-found',
  });
});

test('M7 an assignment that one takes back and the other changes stays, and one that was taken back can be brought back', async () => {
  expect(await withdrawAssignment(ann, '7a', id)).toMatchObject({ ok: true });
  expect(await stored(ann)).toMatchObject({ withdrawn: true });
  await save(bob, { title: 'Two halves' });
  expect(await settle()).toMatchObject({ withdrawn: false, title: 'Two halves' });
  await withdrawAssignment(bob, '7a', id);
  expect(await settle()).toMatchObject({ withdrawn: true });
  await restoreAssignment(ann, '7a', id);
  expect(await settle()).toMatchObject({ withdrawn: false, title: 'Two halves' });
});

test('M10 a device edits on top of all leaves that it holds', async () => {
  await save(ann, { title: 'One' });
  await save(bob, { instructions: 'Two' });
  await meet();
  await save(ann, { dueAt: '2026-02-01T14:00:00.000Z' });
  expect(await stored(ann)).toMatchObject({ title: 'One', instructions: 'Two', dueAt: '2026-02-01T14:00:00.000Z' });
});

test('M10 a device whose own edit is not in the document that it holds goes on as a new writer, and loses nothing', async () => {
  const copy = ({ own }: CommandContext): Promise<object> => own.pouch.get(documentId(), { revs: true });
  const before = await copy(ann);
  await save(ann, { title: 'First' });
  await bob.own.pouch.bulkDocs([await copy(ann)], { new_edits: false });
  // Her class was taken from her and given back: her device gets the document of a place that her edit has not reached.
  const { own } = ann;
  await own.pouch.remove(await own.pouch.get(documentId()));
  const elsewhere = { start: 2, ids: ['a'.repeat(32), 'b'.repeat(32)] };
  await own.pouch.bulkDocs([{ ...before, _rev: `2-${elsewhere.ids[0]}`, _revisions: elsewhere }], { new_edits: false });
  expect(await stored(ann)).toMatchObject({ title: 'Halves' });

  await save(ann, { instructions: 'Second' });
  await bob.own.pouch.bulkDocs([await copy(ann)], { new_edits: false });
  await resolveAllConflicts(bob.own, bob.person);
  expect(await stored(bob)).toMatchObject({ title: 'First', instructions: 'Second' });
});
