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

/** What an unsigned decimal may mean. `1,500` is one and a half to one reader and fifteen hundred to another: both are given. */
function decimalReadings(text: string): readonly number[] {
  const readings = new Set<number>();
  const whole = wholeNumber(text);
  if (whole !== null) readings.add(whole);
  const sign = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  if (sign >= 0) {
    const before = text.slice(0, sign);
    const after = text.slice(sign + 1).replace(/ (?=\d)/g, '');
    const units = before === '' ? 0 : wholeNumber(before);
    // The decimal sign cannot also be the thousands' sign: 1.000.5 is no number.
    const reused = before.includes(text.charAt(sign));
    if (units !== null && !reused && /^\d*$/.test(after) && before + after !== '')
      readings.add(Number(`${units}.${after === '' ? '0' : after}`));
  }
  return [...readings];
}

/** Unsigned: a decimal, a fraction `a/b` or a mixed number `1 1/2`. */
function unsignedReadings(text: string): readonly number[] {
  const [left, right, ...more] = text.split(/ ?\/ ?/);
  if (left === undefined || right === undefined) return decimalReadings(text);
  if (more.length > 0) return [];
  const mixed = /^(\d+) (\d+)$/.exec(left);
  const wholePart = mixed === null ? 0 : Number(mixed[1]);
  const numerators = decimalReadings(mixed === null ? left : (mixed[2] ?? ''));
  const denominators = decimalReadings(right).filter((each) => each !== 0);
  return numerators.flatMap((numerator) => denominators.map((denominator) => wholePart + numerator / denominator));
}

/**
 * The numbers that a learner's text may mean: none when it is no number, more than one where notations differ.
 *
 * It reads digits of Arabic and Latin script; thousands set apart by space, comma, point or apostrophe; a decimal comma or
 * point; a sign; fractions `3/4`, `½` and mixed numbers `1 1/2`; and the question's unit before or after, or none.
 */
export function readNumber(text: string, unit = ''): readonly number[] {
  const plain = plainSigns(text);
  const start = plain.search(/[+-] ?[.,]?\d|[.,]?\d/);
  if (start < 0) return [];
  const before = plain.slice(0, start);
  // In `Sh.500` the point belongs to the unit.
  const rest = before === '' ? plain : plain.slice(start).replace(/^[.,]/, '');
  const number = /^[+-]? ?[\d., /]*/.exec(rest)?.[0] ?? '';
  const after = rest.slice(number.length);

  const wanted = foldText(unit);
  const [prefix, suffix] = [foldText(before), foldText(after)];
  if (prefix !== '' && (prefix !== wanted || suffix !== '')) return [];
  if (suffix !== '' && suffix !== wanted) return [];

  const negative = number.startsWith('-');
  return unsignedReadings(number.replace(/^[+-]/, '').trim())
    .map((each) => (negative ? -each : each))
    .filter(Number.isFinite);
}
