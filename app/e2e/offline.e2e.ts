import { en } from '../src/lib/messages/en.ts';
import { demoAccount, sourceCourse } from './harness/demo-school.ts';
import { expect, test } from './harness/test.ts';

test('deep links open with the server stopped, in a new tab too', async ({ device, school }) => {
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await device.isUpToDate();
  await school.stop();

  const { id, title } = sourceCourse('maths-7');
  await device.open(`/courses/${id}`);
  await expect(device.page.getByRole('heading', { level: 1, name: title })).toBeVisible();

  const tab = await device.context.newPage();
  await tab.goto('/settings');
  await expect(tab.getByRole('heading', { level: 1, name: en.settings.title })).toBeVisible();
  await tab.goto('/no/such/page');
  await expect(tab.getByRole('heading', { level: 1, name: en.errorPage.notFound })).toBeVisible();
});

test('the server’s own addresses are never answered by the app', async ({ device, school }) => {
  await device.open('/sign-in');
  await device.isInstalled();
  const answer = await device.page.goto('/healthz');
  expect(answer?.fromServiceWorker()).toBe(false);
  await school.stop();
  await expect(device.page.goto('/readyz')).rejects.toThrow(/ERR_CONNECTION_REFUSED/);
});

test('the page that was opened first loads every later screen with the server stopped', async ({ device, school }) => {
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isInstalled();
  await expect(device.page.getByText(en.home.bringing)).toBeHidden();
  await school.stop();
  for (const screen of ['catalogue', 'progress', 'sync'] as const) {
    await device.page.getByRole('navigation', { name: en.app.menu }).getByRole('link', { name: en.nav[screen] }).click();
    await expect(device.page.getByRole('heading', { level: 1, name: en.nav[screen] })).toBeVisible();
  }
});
