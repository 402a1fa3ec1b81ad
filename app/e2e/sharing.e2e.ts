import { en } from '../src/lib/messages/en.ts';
import { demoAccount, lessonTitle, sourceCourse, sourceQuiz } from './harness/demo-school.ts';
import { expect, test } from './harness/test.ts';

const course = sourceCourse('maths-7');
const quiz = sourceQuiz(course.id, 'percentages-check');

test('two learners share a tablet: each opens only their own work, by password, with no network too', async ({ device, school }) => {
  test.slow();
  const first = await demoAccount(school, 'learner', 0);
  const second = await demoAccount(school, 'learner', 1);
  await device.signInWithOneTap(first);
  await device.isInstalled();
  await device.isUpToDate();
  await device.lock();
  await device.page.getByRole('button', { name: en.signIn.other }).click();
  await device.typeSignIn(second);
  await device.isIn(second);
  await device.isUpToDate();
  await school.stop();

  await device.open(`/courses/${course.id}/quizzes/${quiz.id}`);
  await device.beginQuiz();
  await device.answerAllAndHandIn(quiz);
  await expect(device.page.getByRole('heading', { name: quiz.title })).toBeVisible();
  const result = new URL(device.page.url()).pathname;
  await device.workIsAt('device');
  await device.lock();

  // Nobody is in: an address of the second learner's leads to the choice of people.
  await device.open(result);
  await expect(device.page.getByRole('heading', { name: en.signIn.who })).toBeVisible();
  await device.page.getByRole('button', { name: first.name }).first().click();
  const dialog = device.page.getByRole('dialog', { name: first.name });
  await dialog.getByLabel(en.signIn.passwordFor(first.name)).fill(second.password);
  await dialog.getByRole('button', { name: en.signIn.unlock }).click();
  await expect(dialog.getByText(en.signIn.problem['wrong-password'])).toBeVisible();
  await dialog.getByLabel(en.signIn.passwordFor(first.name)).fill(first.password);
  await dialog.getByRole('button', { name: en.signIn.unlock }).click();
  await device.isIn(first);
  await device.open(result);
  await expect(device.page.getByRole('heading', { name: en.missing.title })).toBeVisible();

  // Both are at the school when it is back, without the second learner's opening the app again.
  await school.start();
  await device.lock();
  await device.unlock(second);
  await device.open(result);
  await device.workIsAt('school');
});

test('the same learner works on two devices at once: both end with everything', async ({ device, newDevice, school }) => {
  test.slow();
  const learner = await demoAccount(school, 'learner', 1);
  const other = await newDevice();
  for (const each of [device, other]) {
    await each.signInWithOneTap(learner);
    await each.isInstalled();
    await each.isUpToDate();
  }
  await school.stop();

  // Bookkeeping is open to everybody; the demo school has no history of this learner in it.
  const book = sourceCourse('programming-8');
  const [one, two] = ['one-step-after-another', 'names-for-values'].map((id) => lessonTitle(book.id, id));
  if (one === undefined || two === undefined) throw new Error('The course has no such lessons.');
  await device.openCourse(book.title);
  await device.openItem(one);
  await device.finishLesson();
  await other.openCourse(book.title);
  await other.openItem(two);
  await other.finishLesson();

  await school.start();
  for (const each of [device, other]) {
    await each.isUpToDate();
  }
  for (const each of [device, other]) {
    await each.open(`/courses/${book.id}`);
    for (const title of [one, two]) {
      const line = each.page.locator('main').getByRole('link', { name: title });
      await expect(line).toContainText(en.state.done, { timeout: 20_000 });
    }
  }
});
