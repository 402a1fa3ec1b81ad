import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '@darasa/shared/protocol';
import { en } from '../src/lib/messages/en.ts';
import { demoAccount, sourceQuiz } from './harness/demo-school.ts';
import type { Device } from './harness/device.ts';
import { SchoolServer } from './harness/school-server.ts';
import { test as base, expect } from './harness/test.ts';

const COURSE = 'programming-8';
const LAPTOP = 'Grade 8 laptop';

/** A second server with the same accounts, which says that it is a class laptop. */
const test = base.extend<{ readonly laptop: SchoolServer }>({
  schoolSettings: { DARASA_HUB_SOURCES: 'http://127.0.0.1:*' },
  laptop: async ({ folder, school }, use) => {
    const dataFolder = join(folder, 'laptop');
    cpSync(process.env['DARASA_E2E_SEED'] ?? '', dataFolder, { recursive: true });
    const server = await SchoolServer.create({ dataFolder, settings: { DARASA_APP_ORIGINS: school.url } });
    await server.start();
    await use(server);
    await server.stop();
  },
});

async function knowsLaptop(device: Device, laptop: SchoolServer): Promise<void> {
  const place: Place = { kind: 'hub', id: 'laptop-of-8', name: LAPTOP, school: 'greenhill', version: '0.1.0', now: 0 };
  await device.context.route(`${laptop.url}/v1/place`, async (route) => {
    // As stopped as the server is.
    const response = await route.fetch().catch(() => null);
    if (response === null) await route.abort();
    else await route.fulfill({ response, json: place });
  });
  await device.open('/sync');
  await device.page.getByRole('button', { name: en.sync.places.add }).click();
  await device.page.getByLabel(en.sync.places.address).fill(new URL(laptop.url).host);
  await device.page.getByRole('button', { name: en.sync.places.addNow, exact: true }).click();
  await expect(device.page.getByRole('listitem').filter({ hasText: LAPTOP })).toBeVisible();
}

const header = (device: Device, place: 'device' | 'laptop' | 'school') =>
  device.page.getByRole('banner').getByRole('button', { name: `${en.place.title} ${en.place[place]}` });

test('while the school is away work goes to the class laptop, and is at the school when that has it (L3, L4)', async ({
  device,
  school,
  laptop,
}) => {
  const account = await demoAccount(school, 'learner');
  const quiz = sourceQuiz(COURSE, 'first-programs-check');
  await device.signInWithOneTap(account);
  await device.isUpToDate();
  await device.isInstalled();
  await expect(header(device, 'school')).toBeVisible();
  await knowsLaptop(device, laptop);

  await school.stop();
  await device.open(`/courses/${COURSE}/quizzes/${quiz.id}`);
  await device.beginQuiz();
  await device.answerAllAndHandIn(quiz);
  await device.workIsAt('device');
  // The laptop has not met this device: it wants the password once.
  await device.page.getByRole('button', { name: en.sync.signInAgain }).click();
  const dialog = device.page.getByRole('dialog', { name: account.name });
  await dialog.getByLabel(en.signIn.passwordFor(account.name)).fill(account.password);
  await dialog.getByRole('button', { name: en.signIn.unlock }).click();
  await device.workIsAt('laptop');
  await expect(header(device, 'laptop')).toBeVisible();
  await device.open('/sync');
  await expect(device.page.getByRole('heading', { name: en.sync.allAtLaptop })).toBeVisible();
  await expect(device.page.getByText(en.sync.contactWith.laptop(LAPTOP))).toBeVisible();

  await laptop.stop();
  await school.start();
  await device.page.getByRole('button', { name: en.sync.sendNow }).click();
  await expect(device.page.getByRole('heading', { name: en.sync.allSent })).toBeVisible();
  await expect(header(device, 'school')).toBeVisible();
});
