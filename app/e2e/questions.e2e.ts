import { en } from '../src/lib/messages/en.ts';
import { barriers } from './harness/barriers.ts';
import { demoAccount, sourceQuiz } from './harness/demo-school.ts';
import { answerByKeys, tabTo } from './harness/keyboard.ts';
import { expect, test } from './harness/test.ts';

const courseId = 'music-8';
const quiz = sourceQuiz(courseId, 'song-workshop');
const ofHand = quiz.questions.filter(({ kind }) => kind === 'essay' || kind === 'file');
const points = (questions: typeof quiz.questions): number => questions.reduce((sum, each) => sum + each.points, 0);
const most = points(quiz.questions);
const score = en.result.score(most - points(ofHand), most);

test('a quiz with every kind of question is taken with no network, and the school’s grade is the device’s', async ({
  device,
  newDevice,
  school,
}, testInfo) => {
  test.slow();
  const byKeys = testInfo.project.name === 'desktop';
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await device.isUpToDate();
  await school.stop();

  await device.open(`/courses/${courseId}/quizzes/${quiz.id}`);
  await device.beginQuiz();
  const found: string[] = [];
  for (const [index, question] of quiz.questions.entries()) {
    await device.sees(index + 1);
    if (byKeys) await answerByKeys(device, question);
    else await device.answer(question);
    await expect(device.page.getByText(en.quiz.savedOne, { exact: true })).toBeVisible();
    found.push(...(await barriers(device)));
    const shot = `${testInfo.project.name}-${String(index + 1).padStart(2, '0')}-${question.kind}.png`;
    await device.page.screenshot({ path: testInfo.outputPath(shot), fullPage: true });
    const last = index === quiz.questions.length - 1;
    if (byKeys) {
      await tabTo(device, last ? en.quiz.toSubmit : en.quiz.next);
      await device.page.keyboard.press('Enter');
    } else if (!last) await device.nextQuestion();
  }
  if (byKeys) {
    await expect(device.page.getByRole('dialog')).toBeVisible();
    await tabTo(device, en.quiz.submit);
    await device.page.keyboard.press('Enter');
    await device.page.waitForURL('**/results/**');
  } else await device.handIn();

  const { page } = device;
  await expect(page.getByText(score, { exact: true })).toBeVisible();
  await expect(page.getByText(en.questions.toMark(points(ofHand)), { exact: true })).toBeVisible();
  await expect(page.getByText(en.result.right, { exact: true })).not.toHaveCount(0);
  await expect(page.getByText(en.result.wrong, { exact: true })).toHaveCount(0);
  await expect(page.getByText(en.questions.waits, { exact: true })).toHaveCount(ofHand.length);
  await expect(page.getByRole('img', { name: 'my-rhythm.bmp' })).toBeVisible();
  found.push(...(await barriers(device)));
  await page.screenshot({ path: testInfo.outputPath(`${testInfo.project.name}-result.png`), fullPage: true });
  expect(found).toEqual([]);

  await school.start();
  const result = new URL(page.url()).pathname;
  await device.open('/sync');
  await page.getByRole('button', { name: en.sync.sendNow }).click();
  await device.isUpToDate();
  await device.open(result);
  await device.workIsAt('school');
  await expect(page.getByText(en.result.bySchool)).toBeVisible();
  await expect(page.getByText(en.result.disagrees)).toBeHidden();
  await expect(page.getByText(score, { exact: true })).toBeVisible();

  // The teacher reads the essay and sees the photo.
  const staffRoom = await newDevice();
  await staffRoom.signInWithOneTap(await demoAccount(school, 'teacher'));
  await staffRoom.isUpToDate();
  await staffRoom.open(result);
  await expect(staffRoom.page.getByText(/^Every Friday we sing/)).toBeVisible();
  await expect(staffRoom.page.getByRole('img', { name: 'my-rhythm.bmp' })).toBeVisible();
});

test('items to put in order can be dragged as well', async ({ device, school }) => {
  const { page } = device;
  const at = quiz.questions.findIndex(({ kind }) => kind === 'ordering');
  const question = quiz.questions[at];
  if (question?.kind !== 'ordering') throw new Error('The quiz has no such question.');
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isUpToDate();
  await device.open(`/courses/${courseId}/quizzes/${quiz.id}`);
  await device.beginQuiz();
  for (let step = 0; step < at; step += 1) await device.nextQuestion();
  await device.sees(at + 1);

  const rows = page.locator('main').getByRole('listitem');
  const first = (await rows.nth(0).locator('.text').textContent()) ?? '';
  const from = await rows.nth(0).locator('.grip').boundingBox();
  const to = await rows.nth(1).boundingBox();
  if (from === null || to === null) throw new Error('The rows are not on the screen.');
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + 20, to.y + to.height - 4, { steps: 12 });
  await page.mouse.up();
  await expect(rows.nth(1).locator('.text')).toHaveText(first);
  await expect(page.getByText(en.quiz.savedOne, { exact: true })).toBeVisible();
});
