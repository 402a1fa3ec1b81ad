import { asciiDigits } from './ascii-digits.ts';
import { foldText } from './fold-text.ts';

/** A vulgar fraction character; after a digit it makes a mixed number, 1½. */
const VULGAR_FRACTION = /(\d?)\s*([\u00bc-\u00be\u2150-\u215e])/g;

/** Writes the many signs of keyboards and languages as digits, space, `.`, `,`, `+`, `-`, `/`. Superscripts stay: 5² is not 52. */
function plainSigns(text: string): string {
  return asciiDigits(text)
    .replace(VULGAR_FRACTION, (_all, digit: string, fraction: string) => `${digit}${digit === '' ? '' : ' '}${fraction.normalize('NFKC')}`)
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]/g, '')
    .replace(/[\u2010-\u2015\u2212\ufe63\uff0d]/g, '-')
    .replace(/[\u2044\u2215\u00f7\uff0f]/g, '/')
    .replace(/[\u066b\uff0e]/g, '.')
    .replace(/[\u066c\uff0c\u060c]/g, ',')
    .replace(/\u066a/g, '%')
    .replace(/['’\s]+/g, ' ')
    .trim();
}

const GROUPED_BY = {
  ' ': /^[1-9]\d{0,2}(?: \d{2,3})* \d{3}$/,
  ',': /^[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}$/,
  '.': /^[1-9]\d{0,2}(?:\.\d{2,3})*\.\d{3}$/,
};

/** A whole number, plain or with its thousands (or lakhs) set apart by one kind of sign; null when it is none. */
function wholeNumber(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  for (const [sign, pattern] of Object.entries(GROUPED_BY)) if (pattern.test(text)) return Number(text.split(sign).join(''));
  return null;
}

/** What a text may mean, and with how many significant figures it is written: `1500` with two, three or four. */
export interface NumberReading {
  readonly value: number;
  /** Nothing for a fraction, which is not rounded. */
  readonly figures: { readonly least: number; readonly most: number };
}

const NOT_ROUNDED = { least: 0, most: 0 };

/** The significant figures of digits without signs; a whole number's zeros at the end may count or not. */
function figuresOf(digits: string, decimal: boolean): NumberReading['figures'] {
  const most = digits.replace(/^0+/, '').length;
  const least = digits.replace(/^0+|0+$/g, '').length;
  return decimal ? { least: most, most } : { least, most };
}

/** What an unsigned decimal may mean. `1,500` is one and a half to one reader and fifteen hundred to another: both are given. */
function decimalReadings(text: string): readonly NumberReading[] {
  const readings: NumberReading[] = [];
  const whole = wholeNumber(text);
  if (whole !== null) readings.push({ value: whole, figures: figuresOf(text.replace(/\D/g, ''), false) });
  const sign = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  if (sign >= 0) {
    const before = text.slice(0, sign);
    const after = text.slice(sign + 1).replace(/ (?=\d)/g, '');
    const units = before === '' ? 0 : wholeNumber(before);
    // The decimal sign cannot also be the thousands' sign: 1.000.5 is no number.
    const reused = before.includes(text.charAt(sign));
    if (units !== null && !reused && /^\d*$/.test(after) && before + after !== '')
      readings.push({
        value: Number(`${units}.${after === '' ? '0' : after}`),
        figures: figuresOf(before.replace(/\D/g, '') + after, true),
      });
  }
  return readings.filter(({ value }, i) => readings.findIndex((each) => each.value === value) === i);
}

/** Unsigned: a decimal, a fraction `a/b` or a mixed number `1 1/2`. */
function unsignedReadings(text: string): readonly NumberReading[] {
  const [left, right, ...more] = text.split(/ ?\/ ?/);
  if (left === undefined || right === undefined) return decimalReadings(text);
  if (more.length > 0) return [];
  const mixed = /^(\d+) (\d+)$/.exec(left);
  const wholePart = mixed === null ? 0 : Number(mixed[1]);
  const numerators = decimalReadings(mixed === null ? left : (mixed[2] ?? ''));
  const denominators = decimalReadings(right).filter(({ value }) => value !== 0);
  return numerators.flatMap((numerator) =>
    denominators.map((denominator) => ({ value: wholePart + numerator.value / denominator.value, figures: NOT_ROUNDED })),
  );
}

/** A power of ten after a number: `× 10^3`, `x10³`. */
const POWER_OF_TEN = /^ ?[x×*·] ?10 ?(?:\^ ?([+-]?\d{1,3})(?!\d)|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))/i;
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻';

function exponentOf([, plain, raised = '']: RegExpExecArray): number {
  return Number(plain ?? raised.replace(/./g, (sign) => '0123456789+-'.charAt(SUPERSCRIPTS.indexOf(sign))));
}

export interface Quantity {
  /** More than one where notations differ; none where what stands there is no number. */
  readonly readings: readonly NumberReading[];
  /** What stands before or after the number, as it was typed; empty for nothing. */
  readonly unit: string;
}

/**
 * A number with what stands beside it; null where there is no number, or something on both of its sides.
 *
 * It reads digits of Arabic and Latin script; thousands set apart by space, comma, point or apostrophe; a decimal comma or
 * point; a sign; fractions `3/4`, `½` and mixed numbers `1 1/2`; a power of ten `1.5 × 10³`.
 */
export function readQuantity(text: string): Quantity | null {
  const plain = plainSigns(text);
  const start = plain.search(/[+-] ?[.,]?\d|[.,]?\d/);
  if (start < 0) return null;
  const before = plain.slice(0, start);
  // In `Sh.500` the point belongs to the unit.
  const rest = before === '' ? plain : plain.slice(start).replace(/^[.,]/, '');
  const number = /^[+-]? ?[\d., /]*/.exec(rest)?.[0] ?? '';
  const power = POWER_OF_TEN.exec(rest.slice(number.trimEnd().length));
  const exponent = power === null ? 0 : exponentOf(power);
  const after = power === null ? rest.slice(number.length) : rest.slice(number.trimEnd().length + power[0].length);
  if (before.trim() !== '' && after.trim() !== '') return null;

  const sign = number.startsWith('-') ? -1 : 1;
  const readings = unsignedReadings(number.replace(/^[+-]/, '').trim()).map(({ value, figures }) => ({
    value: sign * Number(exponent === 0 ? value : `${value}e${exponent}`),
    figures,
  }));
  return { readings: readings.filter(({ value }) => Number.isFinite(value)), unit: (before.trim() === '' ? after : before).trim() };
}

/** The numbers that a learner's text may mean, with the given unit before or after it, or none: none when it is no number. */
export function readNumber(text: string, unit = ''): readonly number[] {
  const quantity = readQuantity(text);
  const written = foldText(quantity?.unit ?? '');
  if (quantity === null || (written !== '' && written !== foldText(unit))) return [];
  return quantity.readings.map(({ value }) => value);
}
