import { describe, expect, it } from 'vitest';
import { PALETTES } from './palettes.ts';
import { seededBy } from './seed.ts';
import { textileOf } from './textile.ts';

describe('the cloth of a course', () => {
  it('is the same every time it is drawn', () => {
    expect(textileOf('maths-7')).toEqual(textileOf('maths-7'));
  });

  it('differs between courses', () => {
    const cloths = Array.from({ length: 40 }, (_, index) => JSON.stringify(textileOf(`course-${index}`)));
    expect(new Set(cloths).size).toBeGreaterThan(35);
  });

  it('is made of finite numbers and stays small enough to draw on every card', () => {
    for (let index = 0; index < 60; index += 1) {
      const { field, border } = textileOf(`course-${index}`);
      for (const path of [...Object.values(field.print), ...Object.values(border)]) {
        expect(path).not.toMatch(/NaN|Infinity|undefined/);
        expect(path.length).toBeLessThan(12_000);
      }
    }
  });

  it('uses every palette somewhere', () => {
    const used = new Set(Array.from({ length: 200 }, (_, index) => textileOf(`c${index}`).palette.name));
    expect(used.size).toBe(PALETTES.length);
  });
});

describe('numbers that follow from a text', () => {
  it('stay below their limit', () => {
    const random = seededBy('x');
    for (let index = 0; index < 1000; index += 1) {
      const value = random.below(7);
      expect(Number.isInteger(value) && value >= 0 && value < 7).toBe(true);
    }
  });
});
