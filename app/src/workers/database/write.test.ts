import { newProgress, progressId } from '@darasa/shared/documents';
import { personFrom } from '@darasa/shared/rules';
import { expect, test } from 'vitest';
import { LocalDatabase } from './local-database.ts';
import { fakeDevice, fakeSchool } from './testing/device.fixture.ts';
import { writeDocument } from './write.ts';

const learnerId = 'aminaaaaaaaa';
const progress = newProgress({ learnerId, courseId: 'maths', deviceId: 'one', createdAt: '2026-01-01T08:00:00.000Z' });
const id = progressId(learnerId, 'maths');
const learner = personFrom(learnerId, ['school:greenhill', 'learner']);

async function open(seed: number): Promise<LocalDatabase> {
  return LocalDatabase.open(fakeDevice(fakeSchool([]), seed).tab(), `write-${seed}`, () => undefined);
}

test('what the school would refuse is refused before it is written', async () => {
  const database = await open(300);
  const another = personFrom('briannnnnnnn', ['school:greenhill', 'learner']);
  expect(await writeDocument(database, another, id, () => progress)).toMatchObject({ ok: false, problem: 'not-allowed' });
  expect((await database.pouch.allDocs()).total_rows).toBe(0);
});

test('a full device is told as such, and a bug is not', async () => {
  const database = await open(301);
  const failing = (error: Error): LocalDatabase =>
    Object.assign(Object.create(database), { use: () => Promise.reject(error) }) as LocalDatabase; // as `use` fails when IndexedDB does
  const full = Object.assign(new Error('indexed_db_went_bad'), { reason: 'QuotaExceededError' });
  expect(await writeDocument(failing(full), learner, id, () => progress)).toMatchObject({ ok: false, problem: 'storage-full' });
  const closed = Object.assign(new Error('The database connection is closing.'), { name: 'InvalidStateError' });
  expect(await writeDocument(failing(closed), learner, id, () => progress)).toMatchObject({ ok: false, problem: 'storage-closed' });
  await expect(writeDocument(failing(new TypeError('a bug')), learner, id, () => progress)).rejects.toThrow('a bug');
});

test('a database that the browser closed is opened again and the work is done again', async () => {
  const database = await open(302);
  let tries = 0;
  const answer = await database.use(async (pouch) => {
    tries += 1;
    if (tries === 1) throw Object.assign(new Error('The database connection is closing.'), { name: 'InvalidStateError' });
    return (await pouch.info()).doc_count;
  });
  expect([tries, answer]).toEqual([2, 0]);
});

test('two writers of one document on one device both count', async () => {
  const database = await open(303);
  const add = (lessonId: string) =>
    writeDocument(database, learner, id, (current) => ({
      ...progress,
      lessons: {
        ...(current?.['lessons'] as typeof progress.lessons | undefined),
        [lessonId]: { completedAt: null, seen: 1, seconds: {} },
      },
    }));
  await Promise.all(['a', 'b', 'c'].map(add));
  const { lessons } = await database.pouch.get<typeof progress>(id);
  expect(Object.keys(lessons).sort()).toEqual(['a', 'b', 'c']);
});
