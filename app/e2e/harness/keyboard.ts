import type { Locator } from '@playwright/test';
import { en } from '../../src/lib/messages/en.ts';
import { rightAnswer, type SourceQuestion } from './demo-school.ts';
import type { Device } from './device.ts';
import { noisyPhoto } from './photo.ts';

/** Presses the Tab key until an element with this name has the focus. */
export async function tabTo({ page }: Device, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || !element.matches('a, button, input, select, textarea')) return '';
      const labels = 'labels' in element && element.labels instanceof NodeList ? [...element.labels] : [];
      const named = document.getElementById(element.getAttribute('aria-labelledby') ?? '');
      return (element.getAttribute('aria-label') ?? named?.textContent ?? labels[0]?.textContent ?? element.textContent ?? '').trim();
    });
    if (focused.startsWith(name)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to “${name}”.`);
}

async function press({ page }: Device, key: string, times = 1): Promise<void> {
  for (let i = 0; i < times; i += 1) await page.keyboard.press(key);
}

/** Chooses from the list that has the focus: the empty line comes first. */
async function choose(device: Device, ids: readonly { readonly id: string }[], id: string | undefined): Promise<void> {
  await press(device, 'ArrowDown', ids.findIndex((each) => each.id === id) + 1);
}

async function textOf(element: Locator): Promise<string> {
  return ((await element.textContent()) ?? '').trim();
}

/** Gives the right answer to the question on the screen with the keyboard alone. */
export async function answerByKeys(device: Device, question: SourceQuestion): Promise<void> {
  const { page } = device;
  const main = page.locator('main');
  const answer = rightAnswer(question);
  const options = question.kind === 'single' || question.kind === 'multiple' ? question.options : [];
  const digit = (id: string): string => String(options.findIndex((each) => each.id === id) + 1);
  switch (answer.kind) {
    case 'single':
      return page.keyboard.press(digit(answer.option));
    case 'multiple':
      for (const id of answer.options) await page.keyboard.press(digit(id));
      return;
    case 'true-false':
      return page.keyboard.press(answer.value ? '1' : '2');
    case 'numeric':
    case 'short-text':
    case 'essay':
      await tabTo(device, en.quiz.answer);
      return page.keyboard.type(answer.text);
    case 'cloze':
      for (const [index, { id, options }] of (question.kind === 'cloze' ? question.gaps : []).entries()) {
        await tabTo(device, en.questions.gap(index + 1));
        if (options === undefined) await page.keyboard.type(answer.gaps[id] ?? '');
        else await choose(device, options, answer.gaps[id]);
      }
      return;
    case 'ordering': {
      const shown = question.kind === 'ordering' ? question.items.map(({ id }) => id) : [];
      for (const [place, id] of answer.order.entries()) {
        const at = shown.indexOf(id);
        if (at === place) continue;
        // The page's own focus: where a learner stands after a question came up.
        await main.getByRole('heading', { level: 1 }).focus();
        await tabTo(device, en.questions.moveUp(await textOf(main.getByRole('listitem').nth(at).locator('.text'))));
        await press(device, 'Enter', at - place);
        shown.splice(place, 0, ...shown.splice(at, 1));
      }
      return;
    }
    case 'matching':
      if (question.kind !== 'matching') return;
      for (const [index, { id }] of question.items.entries()) {
        await tabTo(device, await textOf(main.locator('.item').nth(index)));
        await choose(device, question.choices, answer.pairs[id]);
      }
      return;
    case 'hotspot': {
      // The mark begins in the middle, and goes a hundredth at each press.
      for (const [name, at, more, less] of [
        [en.questions.across, answer.x, 'ArrowRight', 'ArrowLeft'],
        [en.questions.down, answer.y, 'ArrowRight', 'ArrowLeft'],
      ] as const) {
        await tabTo(device, name);
        const steps = Math.round((at - 500) / 10);
        await press(device, steps > 0 ? more : less, Math.abs(steps));
      }
      return;
    }
    case 'file': {
      await tabTo(device, en.questions.addPhoto);
      const chooser = page.waitForEvent('filechooser');
      await page.keyboard.press('Enter');
      await (await chooser).setFiles({ name: 'my-rhythm.bmp', mimeType: 'image/bmp', buffer: noisyPhoto(2400, 1800) });
      return main.getByRole('img', { name: 'my-rhythm.bmp' }).waitFor();
    }
  }
}
