import { readFileSync } from 'node:fs';
import { type DemoAccount, type Session, sessionSchema } from '@darasa/shared/protocol';
import * as v from 'valibot';
import { en } from '../src/lib/messages/en.ts';
import { demoAccount, demoPerson } from './harness/demo-school.ts';
import type { SchoolServer } from './harness/school-server.ts';
import { expect, test } from './harness/test.ts';

// The shortest that the server allows: a device asks for a new one each time, and with it hears of its roles.
test.use({ accessTokenSeconds: 60 });

async function signedIn(school: SchoolServer, { username, password }: DemoAccount): Promise<Session> {
  const answer = await fetch(`${school.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ school: 'greenhill', username, password }),
  });
  return v.parse(sessionSchema, await answer.json());
}

/** The admin says which classes a teacher has. */
async function setClasses(school: SchoolServer, teacher: DemoAccount, classIds: readonly string[]): Promise<void> {
  const { account } = await signedIn(school, teacher);
  const { accessToken } = await signedIn(school, await demoAccount(school, 'admin'));
  const answer = await fetch(`${school.url}/v1/admin/accounts/${account.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ classIds }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

test('work that the school refuses is shown with its reason, is kept and exported, and goes when the school allows it again', async ({
  device,
  newDevice,
  school,
}) => {
  const { page } = device;
  const words = 'Your sevenths are right. Try thirds next.';
  const teacher = await demoPerson(school, 'mwalimu.njeri');
  const refused = page.getByRole('heading', { name: en.sync.refused });
  await device.signInWithOneTap(teacher);
  await device.isInstalled();
  await device.isUpToDate();
  await device.open('/classes/7a');
  await page.getByRole('link', { name: /Amina Hassan/ }).click();
  await expect(page.getByRole('heading', { name: en.learner.write })).toBeVisible();

  // The teacher writes far from the network, while the school gives the class to somebody else.
  await device.context.setOffline(true);
  await page.getByRole('textbox', { name: en.learner.feedback }).fill(words);
  await page.getByRole('button', { name: en.learner.send }).click();
  await expect(page.getByText(en.learner.sent)).toBeVisible();
  await setClasses(school, teacher, []);
  await device.context.setOffline(false);

  await device.open('/sync');
  await expect(refused).toBeVisible();
  await expect(page.getByText(en.sync.because['not-allowed'])).toBeVisible();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: en.sync.export }).first().click();
  expect(readFileSync(await (await downloading).path(), 'utf8')).toContain(words);

  // Asked again while nothing has changed at the school, it is refused again, and is still there.
  await page.getByRole('button', { name: en.sync.retry }).click();
  await expect(page.getByText(en.sync.because['not-allowed'])).toBeVisible();

  await setClasses(school, teacher, ['7a']);
  await page.getByRole('button', { name: en.sync.retry }).click();
  await expect(refused).toBeHidden();
  await expect(page.getByText(en.sync.allSent)).toBeVisible();

  const phone = await newDevice();
  await phone.signInWithOneTap(await demoPerson(school, 'amina'));
  await phone.open('/progress');
  await expect(phone.page.getByText(words)).toBeVisible();
});
