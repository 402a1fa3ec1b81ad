import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber } from './read-number.ts';

describe('numbers that learners type', () => {
  for (const [text, unit, readings] of [
    ['1500', '', [1500]],
    ['1 500', '', [1500]],
    ['1\u202f500,5', '', [1500.5]],
    ['1,500', '', [1500, 1.5]],
    ['1.500', '', [1500, 1.5]],
    ['0,500', '', [0.5]],
    ['1,234,567.5', '', [1234567.5]],
    ['1.234.567,5', '', [1234567.5]],
    ['1’234', '', [1234]],
    ['1,00,000', '', [100000]],
    ['١٬٥٠٠٫٥', '', [1500.5]],
    ['۲۴۰', '', [240]],
    ['２４０', '', [240]],
    ['−5', '', [-5]],
    ['- 5', '', [-5]],
    ['+5', '', [5]],
    ['.5', '', [0.5]],
    ['3/4', '', [0.75]],
    ['٣/٤', '', [0.75]],
    ['-3 / 4', '', [-0.75]],
    ['½', '', [0.5]],
    ['1½', '', [1.5]],
    ['1 1/2', '', [1.5]],
    ['12 cm²', 'cm²', [12]],
    ['12cm2', 'cm²', [12]],
    ['25%', '%', [25]],
    ['٢٥٪', '%', [25]],
    ['KSh 1,200', 'ksh', [1200, 1.2]],
    ['Sh.500', 'sh', [500]],
    ['240 Litres', 'litres', [240]],
    ['240', 'litres', [240]],
  ] as const) {
    it(`${JSON.stringify(text)}${unit === '' ? '' : ` (${unit})`} is ${readings.join(' or ')}`, () => {
      expect(readNumber(text, unit)).toEqual(readings);
    });
  }

  for (const [text, unit] of [
    ['', ''],
    ['many', ''],
    ['5²', ''],
    ['1/0', ''],
    ['1/2/3', ''],
    ['--5', ''],
    ['1.000.5', ''],
    ['12 34', ''],
    ['1e3', ''],
    ['12 kg', 'cm'],
    ['12 or 13', ''],
    ['Infinity', ''],
    ['NaN', ''],
  ] as const) {
    it(`${JSON.stringify(text)} is none`, () => {
      expect(readNumber(text, unit)).toEqual([]);
    });
  }

  it('mean the same in three notations', () => {
    const cents = fc.integer({ min: 1, max: 99_999_999 });
    fc.assert(
      fc.property(cents, fc.boolean(), (amount, negative) => {
        const value = (negative ? -amount : amount) / 100;
        const english = new Intl.NumberFormat('en', { minimumFractionDigits: 2 }).format(value);
        const german = new Intl.NumberFormat('de', { minimumFractionDigits: 2 }).format(value);
        const arabic = new Intl.NumberFormat('ar-EG', { minimumFractionDigits: 2 }).format(value);
        for (const text of [english, german, arabic, String(value)]) expect(readNumber(text)).toContainEqual(value);
      }),
    );
  });

  it('never throw, and are finite', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 20 }), (text, unit) => {
        expect(readNumber(text, unit).every(Number.isFinite)).toBe(true);
      }),
    );
  });
});
