import { en } from '../src/lib/messages/en.ts';
import { demoAccount, sourceQuiz } from './harness/demo-school.ts';
import type { Device } from './harness/device.ts';
import { expect, test } from './harness/test.ts';

/** Presses the Tab key until the element has the focus. */
async function tabTo({ page }: Device, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLButtonElement || element instanceof HTMLInputElement || element instanceof HTMLAnchorElement)) return '';
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent;
      return (element?.getAttribute('aria-label') ?? label ?? '').trim();
    });
    if (focused.startsWith(name)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to “${name}”.`);
}

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
    const { key } = question;
    const press = (option: string) => device.page.keyboard.press(String(question.options.findIndex(({ id }) => id === option) + 1));
    if ('option' in key) await press(key.option);
    else if ('options' in key) for (const option of key.options) await press(option);
    else if ('accepted' in key || typeof key.value === 'number') {
      await tabTo(device, en.quiz.answer);
      await device.page.keyboard.type('accepted' in key ? (key.accepted[0] ?? '') : String(key.value));
    } else await device.page.keyboard.press(key.value ? '1' : '2');
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
