import type { DemoAccount } from '@darasa/shared/protocol';
import { ar } from '../src/lib/messages/ar.ts';
import { en } from '../src/lib/messages/en.ts';
import { barriers } from './harness/barriers.ts';
import { demoAccount, sourceQuiz } from './harness/demo-school.ts';
import { expect, test } from './harness/test.ts';

const screens: Readonly<Record<DemoAccount['kind'], readonly string[]>> = {
  learner: [
    '/',
    '/catalogue',
    '/courses/maths-7',
    '/courses/maths-7/lessons/what-a-fraction-is',
    '/courses/arabic-letters-youth/lessons/meet-the-letters',
    '/courses/maths-7/quizzes/fractions-check',
    '/progress',
    '/sync',
    '/settings',
    '/jobs',
    '/no/such/page',
  ],
  teacher: [
    '/classes',
    '/classes/7a',
    '/catalogue',
    '/classes/7a/assignments',
    '/classes/7a/assignments/new',
    '/classes/7a/seating',
    '/classes/7a/sign-in',
    '/review',
    '/drafts',
    '/drafts/maths-7',
    '/drafts/maths-7/lessons/what-a-fraction-is',
  ],
  guardian: ['/children'],
  admin: ['/admin', '/admin/accounts/new', '/admin/list'],
  employer: ['/', '/jobs'],
};

for (const kind of ['learner', 'teacher', 'guardian', 'employer', 'admin'] as const) {
  test(`axe finds nothing on the ${kind}’s screens, light and dark`, async ({ device, school }) => {
    test.slow();
    const found: string[] = [];
    await device.open('/sign-in');
    await expect(device.page.getByRole('heading', { name: en.signIn.demo })).toBeVisible();
    if (kind === 'learner') {
      for (const colorScheme of ['light', 'dark'] as const) {
        await device.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        found.push(...(await barriers(device)).map((each) => `${colorScheme} ${each}`));
      }
    }
    await device.signInWithOneTap(await demoAccount(school, kind));
    // An employer has no courses on the device, which that waits for.
    if (kind !== 'employer') await device.isUpToDate();
    for (const colorScheme of ['light', 'dark'] as const) {
      await device.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const screen of screens[kind]) {
        await device.open(screen);
        await expect(device.page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(device.page.getByText(en.app.opening)).toBeHidden();
        found.push(...(await barriers(device)).map((each) => `${colorScheme} ${each}`));
      }
    }
    expect(found).toEqual([]);
  });
}

test('axe finds nothing on a learner’s page as the teacher sees it', async ({ device, school }) => {
  test.slow();
  await device.signInWithOneTap(await demoAccount(school, 'teacher'));
  await device.isUpToDate();
  await device.open('/classes/7a');
  await device.page.locator('a[href^="/learners/"]').first().click();
  await expect(device.page.getByRole('heading', { name: en.learner.courses })).toBeVisible();
  expect(await barriers(device)).toEqual([]);
});

test('axe finds nothing in a quiz and on its result', async ({ device, school }) => {
  test.slow();
  const quiz = sourceQuiz('programming-8', 'first-programs-check');
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isUpToDate();
  await device.open(`/courses/programming-8/quizzes/${quiz.id}`);
  await device.beginQuiz();
  const found = [...(await barriers(device))];
  for (const [index, question] of quiz.questions.entries()) {
    await device.sees(index + 1);
    await device.answer(question);
    found.push(...(await barriers(device)));
    if (index < quiz.questions.length - 1) await device.nextQuestion();
  }
  await device.handIn();
  await expect(device.page.getByRole('heading', { name: en.result.passed, exact: true })).toBeVisible();
  found.push(...(await barriers(device)));
  await device.page.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await barriers(device)));
  expect(found).toEqual([]);
});

test('in Arabic every screen runs from right to left, and nothing runs out of the screen', async ({ device, school }) => {
  test.slow();
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isUpToDate();
  await device.open('/settings');
  await device.page.getByRole('radio', { name: 'العربية' }).check({ force: true });
  await expect(device.page.getByRole('heading', { level: 1, name: ar.settings.title })).toBeVisible();
  for (const screen of screens.learner) {
    await device.open(screen);
    await expect(device.page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(device.page.locator('html')).toHaveAttribute('dir', 'rtl');
    await expect(device.page.locator('html')).toHaveAttribute('lang', 'ar');
    const overflow = await device.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, `${screen} scrolls sideways`).toBe(0);
    expect(await barriers(device)).toEqual([]);
  }
  // The menu begins at the right.
  const menu = await device.page.getByRole('navigation', { name: ar.app.menu }).getByRole('link', { name: ar.nav.home }).boundingBox();
  const last = await device.page.getByRole('navigation', { name: ar.app.menu }).getByRole('link', { name: ar.nav.sync }).boundingBox();
  if (menu === null || last === null) throw new Error('The menu is not there.');
  const viewport = device.page.viewportSize()?.width ?? 0;
  if (viewport < 600) expect(menu.x).toBeGreaterThan(last.x);
  else expect(menu.x).toBeGreaterThan(viewport / 2);
});
