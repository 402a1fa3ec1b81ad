import { en } from '../src/lib/messages/en.ts';
import { demoAccount, demoPerson, lessonTitle, sourceCourse, sourceQuiz } from './harness/demo-school.ts';
import { expect, test } from './harness/test.ts';

const course = sourceCourse('maths-7');
const lesson = lessonTitle(course.id, 'prices-go-up-and-down');
const quiz = sourceQuiz(course.id, 'fractions-check');

test('a learner studies with no network, and the teacher sees the work arrive', async ({ device, newDevice, school }) => {
  test.slow();
  const learner = await demoPerson(school, 'wekesa');
  const teacher = await demoAccount(school, 'teacher');

  await device.signIn(learner);
  await device.isIn(learner);
  await device.isInstalled();
  await device.isUpToDate();

  const staffRoom = await newDevice();
  await staffRoom.signInWithOneTap(teacher);
  await staffRoom.page.getByRole('link', { name: 'Grade 7A' }).click();
  await staffRoom.page.getByRole('link', { name: learner.name }).click();
  await expect(staffRoom.page.getByRole('heading', { level: 1, name: learner.name })).toBeVisible();
  await expect(staffRoom.page.getByText(en.learner.noAttempts)).toBeVisible();

  await school.stop();
  await device.openCourse(course.title);
  await device.openItem(lesson);
  await device.finishLesson();
  await device.openCourse(course.title);
  await device.openItem(quiz.title);
  await device.beginQuiz();
  await device.answerAllAndHandIn(quiz);
  await expect(device.page.getByRole('heading', { name: en.result.passed, exact: true })).toBeVisible();
  await expect(device.page.locator('main').getByText('100%').first()).toBeVisible();
  await device.workIsAt('device');

  // Closed and opened again, with no network still.
  await device.page.reload();
  await expect(device.page.getByRole('heading', { name: en.result.passed, exact: true })).toBeVisible();
  await device.workIsAt('device');

  await school.start();
  await device.workIsAt('school');
  await expect(staffRoom.page.locator('main').getByRole('listitem').filter({ hasText: quiz.title })).toBeVisible({ timeout: 30_000 });
  await expect(staffRoom.page.locator('main').getByText('100%').first()).toBeVisible();
});

test('the admin opens the school’s database in CouchDB’s own dashboard', async ({ device, school }) => {
  const admin = await demoAccount(school, 'admin');
  await device.signInWithOneTap(admin);
  await device.page.getByRole('link', { name: en.nav.admin, exact: true }).click();
  const opened = device.context.waitForEvent('page');
  await device.page.getByRole('button', { name: en.admin.openDashboard }).click();
  const dashboard = await opened;
  await expect(dashboard.getByRole('link', { name: 'school-greenhill', exact: true })).toBeVisible({ timeout: 20_000 });
  expect(new URL(dashboard.url()).pathname).toBe('/couch/_utils/');
});
