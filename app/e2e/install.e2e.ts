import type { Page } from '@playwright/test';
import { en } from '../src/lib/messages/en.ts';
import { demoAccount } from './harness/demo-school.ts';
import { expect, test } from './harness/test.ts';

/** Stands in for the browser's own event, which comes when a person has used the page for a while. Counts the dialogs that were asked for. */
async function offerToInstall(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { dataset } = document.documentElement;
    const prompt = async (): Promise<{ outcome: 'accepted' }> => {
      dataset['prompts'] = String(Number(dataset['prompts'] ?? 0) + 1);
      return { outcome: 'accepted' };
    };
    dispatchEvent(Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt }));
  });
}

test('the browser finds nothing that keeps it from installing the app', async ({ device }) => {
  await device.open('/sign-in');
  await device.isInstalled();
  const chromium = await device.context.newCDPSession(device.page);
  const { errors } = await chromium.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { installabilityErrors } = await chromium.send('Page.getInstallabilityErrors');
  // A test's browser keeps nothing, as a private window.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
});

test('the home screen offers to install where the browser does, asks it once, and can be put off', async ({ device, school }) => {
  const { page } = device;
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.open('/');
  const card = page.getByRole('complementary', { name: en.settings.install });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(card).toBeHidden();

  await offerToInstall(page);
  await card.getByRole('button', { name: en.settings.installNow }).click();
  await expect(page.locator('html')).toHaveAttribute('data-prompts', '1');
  await expect(card).toBeHidden();

  await offerToInstall(page);
  await card.getByRole('button', { name: en.settings.later }).click();
  await expect(card).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await offerToInstall(page);
  await expect(card).toBeHidden();
});
