import { en } from '../src/lib/messages/en.ts';
import { demoAccount, sourceQuiz } from './harness/demo-school.ts';
import { answerByKeys, tabTo } from './harness/keyboard.ts';
import { expect, test } from './harness/test.ts';

test('signing in and a whole quiz need no pointer', async ({ device, school }) => {
  const learner = await demoAccount(school, 'learner');
  const quiz = sourceQuiz('programming-8', 'first-programs-check');
  await device.open(`/courses/programming-8/quizzes/${quiz.id}`);
  await expect(device.page.getByRole('heading', { name: en.signIn.demo })).toBeVisible();
  await tabTo(device, en.signIn.username);
  await device.page.keyboard.type(learner.username);
  await tabTo(device, en.signIn.password);
  await device.page.keyboard.type(learner.password);
  await device.page.keyboard.press('Enter');

  await expect(device.page.getByRole('button', { name: en.quiz.begin })).toBeVisible({ timeout: 30_000 });
  await tabTo(device, en.quiz.begin);
  await device.page.keyboard.press('Enter');
  for (const [index, question] of quiz.questions.entries()) {
    await device.sees(index + 1);
    await answerByKeys(device, question);
    await expect(device.page.getByText(en.quiz.savedOne, { exact: true })).toBeVisible();
    const last = index === quiz.questions.length - 1;
    await tabTo(device, last ? en.quiz.toSubmit : en.quiz.next);
    await device.page.keyboard.press('Enter');
  }
  await expect(device.page.getByRole('dialog')).toBeVisible();
  await tabTo(device, en.quiz.submit);
  await device.page.keyboard.press('Enter');
  await expect(device.page.getByRole('heading', { name: en.result.passed, exact: true })).toBeVisible();
});
