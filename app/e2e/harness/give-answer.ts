import type { Answer } from '@darasa/shared/questions';
import type { Locator, Page } from '@playwright/test';
import { en } from '../../src/lib/messages/en.ts';
import type { SourceQuestion } from './demo-school.ts';
import { noisyPhoto } from './photo.ts';

/** Gives an answer to the question on the screen with the pointer. */
export async function giveAnswer(page: Page, question: SourceQuestion, answer: Answer): Promise<void> {
  const main = page.locator('main');
  const options = question.kind === 'single' || question.kind === 'multiple' ? question.options : [];
  const option = (id: string): number => options.findIndex((each) => each.id === id);
  switch (answer.kind) {
    case 'single':
      return page.getByRole('radio').nth(option(answer.option)).check();
    case 'multiple':
      for (const id of answer.options) await page.getByRole('checkbox').nth(option(id)).check();
      return;
    case 'true-false':
      return page.getByRole('radio', { name: answer.value ? en.quiz.yes : en.quiz.no }).check();
    case 'numeric':
    case 'short-text':
    case 'essay':
      return main.getByRole('textbox').fill(answer.text);
    case 'cloze': {
      const gaps = question.kind === 'cloze' ? question.gaps : [];
      for (const [index, { id, options }] of gaps.entries()) {
        const gap = main.getByLabel(en.questions.gap(index + 1), { exact: true });
        if (options === undefined) await gap.fill(answer.gaps[id] ?? '');
        else await gap.selectOption(answer.gaps[id] ?? '');
      }
      return;
    }
    case 'ordering': {
      // Each item in turn goes up to its place.
      const shown = question.kind === 'ordering' ? question.items.map(({ id }) => id) : [];
      for (const [place, id] of answer.order.entries()) {
        for (let at = shown.indexOf(id); at > place; at -= 1) {
          await main.getByRole('listitem').nth(at).locator('[data-up]').click();
          shown.splice(at - 1, 0, ...shown.splice(at, 1));
        }
      }
      return;
    }
    case 'matching': {
      const items = question.kind === 'matching' ? question.items : [];
      for (const [index, { id }] of items.entries())
        await main
          .getByRole('combobox')
          .nth(index)
          .selectOption(answer.pairs[id] ?? '');
      return;
    }
    case 'hotspot':
      return tapAt(main.locator('.picture'), answer.x / 1000, answer.y / 1000);
    case 'file':
      await main
        .locator('input[type="file"]')
        .setInputFiles({ name: 'my-rhythm.bmp', mimeType: 'image/bmp', buffer: noisyPhoto(2400, 1800) });
      return main.getByRole('img', { name: 'my-rhythm.bmp' }).waitFor();
  }
}

/** Clicks at a share of an element's width and height. */
async function tapAt(element: Locator, across: number, down: number): Promise<void> {
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  if (box === null) throw new Error('The picture is not on the screen.');
  await element.click({ position: { x: box.width * across, y: box.height * down } });
}
