import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { en } from '../src/lib/messages/en.ts';
import { demoAccount, lessonTitle, sourceQuiz } from './harness/demo-school.ts';
import { Device } from './harness/device.ts';
import { makeNextBuild } from './harness/next-build.ts';
import type { SchoolServer } from './harness/school-server.ts';
import { expect, test } from './harness/test.ts';

const course = 'programming-8';
const quiz = sourceQuiz(course, 'first-programs-check');

/** The school's server comes back with the next build and has none of the old one's files any more. */
async function deployNextBuild(school: SchoolServer, folder: string): Promise<void> {
  const next = join(folder, 'next-build');
  makeNextBuild(next);
  await school.stop();
  school.deploy(next);
  await school.start();
}

/** Opening a page makes the browser look for a new build. */
async function openAnotherTab(device: Device): Promise<Page> {
  const tab = await device.context.newPage();
  await tab.goto('/');
  return tab;
}

const isNextBuild = (page: Page): Promise<boolean> =>
  page
    .locator('meta[name=build][content=next]')
    .count()
    .then((count) => count === 1);
const offer = (page: Page) => page.getByRole('status').filter({ hasText: en.app.update });
const takeIt = (page: Page) => offer(page).getByRole('button', { name: en.app.updateNow });

test('a new build is offered, and taken by every tab together', async ({ device, school, folder }) => {
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await deployNextBuild(school, folder);

  const tab = await openAnotherTab(device);
  await expect(takeIt(device.page)).toBeVisible();
  await expect(takeIt(tab)).toBeVisible();
  expect(await isNextBuild(tab), 'nothing changes before somebody agrees').toBe(false);

  await takeIt(device.page).click();
  await expect.poll(() => isNextBuild(device.page)).toBe(true);
  await expect.poll(() => isNextBuild(tab)).toBe(true);
  await expect(offer(device.page)).toBeHidden();
});

test('a new build waits for an open quiz, in whichever tab it is', async ({ device, school, folder }) => {
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await device.open(`/courses/${course}/quizzes/${quiz.id}`);
  await device.beginQuiz();
  await deployNextBuild(school, folder);

  const tab = await openAnotherTab(device);
  for (const page of [device.page, tab]) {
    await expect(offer(page)).toContainText(en.app.updateLater);
    await expect(takeIt(page)).toBeHidden();
  }

  await device.answerAllAndHandIn(quiz);
  await expect(device.page.getByText(en.result.passed, { exact: true })).toBeVisible();
  expect(await isNextBuild(device.page)).toBe(false);
  const result = device.page.url();
  await takeIt(device.page).click();
  await expect.poll(() => isNextBuild(device.page)).toBe(true);
  expect(device.page.url()).toBe(result);
  await expect(device.page.getByText(en.result.passed, { exact: true })).toBeVisible();
});

test('a page of the old build never meets the new build’s chunks', async ({ device, school, folder }) => {
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await deployNextBuild(school, folder);
  await openAnotherTab(device);
  await expect(takeIt(device.page)).toBeVisible();

  const built = resolve(import.meta.dirname, '../build');
  const scripts = readdirSync(join(built, '_app/immutable'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js') && !path.includes('workers'))
    .map((path) => `/_app/immutable/${path}`);
  const fromServer = await fetch(`${school.url}${scripts[0]}`);
  expect(fromServer.status, 'the server has the new build alone').toBe(404);
  const missing = await device.page.evaluate(async (paths) => {
    const answers = await Promise.all(paths.map(async (path) => ({ path, status: (await fetch(path)).status })));
    return answers.filter(({ status }) => status !== 200).map(({ path }) => path);
  }, scripts);
  // The page that shows the components is on no device: it alone comes from the server.
  expect(missing.length).toBeLessThan(6);

  await device.page.reload();
  expect(await isNextBuild(device.page), 'a reload alone changes nothing').toBe(false);
  await device.openCourse('Numbers that work');
  await device.openItem(lessonTitle('maths-7', 'what-a-fraction-is'));
  expect(await isNextBuild(device.page)).toBe(false);
});

test('an app that is closed in the middle of a quiz and opened as the next build goes on where it was', async ({
  device,
  school,
  folder,
}) => {
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await device.open(`/courses/${course}/quizzes/${quiz.id}`);
  await device.beginQuiz();
  const [first] = quiz.questions;
  if (first === undefined) throw new Error('The quiz has no question.');
  await device.answer(first);
  await device.nextQuestion();
  await device.sees(2);

  await deployNextBuild(school, folder);
  const tab = await openAnotherTab(device);
  await expect(offer(tab)).toBeVisible();
  await device.page.close();
  await tab.close();

  // The last page is gone: the browser lets the new build in.
  let page = await device.context.newPage();
  await expect(async () => {
    await page.close();
    page = await device.context.newPage();
    await page.goto(`/courses/${course}/quizzes/${quiz.id}`);
    expect(await isNextBuild(page)).toBe(true);
  }).toPass();
  const later = new Device(page);
  await later.goOnWithQuiz();
  await later.sees(2);
  await page.getByRole('button', { name: en.quiz.previous, exact: true }).click();
  await later.sees(1);
  await expect(page.getByRole('radio', { checked: true })).toBeVisible();
});
