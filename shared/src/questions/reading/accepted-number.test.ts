import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../arbitraries.fixture.ts';
import { isNumber, type NumberKey, writeNumber } from './accepted-number.ts';
import { unitFactor } from './units.ts';

const length: NumberKey = { value: 2500, tolerance: 0, unit: 'm', units: 'any' };
const speed: NumberKey = { value: 36, tolerance: 0, unit: 'km/h', units: 'required' };
const thirds: NumberKey = { value: 2 / 3, tolerance: 0, figures: 3 };
const price: NumberKey = { value: 1500, tolerance: 0, unit: 'KSh' };

describe('a number with a unit', () => {
  for (const [key, text] of [
    [length, '2500'],
    [length, '2500 m'],
    [length, '2,500 Metres'],
    [length, '2.5 km'],
    [length, '2,5km'],
    [length, '2.5 Kilomita'],
    [length, '2½ km'],
    [length, '٢٫٥ كم'],
    [length, '۲۵۰۰ متر'],
    [length, '250 000 cm'],
    [length, '2.5 × 10^3 m'],
    [length, '2,5x10³ M'],
    [speed, '36 km/h'],
    [speed, '10 m/s'],
    [speed, '10 m s^-1'],
    [speed, '36000 m/h'],
    [thirds, '0.667'],
    [thirds, '0,667'],
    [thirds, '6.67 × 10^-1'],
    [price, 'KSh 1,500'],
    [price, 'ksh.1500'],
    [price, '1500 KSh'],
  ] as const) {
    it(`${JSON.stringify(text)} is right for ${key.value} ${key.unit ?? ''}`, () => {
      expect(isNumber(text, key)).toBe(true);
    });
  }

  for (const [key, text] of [
    [length, '2.5'],
    [length, '2500 km'],
    [length, '2500 kg'],
    [length, '2500 goats'],
    [length, '2.5 km²'],
    [length, 'about 2500 m'],
    [speed, '36'],
    [speed, '36 km h'],
    [thirds, '0.67'],
    [thirds, '0.6667'],
    [thirds, '0.666'],
    [thirds, '2/3'],
    [price, '15 hundred'],
    [price, 'TSh 1500'],
  ] as const) {
    it(`${JSON.stringify(text)} is not right for ${key.value} ${key.unit ?? ''}`, () => {
      expect(isNumber(text, key)).toBe(false);
    });
  }

  it('with two significant figures 1500 and 1.5 × 10³ will do, 1500.0 will not', () => {
    const key = { value: 1512, tolerance: 0, figures: 2 };
    expect(['1500', '1,5 × 10³', '1.5x10^3'].map((text) => isNumber(text, key))).toEqual([true, true, true]);
    expect(['1500.0', '1512', '1510'].map((text) => isNumber(text, key))).toEqual([false, false, false]);
  });

  it('a relative tolerance reaches as far in small as in large', () => {
    for (const value of [3e-6, 3, 3e6]) {
      const key = { value, tolerance: 0, relative: 0.1 };
      expect(isNumber(`${3.25} × 10^${Math.log10(value / 3)}`, key)).toBe(true);
      expect(isNumber(`${3.35} × 10^${Math.log10(value / 3)}`, key)).toBe(false);
    }
  });

  it('is right as the key itself is written, in whatever notation and unit of the same kind', () => {
    const value = fc.oneof(
      fc.integer({ min: -99_999, max: 99_999 }),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
    );
    fc.assert(
      fc.property(value, fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }), (number, figures) => {
        const key = { value: number, tolerance: 0, figures };
        expect(isNumber(writeNumber(key), key)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.constantFrom('mm', 'cm', 'km'), (amount, unit) => {
        const factor = unitFactor(unit, 'm') ?? Number.NaN;
        expect(isNumber(`${amount} ${unit}`, { value: amount * factor, tolerance: 0, unit: 'm', units: 'any' })).toBe(true);
      }),
    );
  });
});

describe('units', () => {
  for (const [from, to, factor] of [
    ['kWh', 'J', 3.6e6],
    ['mAh', 'Ah', 1e-3],
    ['ha', 'm²', 1e4],
    ['cm^2', 'm2', 1e-4],
    ['l', 'cm³', 1000],
    ['g/cm³', 'kg/m³', 1000],
    ['%', '%', 1],
    ['μA', 'mA', 1e-3],
    ['N m', 'J', 1],
  ] as const) {
    it(`one ${from} is ${factor} ${to}`, () => {
      expect(unitFactor(from, to)).toBeCloseTo(factor, 9);
    });
  }

  it('that measure different things, or that nobody knows, do not convert, and nothing throws', () => {
    expect([unitFactor('kg', 'm'), unitFactor('', 'm'), unitFactor('m//s', 'm'), unitFactor('constructor', 'm')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    fc.assert(fc.property(anyText, (text) => void unitFactor(text, 'm')));
  });
});
