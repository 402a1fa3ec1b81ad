import { describe, expect, it } from 'vitest';
import { countWords } from './count-words.ts';

describe('the words of a text', () => {
  for (const [text, words] of [
    ['', 0],
    [' … — !', 0],
    ['Ng’ombe wetu wawili', 3],
    ['It cost 1,500.50 shillings.', 4],
    ['a well-known man', 3],
    ['الْحَمْدُ لِلَّهِ', 2],
    ['one\ntwo\n\nthree', 3],
  ] as const) {
    it(`${JSON.stringify(text)} are ${words}`, () => {
      expect(countWords(text)).toBe(words);
    });
  }
});
