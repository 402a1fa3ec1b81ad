import { en } from '../src/lib/messages/en.ts';
import { demoAccount, sourceQuiz } from './harness/demo-school.ts';
import { expect, test } from './harness/test.ts';

const COURSE = 'programming-8';

test('a sync with nothing new is one request, and everything is proved to be at the school (X5, D4)', async ({ device, school }) => {
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isUpToDate();
  await expect(device.page.getByText(en.sync.proved)).toBeVisible();

  const asked: string[] = [];
  device.context.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith('/db/')) asked.push(`${request.method()} ${pathname}${search}`);
  });
  await device.open('/sync');
  // The request that stands open for news comes after the sync.
  await device.context.waitForEvent('request', (request) => request.url().endsWith('/_exchange?feed=longpoll'));
  const exchange = 'POST /db/school-greenhill/_exchange';
  expect(asked).toEqual([exchange, `${exchange}?feed=longpoll`]);
  await expect(device.page.getByText(en.sync.proved)).toBeVisible();
});

test('a school that speaks no exchange is replicated with, and nothing is said to be proved (V2, D4)', async ({ device, school }) => {
  const quiz = sourceQuiz(COURSE, 'first-programs-check');
  await device.context.route(/\/_exchange(\?|$)/, (route) =>
    route.fulfill({ status: 404, json: { error: 'not_found', reason: 'missing' } }),
  );
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isUpToDate();
  await expect(device.page.getByText(en.sync.notProved)).toBeVisible();
  await expect(device.page.getByRole('heading', { name: en.sync.allSent })).toBeHidden();
  await device.open(`/courses/${COURSE}/quizzes/${quiz.id}`);
  await device.beginQuiz();
  await device.answerAllAndHandIn(quiz);
  await device.workIsAt('school');

  // Exchanges go on where replication left off: a new page asks anew.
  await device.context.unrouteAll({ behavior: 'wait' });
  await device.open('/sync');
  await expect(device.page.getByText(en.sync.proved)).toBeVisible();
  await expect(device.page.getByText(en.sync.allSent)).toBeVisible();
});
