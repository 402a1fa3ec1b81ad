import { enrolmentId } from '@darasa/shared/documents';
import { expect, test } from 'vitest';
import { fakeDevice } from '../testing/device.fixture.ts';
import { smallSchool } from '../testing/school.fixture.ts';
import { allSent, ready, seen, signedIn, takeQuiz } from '../testing/tab.fixture.ts';

test('a course is noted as finished when its last item is done, once, and the school learns when', async () => {
  const { school, amina } = await smallSchool();
  const device = fakeDevice(school, 40);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await tab.enrol('open-course');
  await tab.completeLesson('open-course', 'first');
  await takeQuiz(tab, 'open-course');
  expect((await seen(tab, 'course', { courseId: 'open-course' }, (view) => view?.enrolled === true))?.completedAt).toBeNull();

  const finishedAt = new Date(device.now).toISOString();
  await tab.reportLesson('open-course', 'second', { seen: 1, seconds: 5 });
  const course = await seen(tab, 'course', { courseId: 'open-course' }, (view) => view?.completedAt != null);
  expect(course).toMatchObject({ completedAt: finishedAt, card: { state: 'finished' } });

  device.now += 86_400_000;
  await tab.completeLesson('open-course', 'second');
  await tab.syncNow();
  await allSent(tab);
  await expect(school.database.get(enrolmentId(amina.id, 'open-course'))).resolves.toMatchObject({ completedAt: finishedAt });
});
