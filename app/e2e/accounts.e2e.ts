import { readFileSync } from 'node:fs';
import { en } from '../src/lib/messages/en.ts';
import { barriers } from './harness/barriers.ts';
import { demoAccount, demoPerson } from './harness/demo-school.ts';
import type { Device } from './harness/device.ts';
import { expect, test } from './harness/test.ts';

const { admin, learnerList } = en;

async function passwordOn({ page }: Device): Promise<string> {
  const password = page.getByRole('list', { name: admin.slip }).getByText(/^[2-9a-z]{4}-[2-9a-z]{4}$/);
  return (await password.textContent()) ?? '';
}

test('the admin finds, adds, changes, lets in and closes accounts', async ({ device: office, newDevice, school }) => {
  test.slow();
  const { page } = office;
  const found: string[] = [];
  await office.signInWithOneTap(await demoAccount(school, 'admin'));
  await office.open('/admin');
  await expect(page.getByText(admin.found(35), { exact: true })).toBeVisible();
  await page.getByLabel(admin.classes, { exact: true }).selectOption('Grade 8B');
  await expect(page.getByText(admin.found(16), { exact: true })).toBeVisible();
  await page.getByLabel(admin.kind, { exact: true }).selectOption(en.names.kind['teacher'] ?? '');
  await expect(page.getByText(admin.found(1), { exact: true })).toBeVisible();
  await page.getByLabel(admin.search).fill('nobody of this name');
  await expect(page.getByText(admin.none)).toBeVisible();

  await office.open('/admin');
  await page.getByRole('link', { name: admin.add, exact: true }).click();
  await page.getByLabel(admin.name, { exact: true }).fill('Pendo  Achieng');
  await page.getByLabel(admin.username).fill('Wekesa');
  await page.getByRole('checkbox', { name: 'Grade 7A' }).check();
  await page.getByRole('button', { name: admin.create, exact: true }).click();
  await expect(page.getByText(admin.because['username-taken'] ?? '')).toBeVisible();
  found.push(...(await barriers(office)));
  await page.getByLabel(admin.username).fill('pendo');
  await page.getByRole('button', { name: admin.create, exact: true }).click();
  await expect(page.getByText(admin.created('Pendo Achieng'))).toBeVisible();
  found.push(...(await barriers(office)));
  const first = { name: 'Pendo Achieng', username: 'pendo', password: await passwordOn(office) };
  const phone = await newDevice();
  await phone.signIn(first);
  await phone.isIn(first);

  // Back to the list as it was left, and into the new account.
  await office.open('/admin');
  await page.getByLabel(admin.search).fill('PENDO');
  await page.getByRole('link', { name: /Pendo Achieng/ }).click();
  await page.getByLabel(admin.name, { exact: true }).fill('Pendo Achieng Otieno');
  await page.getByRole('checkbox', { name: 'Grade 7A' }).uncheck();
  await page.getByRole('checkbox', { name: 'Grade 8B' }).check();
  await page.getByRole('button', { name: en.app.save }).click();
  await expect(page.getByText(admin.saved('Pendo Achieng Otieno'))).toBeVisible();
  found.push(...(await barriers(office)));
  await page.goBack();
  await expect(page.getByLabel(admin.search)).toHaveValue('PENDO');
  await page.getByRole('link', { name: /Pendo Achieng Otieno.*Grade 8B/ }).click();

  await page.getByRole('button', { name: admin.reset }).click();
  await expect(page.getByText(admin.resetDone('Pendo Achieng Otieno'))).toBeVisible();
  const second = { name: 'Pendo Achieng Otieno', username: 'pendo', password: await passwordOn(office) };
  expect(second.password).not.toBe(first.password);
  const tablet = await newDevice();
  await tablet.signIn(first);
  await expect(tablet.page.getByText(en.signIn.problem['wrong-password'])).toBeVisible();
  await tablet.typeSignIn(second);
  await tablet.isIn(second);

  await page.getByRole('button', { name: admin.disable }).click();
  await expect(page.getByText(admin.disabledDone(second.name))).toBeVisible();
  await expect(page.getByText(admin.disabled, { exact: true })).toBeVisible();
  const laptop = await newDevice();
  await laptop.signIn(second);
  await expect(laptop.page.getByText(en.signIn.problem.disabled)).toBeVisible();

  // A guardian gets one child more.
  await office.open('/admin');
  await page.getByLabel(admin.search).fill('halima');
  await page.getByRole('link', { name: /Halima Hassan/ }).click();
  await expect(page.getByRole('checkbox', { name: 'Amina Hassan' })).toBeChecked();
  await page.getByLabel(admin.findChild).fill('weke');
  await page.getByRole('checkbox', { name: /Collins Wekesa/ }).check();
  await page.getByRole('button', { name: en.app.save }).click();
  await expect(page.getByText(admin.saved('Halima Hassan'))).toBeVisible();
  found.push(...(await barriers(office)));
  const family = await newDevice();
  await family.signInWithOneTap(await demoAccount(school, 'guardian'));
  await expect(family.page.getByRole('radio', { name: 'Collins Wekesa' })).toBeAttached();
  expect(found).toEqual([]);
});

test('a list of learners is checked line by line, added through an outage, and kept as a file', async ({
  device: office,
  newDevice,
  school,
}) => {
  test.slow();
  const { page } = office;
  const found: string[] = [];
  await office.signInWithOneTap(await demoAccount(school, 'admin'));
  await office.isUpToDate();
  await office.open('/admin/list');
  await page
    .getByLabel(learnerList.paste)
    .fill('Name,Class,Sign-in name\nNyota Achieng,grade 7a\nOmar Abdalla,8B,omar\n,7A\nAmina Hassan,7A\nJuma,9Z\nZawadi,7A,wekesa');
  found.push(...(await barriers(office)));
  await page.getByRole('button', { name: learnerList.check }).click();
  await expect(page.getByRole('heading', { name: learnerList.bad(4) })).toBeVisible();
  for (const [row, problem] of [
    [4, learnerList.problems['no-name']],
    [5, learnerList.problems['learner-here']],
    [6, learnerList.noSuchClass('9Z')],
    [7, learnerList.problems['username-here']],
  ] as const) {
    const line = page.getByRole('listitem').filter({ hasText: learnerList.line(row) });
    await expect(line).toContainText(problem ?? '');
  }
  await expect(page.getByRole('listitem').filter({ hasText: 'nyota.achieng' })).toContainText('Grade 7A');
  found.push(...(await barriers(office)));

  await school.stop();
  await page.getByRole('button', { name: learnerList.add(2) }).click();
  await expect(page.getByText(admin.unreachable)).toBeVisible();
  await expect(page.getByRole('heading', { name: learnerList.left(2) })).toBeVisible();
  found.push(...(await barriers(office)));
  await school.start();
  await page.getByRole('button', { name: learnerList.again }).click();
  await expect(page.getByText(learnerList.added(2))).toBeVisible();
  found.push(...(await barriers(office)));

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: learnerList.saveCsv }).click();
  const rows = readFileSync(await (await downloading).path(), 'utf8')
    .trim()
    .split('\r\n')
    .slice(1);
  expect(rows.map((row) => row.replace(/,[^,]*$/, ''))).toEqual(['Nyota Achieng,Grade 7A,nyota.achieng', 'Omar Abdalla,Grade 8B,omar']);
  const [password = ''] = /[^,]*$/.exec(rows[0] ?? '') ?? [];
  const nyota = { name: 'Nyota Achieng', username: 'nyota.achieng', password };
  const phone = await newDevice();
  await phone.signIn(nyota);
  await phone.isIn(nyota);

  // The same list again adds nobody twice.
  await page.getByRole('button', { name: learnerList.another }).click();
  await page.getByLabel(learnerList.paste).fill('Nyota Achieng\t7A\nOmar Abdalla\t8B');
  await page.getByRole('button', { name: learnerList.check }).click();
  await expect(page.getByRole('heading', { name: learnerList.bad(2) })).toBeVisible();
  await expect(page.getByRole('button', { name: learnerList.add(0) })).toHaveCount(0);
  expect(found).toEqual([]);
});

test('the accounts of a school are not for a teacher who knows the address', async ({ device, school }) => {
  await device.signInWithOneTap(await demoPerson(school, 'mwalimu.njeri'));
  await device.open('/admin');
  await expect(device.page.getByText(admin.because['forbidden'] ?? '')).toBeVisible();
});
