import { type DocumentOf, newProgress, progressId } from '@darasa/shared/documents';
import { personFrom, recordLesson } from '@darasa/shared/rules';
import { expect, test } from 'vitest';
import { resolveAllConflicts, resolveConflict } from './conflicts.ts';
import { LocalDatabase, type StoredDocument } from './local-database.ts';
import { fakeDevice, fakeSchool } from './testing/device.fixture.ts';

const learnerId = 'aminaaaaaaaa';
const learner = personFrom(learnerId, ['school:greenhill', 'learner']);
const id = progressId(learnerId, 'maths');
const begun = newProgress({ learnerId, courseId: 'maths', deviceId: 'one', createdAt: '2026-01-01T08:00:00.000Z' });

function withLesson(lessonId: string, deviceId: string): DocumentOf<'progress'> {
  return recordLesson(begun, { lessonId, deviceId, seen: 1, seconds: 30, completedAt: '2026-01-02T08:00:00.000Z' });
}

/** Three revisions of the same parent, as three devices write them apart. */
const parent = { start: 1, name: 'a'.repeat(32) };
const leaves = [withLesson('first', 'one'), withLesson('second', 'two'), withLesson('third', 'three')].map((doc, index) => {
  const name = String(index + 1).repeat(32);
  return { ...doc, _rev: `2-${name}`, _revisions: { start: 2, ids: [name, parent.name] } };
});

async function open(seed: number): Promise<LocalDatabase> {
  return LocalDatabase.open(fakeDevice(fakeSchool([]), seed).tab(), `progress-${seed}`, () => undefined);
}

async function state(database: LocalDatabase): Promise<StoredDocument> {
  return database.pouch.get<Record<string, unknown>>(id, { conflicts: true });
}

test('M2 the same leaves become the same revision, in whatever order they arrived', async () => {
  const orders = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ];
  const outcomes: string[] = [];
  for (const [index, order] of orders.entries()) {
    const database = await open(100 + index);
    for (const each of order) await database.pouch.bulkDocs([leaves[each] ?? {}], { new_edits: false });
    expect(await resolveConflict(database, learner, id)).toBe(true);
    outcomes.push(JSON.stringify(await state(database)));
    expect(await resolveConflict(database, learner, id)).toBe(false);
  }
  expect(new Set(outcomes).size).toBe(1);
  const merged: { lessons: object; _conflicts?: string[] } = JSON.parse(outcomes[0] ?? '');
  expect(Object.keys(merged.lessons).sort()).toEqual(['first', 'second', 'third']);
  expect(merged._conflicts).toBeUndefined();
});

test('M2 devices that resolved different leaves agree once they have met', async () => {
  const [one, two] = [await open(110), await open(111)];
  await one.pouch.bulkDocs(leaves.slice(0, 2), { new_edits: false });
  await two.pouch.bulkDocs(leaves.slice(1), { new_edits: false });
  for (let round = 0; round < 4; round += 1) {
    for (const each of [one, two]) await resolveConflict(each, learner, id);
    await one.pouch.sync(two.pouch);
  }
  const [first, second] = [await state(one), await state(two)];
  expect(JSON.stringify(first)).toBe(JSON.stringify(second));
  expect(first['_conflicts']).toBeUndefined();
  expect(Object.keys(first['lessons'] as object).sort()).toEqual(['first', 'second', 'third']);
});

test('a winner that says it all already is kept, and only the others are closed', async () => {
  const database = await open(120);
  const [, loser] = leaves;
  const both = recordLesson(withLesson('second', 'two'), {
    lessonId: 'first',
    deviceId: 'one',
    seen: 1,
    seconds: 30,
    completedAt: '2026-01-02T08:00:00.000Z',
  });
  const rev = `2-${'f'.repeat(32)}`;
  const winner = { ...both, _rev: rev, _revisions: { start: 2, ids: ['f'.repeat(32), parent.name] } };
  await database.pouch.bulkDocs([winner, loser ?? {}], { new_edits: false });
  await resolveAllConflicts(database, learner);
  expect(await state(database)).toMatchObject({ _rev: rev });
});

test('a leaf of a newer schema is not merged away', async () => {
  const database = await open(130);
  const newer = { ...leaves[1], schemaVersion: 2 };
  await database.pouch.bulkDocs([leaves[0] ?? {}, newer], { new_edits: false });
  expect(await resolveConflict(database, learner, id)).toBe(false);
  expect((await state(database))['_conflicts']).toHaveLength(1);
});
