import type { Page } from '@playwright/test';
import { en } from '../src/lib/messages/en.ts';
import { demoAccount, demoPerson, sourceQuiz } from './harness/demo-school.ts';
import { Device } from './harness/device.ts';
import { expect, test } from './harness/test.ts';

const courseId = 'programming-8';
const quiz = sourceQuiz(courseId, 'first-programs-check');
const editor = `/drafts/${courseId}/quizzes/${quiz.id}`;
const address = `/courses/${courseId}/quizzes/${quiz.id}`;
const YEAR_MS = 365 * 24 * 3_600_000;

/** Opens the question with this number in the editor. */
async function openQuestion(page: Page, number: number): Promise<void> {
  await page
    .locator('summary')
    .filter({ hasText: new RegExp(`^\\s*${number}\\.`) })
    .click();
}

async function publish(page: Page, version: number): Promise<void> {
  await page.getByRole('button', { name: en.editor.publish, exact: true }).click();
  await page.getByRole('button', { name: en.editor.publishNow(String(version)) }).click();
  await expect(page.getByText(en.editor.published, { exact: true })).toBeVisible();
}

/** Changes the clock on the wall of this page's workers: the page itself reads no clock for a quiz. */
async function setClock(page: Page, byMs: number): Promise<void> {
  for (const worker of page.workers())
    await worker.evaluate((by) => {
      const before = Date.now;
      Date.now = () => before() + by;
    }, byMs);
}

test('a quiz gets a limit, is killed in the middle, and goes on with a changed clock; its correction is graded again', async ({
  newDevice,
  school,
}) => {
  test.slow();
  const authorDevice = await newDevice();
  await authorDevice.signInWithOneTap(await demoPerson(school, 'mwalimu.otieno'));
  await authorDevice.isUpToDate();
  await authorDevice.open(editor);
  const { page: author } = authorDevice;

  // A mistake is named at its field, and keeps the quiz from being published.
  await author.getByLabel(en.editor.minutes).fill('10');
  await author.getByLabel(en.editor.draw(quiz.questions.length)).fill('99');
  await author.getByRole('button', { name: en.editor.publish, exact: true }).click();
  await expect(author.getByText(en.editor.tooMany)).toBeVisible();
  await author.getByLabel(en.editor.draw(quiz.questions.length)).fill('');
  await publish(author, 2);

  const device = await newDevice();
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await device.isUpToDate();
  await device.open(address);
  await expect(device.page.getByText(en.quiz.timed('10:00'))).toBeVisible();
  await device.beginQuiz();
  await expect(device.page.getByRole('timer')).toContainText(/9:\d\d|10:00/);
  const [first] = quiz.questions;
  if (first === undefined) throw new Error('The quiz is too short.');
  await device.answer(first);

  // With no school to hear, only the clock of the device can tell how long the app was closed.
  await school.stop();
  const devtools = await device.context.newCDPSession(device.page);
  const crashed = device.page.waitForEvent('crash');
  devtools.send('Page.crash').catch(() => undefined); // The page that should answer is gone.
  await crashed;

  const again = new Device(await device.context.newPage());
  await again.open(address);
  await expect(again.page.getByRole('button', { name: en.quiz.resume })).toBeVisible();
  await setClock(again.page, YEAR_MS);
  await again.goOnWithQuiz();
  await again.page.getByRole('button', { name: en.quiz.clockWrong }).click();
  await expect(again.page.getByRole('timer')).toContainText(/[89]:\d\d/);
  await school.start();
  await again.sees(1);
  await again.answerAllAndHandIn(quiz);
  await again.workIsAt('school');

  // The author finds that another answer is the right one.
  await authorDevice.isUpToDate();
  await authorDevice.open(editor);
  await openQuestion(author, 1);
  await author.locator('details[open]').getByLabel(en.editor.isRight(1)).check();
  await expect(author.getByRole('region', { name: en.editor.preview }).getByRole('radio').first()).toBeVisible();
  await author.getByRole('button', { name: en.editor.publish, exact: true }).click();
  await author.getByLabel(en.editor.again).selectOption({ label: en.editor.regrades.key });
  await expect(author.getByText(en.editor.keepsVersion)).toBeVisible();
  await author.getByRole('button', { name: en.editor.publishNow('3') }).click();
  await expect(author.getByText(en.editor.published, { exact: true })).toBeVisible();

  const points = quiz.questions.reduce((sum, question) => sum + question.points, 0);
  await expect(again.page.getByText(en.result.corrected(points, points))).toBeVisible();
});

test('an author writes a quiz with a pool, and each learner gets a draw of it', async ({ newDevice, school }) => {
  test.slow();
  const authorDevice = await newDevice();
  await authorDevice.signInWithOneTap(await demoPerson(school, 'mwalimu.otieno'));
  await authorDevice.isUpToDate();
  await authorDevice.open(`/drafts/${courseId}`);
  const { page: author } = authorDevice;
  await author
    .getByRole('button', { name: new RegExp(`^${en.drafts.addQuizTo('')}`) })
    .first()
    .click();
  const dialog = author.getByRole('dialog');
  await dialog.getByLabel(en.drafts.heading).fill('Quick check');
  await dialog.getByRole('button', { name: en.drafts.addQuiz }).click();
  await expect(author.getByRole('heading', { level: 1, name: en.drafts.of('Quick check') })).toBeVisible();

  await author.getByRole('button', { name: en.editor.publish, exact: true }).click();
  await expect(author.getByText(en.editor.noQuestions)).toBeVisible();
  await author.getByLabel(en.editor.kind).selectOption({ label: en.editor.kinds['true-false'] });
  for (const prompt of ['Python reads a program from the top.', 'A variable has a name.']) {
    await author.getByRole('button', { name: en.editor.addQuestion }).click();
    const question = author.locator('details[open]').last();
    await question.getByLabel(en.editor.prompt, { exact: true }).fill(prompt);
    await question.getByRole('group', { name: en.editor.right }).getByRole('radio', { name: en.quiz.yes }).check({ force: true });
    await expect(question.getByRole('region', { name: en.editor.preview }).getByText(prompt)).toBeVisible();
  }
  await author.getByLabel(en.editor.draw(2)).fill('1');
  await publish(author, 1);

  const device = await newDevice();
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isUpToDate();
  await device.open(`/courses/${courseId}`);
  await device.openItem('Quick check');
  await device.beginQuiz();
  await expect(device.page.getByRole('heading', { level: 1, name: en.quiz.question(1, 1) })).toBeVisible();
  await device.page.getByRole('radio', { name: en.quiz.yes }).check();
  await device.handIn();
  await expect(device.page.getByText(en.result.score(1, 1))).toBeVisible();
});
