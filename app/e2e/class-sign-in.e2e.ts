import type { Locator, Page } from '@playwright/test';
import { en } from '../src/lib/messages/en.ts';
import { demoAccount } from './harness/demo-school.ts';
import type { Device } from './harness/device.ts';
import type { SchoolServer } from './harness/school-server.ts';
import { expect, test } from './harness/test.ts';

const say = en.classSignIn;

interface Printed {
  readonly name: string;
  /** The names of the pictures in order, or nothing where there is a PIN. */
  readonly pictures: readonly string[];
  readonly pin: string | null;
  /** A photo of the QR code. */
  readonly qr: Buffer;
}

const cardsOf = (page: Page): Locator => page.getByRole('list', { name: say.cards }).locator('> li:has(.name)');
const said = async (where: Locator): Promise<string> => (await where.textContent())?.trim() ?? '';

async function printed(page: Page, at: number): Promise<Printed> {
  const card = cardsOf(page).nth(at);
  const pin = card.locator('.pin strong');
  return {
    name: await said(card.locator('.name')),
    pictures: (await card.locator('ol li').allTextContents()).map((text) => text.trim()),
    pin: (await pin.count()) === 0 ? null : await said(pin),
    qr: await card.locator('.qr').screenshot(),
  };
}

/** The teacher's first class: its page of cards, with a class code and cards for everybody, made with no network. */
async function makeCards(teacher: Device, school: SchoolServer): Promise<{ readonly classCode: string }> {
  await teacher.signInWithOneTap(await demoAccount(school, 'teacher'));
  await teacher.isUpToDate();
  await teacher.isInstalled();
  await teacher.open('/classes');
  await teacher.page.locator('main a[href^="/classes/"]').first().click();
  await teacher.page.getByRole('link', { name: say.title }).click();
  await expect(teacher.page.getByRole('button', { name: say.makeCode })).toBeVisible();
  await school.stop();
  await teacher.page.getByRole('button', { name: say.makeCode }).click();
  const classCode = await said(teacher.page.locator('.big'));
  await teacher.page.getByRole('button', { name: /^Make cards for/ }).click();
  await expect(teacher.page.getByText(say.once)).toBeVisible({ timeout: 60_000 });
  return { classCode };
}

async function tapPictures(page: Page, pictures: readonly string[]): Promise<void> {
  for (const name of pictures) await page.getByRole('button', { name, exact: true }).click();
}

test('a teacher makes cards offline; learners share a tablet by pictures, card and PIN, each locked for the others', async ({
  device: teacher,
  newDevice,
  school,
}) => {
  test.slow();
  const { classCode } = await makeCards(teacher, school);
  const [first, second] = [await printed(teacher.page, 0), await printed(teacher.page, 1)];
  expect(first.pictures).toHaveLength(3);
  await school.start();
  // The page stays, with its cards: going on by itself sends what was made.
  await expect
    .poll(async () => (await fetch(`${school.url}/v1/auth/class`, classRequest(classCode))).status, { timeout: 60_000 })
    .toBe(200);

  const tablet = await newDevice();
  await tablet.open('/sign-in');
  await tablet.page.getByRole('button', { name: say.withClass }).click();
  await tablet.page.getByLabel(say.code).fill('zzzz 2222');
  await tablet.page.getByRole('button', { name: say.showNames }).click();
  await expect(tablet.page.getByText(say.problem['wrong-class-code'])).toBeVisible();
  await tablet.page.getByLabel(say.code).fill(classCode.toUpperCase());
  await tablet.page.getByRole('button', { name: say.showNames }).click();
  await tablet.page.getByRole('button', { name: first.name }).first().click();
  await tapPictures(tablet.page, [...first.pictures].reverse());
  await expect(tablet.page.getByText(en.signIn.problem['wrong-password'])).toBeVisible();
  await tapPictures(tablet.page, first.pictures);
  await tablet.isIn(first);
  await tablet.isInstalled();
  await tablet.isUpToDate();

  // The second learner has the card; a photo of it does what the camera would.
  await tablet.lock();
  await tablet.page.getByRole('button', { name: say.withCard }).click();
  await tablet.page.getByLabel(say.photoOfCard).setInputFiles({ name: 'card.png', mimeType: 'image/png', buffer: second.qr });
  await tablet.isIn(second);
  await tablet.isUpToDate();
  await tablet.lock();

  // With no network each opens their own alone, and guessing has an end.
  await school.stop();
  await tablet.open('/sign-in');
  await tablet.page.getByRole('button', { name: first.name }).first().click();
  const dialog = tablet.page.getByRole('dialog', { name: first.name });
  const wrong = [...first.pictures].reverse();
  await tapPictures(tablet.page, wrong);
  await expect(dialog.getByText(en.signIn.problem['wrong-password'])).toBeVisible();
  await tapPictures(tablet.page, first.pictures);
  await tablet.isIn(first);
  await tablet.lock();
  await tablet.page.getByRole('button', { name: second.name }).first().click();
  const other = tablet.page.getByRole('dialog', { name: second.name });
  const photo = other.getByLabel(say.photoOfCard);
  await photo.setInputFiles({ name: 'card.png', mimeType: 'image/png', buffer: first.qr });
  await expect(other.getByText(en.signIn.problem['wrong-password'])).toBeVisible();
  await photo.setInputFiles({ name: 'card.png', mimeType: 'image/png', buffer: second.qr });
  await tablet.isIn(second);
  await tablet.lock();
  await tablet.page.getByRole('button', { name: first.name }).first().click();
  for (let at = 0; at < 5; at += 1) {
    await tapPictures(tablet.page, wrong);
    await expect(tablet.page.getByText(en.signIn.problem['wrong-password'])).toBeVisible();
    await expect(dialog.getByRole('button', { name: say.undo })).toBeDisabled();
  }
  await tapPictures(tablet.page, first.pictures);
  await expect(dialog.getByText(en.signIn.problem['locked-out'])).toBeVisible();
});

test('cards are printed eight to an A4 page; a PIN that was forgotten is made anew, and the old one opens nothing', async ({
  device: teacher,
  newDevice,
  school,
}, testInfo) => {
  test.slow();
  const { classCode } = await makeCards(teacher, school);
  const cards = await cardsOf(teacher.page).count();
  const pdf = await teacher.page.pdf({ preferCSSPageSize: true, path: testInfo.outputPath('cards.pdf') });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
  expect(pages).toHaveLength(Math.ceil(cards / 8));

  await teacher.page.getByText(say.pin, { exact: true }).click();
  const { name } = await printed(teacher.page, 0);
  await teacher.page.getByRole('button', { name: say.renewFor(name) }).click();
  await expect(teacher.page.locator('.pin strong')).toBeVisible();
  const last = await printed(teacher.page, cards - 1);
  expect(last).toMatchObject({ name, pictures: [] });
  await school.start();
  await expect
    .poll(async () => (await (await fetch(`${school.url}/v1/auth/class`, classRequest(classCode))).text()).includes('"pin"'), {
      timeout: 60_000,
    })
    .toBe(true);

  const phone = await newDevice();
  await phone.open(`/sign-in#class=greenhill.${classCode}`);
  await phone.page.getByRole('button', { name }).click();
  await phone.page.getByLabel(say.pin).fill(last.pin === '9876' ? '9875' : '9876');
  await phone.page.getByRole('button', { name: en.signIn.unlock }).click();
  await expect(phone.page.getByText(en.signIn.problem['wrong-password'])).toBeVisible();
  await phone.page.getByLabel(say.pin).fill(last.pin ?? '');
  await phone.page.getByRole('button', { name: en.signIn.unlock }).click();
  await phone.isIn({ name });
});

function classRequest(classCode: string): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ school: 'greenhill', classCode }) };
}
