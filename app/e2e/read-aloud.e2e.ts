import { en } from '../src/lib/messages/en.ts';
import { demoAccount } from './harness/demo-school.ts';
import { FakeSpeech } from './harness/fake-speech.ts';
import { expect, test } from './harness/test.ts';

const fractions = '/courses/maths-7/lessons/adding-and-subtracting';
const batteries = '/courses/ukarabati-simu/lessons/betri';
const english = { lang: 'en-GB', localService: true };
const swahili = { lang: 'sw-KE', localService: true };
const remoteSwahili = { lang: 'sw-TZ', localService: false };

test('a lesson is read aloud in a voice of its language, marked where it is, paused, and silent when it is left', async ({
  device,
  school,
}) => {
  const { page } = device;
  const listen = page.getByRole('button', { name: en.lesson.listen });
  const marked = page.locator('.prose .reading');
  const speech = await FakeSpeech.of(page);
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.open(fractions);
  await expect(page.locator('.prose math').first()).toBeVisible();
  await expect(listen).toBeHidden();
  await speech.voicesCome(swahili);
  await expect(listen).toBeHidden();
  await speech.voicesCome(remoteSwahili, swahili, english);

  await listen.click();
  await expect.poll(() => speech.said()).toEqual([expect.stringMatching(/^en-GB: You have half a litre of milk/)]);
  await expect(marked).toHaveCount(1);
  await expect(marked).toContainText('You have half a litre of milk');
  await expect(listen).toBeHidden();

  // Sentence by sentence, to the formula that stands by itself; a formula is read with its signs.
  const heard = async (what: RegExp): Promise<void> => {
    let count = 0;
    while (!(await speech.said()).some((text) => what.test(text))) {
      count = (await speech.said()).length;
      await speech.sentenceEnds();
      await expect.poll(async () => (await speech.said()).length).toBeGreaterThan(count);
    }
  };
  await heard(/^en-GB: You pour both into a jug\.$/);
  await heard(/: 2\/7 \+ 3\/7 = 5\/7$/);
  expect((await speech.said()).join('\n')).toContain('giving 2/5.');
  await expect(marked).toHaveClass(/math/);
  await page.screenshot({ path: test.info().outputPath('reading.png') });

  await page.getByRole('button', { name: en.lesson.pause }).click();
  await expect.poll(() => speech.isSpeaking()).toBe(false);
  await expect(marked).toHaveCount(0);
  const before = (await speech.said()).length;
  await page.getByRole('button', { name: en.lesson.readOn }).click();
  await expect.poll(async () => (await speech.said()).slice(before)).toEqual(['en-GB: 2/7 + 3/7 = 5/7']);
  await expect(marked).toHaveClass(/math/);

  await page.getByRole('button', { name: en.lesson.stop }).click();
  await expect(listen).toBeVisible();
  await expect.poll(() => speech.isSpeaking()).toBe(false);

  await listen.click();
  await expect.poll(() => speech.isSpeaking()).toBe(true);
  await page.locator('main').getByRole('link', { name: 'Numbers that work' }).first().click();
  await page.waitForURL('**/courses/maths-7');
  await expect.poll(() => speech.isSpeaking()).toBe(false);
});

test('a lesson in Swahili is read by a voice of the device, and without a network by no other', async ({ device, school }) => {
  const { page } = device;
  const listen = page.getByRole('button', { name: en.lesson.listen });
  const speech = await FakeSpeech.of(page);
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.open(batteries);
  await expect(page.getByText('Mteja anakuja na kusema')).toBeVisible();
  await speech.voicesCome(english, remoteSwahili, swahili);
  await listen.click();
  await expect.poll(() => speech.said()).toEqual([expect.stringMatching(/^sw-KE: Mteja anakuja/)]);
  await page.getByRole('button', { name: en.lesson.stop }).click();

  await speech.voicesCome(english, remoteSwahili);
  await expect(listen).toBeVisible();
  await device.context.setOffline(true);
  await expect(listen).toBeHidden();
  await device.context.setOffline(false);
  await listen.click();
  await expect.poll(async () => (await speech.said()).at(-1)).toMatch(/^sw-TZ: Mteja anakuja/);
});
