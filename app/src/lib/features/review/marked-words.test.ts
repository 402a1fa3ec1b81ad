import { expect, test } from 'vitest';
import { markedWords } from './marked-words.ts';

const marked = (text: string, other: string): string =>
  markedWords(text, other)
    .map((run) => (run.differs ? `[${run.text}]` : run.text))
    .join('');

test('words that the other text does not have are marked', () => {
  expect(marked('Read the lesson twice at home.', 'Read the lesson aloud at home.')).toBe('Read the lesson [twice ]at home.');
  expect(marked('Read it.', 'Read it.')).toBe('Read it.');
  expect(marked('Read it', '')).toBe('[Read it]');
  expect(marked('', 'Read it')).toBe('');
});

test('the runs together are the text, also of a long one', () => {
  const long = Array.from({ length: 900 }, (_, index) => `word${index}`).join(' ');
  for (const [text, other] of [
    [long, long.replaceAll('word', 'other')],
    ['a  b\n\nc', 'a c'],
    ['اقرأ الدرس مرتين', 'اقرأ الدرس'],
  ] as const) {
    expect(
      markedWords(text, other)
        .map((run) => run.text)
        .join(''),
    ).toBe(text);
  }
});
