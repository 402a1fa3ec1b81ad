import { en } from '../src/lib/messages/en.ts';
import { demoAccount, sourceQuiz } from './harness/demo-school.ts';
import { Device } from './harness/device.ts';
import { expect, test } from './harness/test.ts';

const courseId = 'programming-8';
const quiz = sourceQuiz(courseId, 'first-programs-check');

test('a tab that is killed in the middle of a quiz costs no answer', async ({ device, school }) => {
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await device.open(`/courses/${courseId}/quizzes/${quiz.id}`);
  await device.beginQuiz();
  const [first, second] = quiz.questions;
  if (first === undefined || second === undefined) throw new Error('The quiz is too short.');
  await device.answer(first);
  await device.nextQuestion();
  await device.sees(2);
  await device.answer(second);

  const devtools = await device.context.newCDPSession(device.page);
  const crashed = device.page.waitForEvent('crash');
  devtools.send('Page.crash').catch(() => undefined); // The page that should answer is gone.
  await crashed;

  const again = new Device(await device.context.newPage());
  await again.open(`/courses/${courseId}/quizzes/${quiz.id}`);
  await again.goOnWithQuiz();
  await again.sees(2);
  await expect(again.page.locator('main').getByRole('textbox')).toHaveValue('12');
  await again.nextQuestion();
  await again.answerAllAndHandIn(quiz, 2);
  await expect(again.page.getByRole('heading', { name: en.result.passed, exact: true })).toBeVisible();
});

test('two tabs show the same quiz: an answer given in one is in the other', async ({ device, school }) => {
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await device.open(`/courses/${courseId}/quizzes/${quiz.id}`);
  await device.beginQuiz();
  const tab = new Device(await device.context.newPage());
  await tab.open(`/courses/${courseId}/quizzes/${quiz.id}`);
  await tab.goOnWithQuiz();
  const [first] = quiz.questions;
  if (first === undefined) throw new Error('The quiz is too short.');
  await device.answer(first);
  await expect(tab.page.getByRole('radio', { checked: true })).toBeVisible();
});

test('work of one tab reaches the school, whichever tab does the sending', async ({ device, school }) => {
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await device.isUpToDate();
  const tab = new Device(await device.context.newPage());
  await tab.open(`/courses/${courseId}/quizzes/${quiz.id}`);
  await tab.beginQuiz();
  await tab.answerAllAndHandIn(quiz);
  await tab.workIsAt('school');
  // The tab that did the sending goes; the other takes over.
  await device.page.close();
  await tab.page.getByRole('link', { name: en.result.again }).click();
  await tab.beginQuiz();
  await tab.answerAllAndHandIn(quiz);
  await tab.workIsAt('school');
});
