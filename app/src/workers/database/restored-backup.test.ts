import { newProgress, progressId } from '@darasa/shared/documents';
import { personFrom, recordLesson } from '@darasa/shared/rules';
import { expect, test } from 'vitest';
import { resolveConflict } from './conflicts.ts';
import { emptyCopyOf, fakeDevice } from './testing/device.fixture.ts';
import { openStorage } from './testing/open-storage.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';

/** What a learner's two devices wrote apart: each has completed another lesson. */
const STAGES = ['before anything', 'with one of two leaves', 'with both leaves', 'with the merge'] as const;

test.each(STAGES)('a merged document is whole again after a backup from %s was restored (D6, M2)', async (restored) => {
  const { school, amina } = await smallSchool();
  const learner = personFrom(amina.id, amina.roles);
  const id = progressId(amina.id, 'open-course');
  const begun = newProgress({ learnerId: amina.id, courseId: 'open-course', deviceId: 'one', createdAt: '2026-01-01T08:00:00.000Z' });
  const tabs = [await openStorage(school, amina, fakeDevice(school, 701)), await openStorage(school, amina, fakeDevice(school, 702))];
  const backups = new Map<(typeof STAGES)[number], PouchDB.Database>();
  const backUp = async (stage: (typeof STAGES)[number]): Promise<void> => {
    if (stage === restored) backups.set(stage, await emptyCopyOf(school.database, true));
  };

  await backUp('before anything');
  for (const [at, tab] of tabs.entries()) {
    const lesson = { lessonId: `lesson-${at}`, deviceId: `d${at}`, seen: 1, seconds: 30, completedAt: '2026-01-02T08:00:00.000Z' };
    await tab.own.pouch.put({ ...recordLesson(begun, lesson) });
  }
  for (const [at, tab] of tabs.entries()) {
    await tab.sync();
    await backUp(at === 0 ? 'with one of two leaves' : 'with both leaves');
  }
  const meet = async (): Promise<void> => {
    for (const tab of [...tabs, ...tabs]) {
      await tab.sync();
      await resolveConflict(tab.own, learner, id);
    }
    for (const tab of [...tabs, ...tabs]) expect(await tab.sync()).toMatchObject({ state: 'proved' });
  };
  await meet();
  await backUp('with the merge');
  const merged = await school.database.get<Record<string, unknown>>(id, { conflicts: true });

  school.database = backups.get(restored) ?? school.database;
  await meet();
  for (const pouch of [school.database, ...tabs.map(({ own }) => own.pouch)]) {
    const now = await pouch.get<Record<string, unknown>>(id, { conflicts: true });
    expect(now).toEqual(merged);
    expect(Object.keys(now['lessons'] as object).sort()).toEqual(['lesson-0', 'lesson-1']);
    expect(now._conflicts).toBeUndefined();
  }
  for (const tab of tabs) await tab.close();
});
