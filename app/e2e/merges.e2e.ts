import type { DemoAccount } from '@darasa/shared/protocol';
import * as v from 'valibot';
import { en } from '../src/lib/messages/en.ts';
import { barriers } from './harness/barriers.ts';
import { demoAccount, demoPerson, lessonTitle } from './harness/demo-school.ts';
import type { Device } from './harness/device.ts';
import type { SchoolServer } from './harness/school-server.ts';
import { expect, test } from './harness/test.ts';

const signedInSchema = v.object({ accessToken: v.string(), account: v.object({ id: v.string() }) });

async function signedIn({ url }: SchoolServer, { username, password }: DemoAccount): Promise<v.InferOutput<typeof signedInSchema>> {
  const answer = await fetch(`${url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ school: 'greenhill', username, password }),
  });
  return v.parse(signedInSchema, await answer.json());
}

/** The school gives a teacher a second class and a course to write. */
async function helpsOut(school: SchoolServer, teacher: DemoAccount): Promise<void> {
  const admin = await signedIn(school, await demoAccount(school, 'admin'));
  const { account } = await signedIn(school, teacher);
  const answer = await fetch(`${school.url}/v1/admin/accounts/${account.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin.accessToken}` },
    body: JSON.stringify({ classIds: ['7a', '8b'], authors: ['maths-7', 'programming-8'] }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

/** A document as the school has it, with the names of leaves beside the winner. */
async function atSchool(school: SchoolServer, teacher: DemoAccount, id: string): Promise<Record<string, unknown>> {
  const { accessToken } = await signedIn(school, teacher);
  const answer = await fetch(`${school.url}/db/school-greenhill/${encodeURIComponent(id)}?conflicts=true`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return v.parse(v.record(v.string(), v.unknown()), await answer.json());
}

async function openAssignment({ page }: Device, title: string): Promise<string> {
  await page.goto('/classes/7a/assignments');
  await page.getByRole('link', { name: title }).click();
  await expect(page.getByRole('heading', { level: 1, name: en.assignments.edit })).toBeVisible();
  return `class-7a:assignment:${new URL(page.url()).pathname.split('/').at(-1)}`;
}

async function saveAssignment({ page }: Device): Promise<void> {
  await page.getByRole('button', { name: en.assignments.save, exact: true }).click();
  await expect(page.getByText(en.assignments.saved)).toBeVisible();
}

const field = ({ page }: Device, label: string) => page.locator('main').getByLabel(label, { exact: true });
const decision = ({ page }: Device, name: string) => page.getByRole('article', { name, exact: true });

test('M4 M8 M9 two teachers change one assignment apart: different things are both kept, the same text is decided and taken back', async ({
  device,
  newDevice,
  school,
}) => {
  test.slow();
  const [njeri, otieno] = [await demoPerson(school, 'mwalimu.njeri'), await demoPerson(school, 'mwalimu.otieno')];
  await helpsOut(school, otieno);
  const other = await newDevice();
  await device.signInWithOneTap(njeri);
  await device.isInstalled();
  await device.open('/classes/7a');
  await device.page.getByRole('link', { name: en.assignments.title }).click();
  await device.page.getByRole('link', { name: en.assignments.add }).click();
  await field(device, en.assignments.heading).fill('Fractions at home');
  await field(device, en.assignments.item).selectOption(lessonTitle('maths-7', 'solving-equations'));
  await field(device, en.assignments.instructions).fill('Read the lesson.');
  await saveAssignment(device);
  await device.isUpToDate();
  await other.signInWithOneTap(otieno);
  await other.isInstalled();
  await other.isUpToDate();

  // Apart.
  await school.stop();
  const id = await openAssignment(device, 'Fractions at home');
  await field(device, en.assignments.heading).fill('Fractions this week');
  await field(device, en.assignments.instructions).fill('Read the lesson twice.');
  await saveAssignment(device);
  await openAssignment(other, 'Fractions at home');
  await field(other, en.assignments.due).fill('2031-02-03T17:00');
  await field(other, en.assignments.instructions).fill('Read the lesson aloud.');
  await saveAssignment(other);
  await school.start();
  for (const each of [device, other, device]) await each.isUpToDate();

  // Both names and the date are there on both devices, and nobody had to do anything for it.
  for (const each of [device, other]) {
    await each.open('/classes/7a/assignments');
    const line = each.page.getByRole('listitem').filter({ hasText: 'Fractions this week' });
    await expect(line).toContainText('2031');
    await expect(line).toContainText(en.review.count(1));
  }
  expect(await atSchool(school, njeri, id)).not.toHaveProperty('_conflicts');

  // She who set it decides.
  await device.open('/classes');
  await expect(device.page.getByText(en.review.count(1))).toBeVisible();
  await device.page.getByRole('link', { name: en.review.go, exact: true }).click();
  const question = decision(device, en.review.field.instructions);
  await expect(question).toContainText('Read the lesson twice.');
  await expect(question).toContainText('Read the lesson aloud.');
  await expect(question.locator('mark')).toHaveText(['twice.', 'aloud.']);
  for (const colorScheme of ['light', 'dark'] as const) {
    await device.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await barriers(device), colorScheme).toEqual([]);
  }
  await other.open('/review');
  await expect(other.page.getByRole('heading', { name: en.review.others })).toBeVisible();
  await question.getByRole('button', { name: en.review.keepFrom(otieno.name) }).click();
  await expect(device.page.getByRole('heading', { name: en.review.none })).toBeVisible();
  await device.isUpToDate();

  const learner = await newDevice();
  await learner.signInWithOneTap(await demoPerson(school, 'amina'));
  await expect(learner.page.getByRole('link', { name: 'Fractions this week' })).toContainText('Read the lesson aloud.');

  // He takes it back, and both have the question again.
  await other.isUpToDate();
  await other.open('/review');
  await decision(other, en.review.field.instructions).getByRole('button', { name: en.review.undo }).click();
  await expect(other.page.getByRole('heading', { name: en.review.others })).toBeVisible();
  await other.isUpToDate();
  await device.isUpToDate();
  await device.open('/review');
  await question.getByRole('button', { name: en.review.together }).click();
  await question.getByLabel(en.review.together).fill('Read the lesson twice, once aloud.');
  await question.getByRole('button', { name: en.review.keepMine }).click();
  await expect(device.page.getByRole('heading', { name: en.review.none })).toBeVisible();
  await device.isUpToDate();
  await other.isUpToDate();
  expect(await atSchool(school, otieno, id)).toMatchObject({ instructions: 'Read the lesson twice, once aloud.' });
  expect(await atSchool(school, njeri, id)).not.toHaveProperty('_conflicts');
});

test('M6 M8 two authors write one lesson apart: different paragraphs merge, the same paragraph is to decide', async ({
  device,
  newDevice,
  school,
}) => {
  test.slow();
  const [njeri, otieno] = [await demoPerson(school, 'mwalimu.njeri'), await demoPerson(school, 'mwalimu.otieno')];
  await helpsOut(school, otieno);
  const other = await newDevice();
  for (const [each, account] of [
    [device, njeri],
    [other, otieno],
  ] as const) {
    await each.signInWithOneTap(account);
    await each.isInstalled();
    await each.isUpToDate();
  }
  await school.stop();
  const text = async (each: Device) => {
    await each.open('/drafts/maths-7');
    await each.page.getByRole('link', { name: lessonTitle('maths-7', 'what-a-fraction-is') }).click();
    const area = field(each, en.drafts.text);
    await expect(area).not.toHaveValue('');
    return area;
  };
  const paragraphs = async (each: Device): Promise<string[]> => (await (await text(each)).inputValue()).split('\n\n');
  const write = async (each: Device, change: (before: readonly string[]) => readonly string[]): Promise<void> => {
    const area = await text(each);
    await area.fill(change((await area.inputValue()).split('\n\n')).join('\n\n'));
    await each.page.getByRole('button', { name: en.drafts.save }).click();
    await expect(each.page.getByText(en.drafts.saved)).toBeVisible();
  };
  await write(device, ([first = '', , ...rest]) => [`${first} (N)`, 'Njeri’s second paragraph.', ...rest]);
  await write(other, (before) => [before[0] ?? '', 'Otieno’s second paragraph.', ...before.slice(2), 'An end by Otieno.']);
  await school.start();
  for (const each of [device, other, device]) await each.isUpToDate();

  const [mine, theirs] = [await paragraphs(device), await paragraphs(other)];
  expect(mine).toEqual(theirs);
  expect(mine[0]).toMatch(/ \(N\)$/);
  expect(mine.at(-1)).toBe('An end by Otieno.');

  await device.open('/review');
  await expect(decision(device, en.review.field.text)).toContainText('Njeri’s second paragraph.');
  await decision(device, en.review.field.text)
    .getByRole('button', { name: en.review.keepFrom(njeri.name) })
    .click();
  await expect(device.page.getByRole('heading', { name: en.review.decided })).toBeVisible();
  await device.isUpToDate();
  await other.isUpToDate();
  expect((await paragraphs(other))[1]).toBe('Njeri’s second paragraph.');
});
