import { foldText } from './fold-text.ts';
import { type NumberReading, readQuantity } from './read-number.ts';
import { unitFactor } from './units.ts';

/** What number is asked for: see the key of a numeric question. */
export interface NumberKey {
  readonly value: number;
  readonly tolerance: number;
  readonly relative?: number | undefined;
  readonly figures?: number | undefined;
  readonly unit?: string | undefined;
  readonly units?: 'given' | 'any' | 'required' | undefined;
}

/** Room for binary fractions: 0.1 + 0.2 typed by a learner is 0.3. Relative to the key, at least to 1. */
const ROUNDING = 1e-9;

/** Half a unit of the last of so many significant figures: as far as rounding goes. */
function halfOfLastFigure(value: number, figures: number): number {
  if (value === 0) return 0;
  const exponent = Number(Math.abs(value).toExponential().split('e')[1]);
  return Number(`5e${exponent - figures}`);
}

/** How far from the key's value an answer may be. */
function reachOf({ value, tolerance, relative = 0, figures }: NumberKey): number {
  const rounding = figures === undefined ? 0 : halfOfLastFigure(value, figures);
  // The room for binary fractions is that of the question before it knew more than a tolerance; a tiny value has less.
  const room = relative > 0 || figures !== undefined ? ROUNDING * Math.abs(value) : ROUNDING * Math.max(1, Math.abs(value));
  return Math.max(tolerance, relative * Math.abs(value), rounding) + room;
}

/** Nought has no significant figures: it may be written as one likes. */
function isWrittenWith({ least, most }: NumberReading['figures'], { figures, value }: NumberKey): boolean {
  return figures === undefined || value === 0 || (least <= figures && figures <= most);
}

/** By what an answer is multiplied to be in the key's unit; null where its unit does not fit. */
function factorOf(written: string, { unit = '', units = 'given' }: NumberKey): number | null {
  const given = foldText(written);
  if (given === '') return units === 'required' && unit !== '' ? null : 1;
  if (units === 'given') return given === foldText(unit) ? 1 : null;
  return unitFactor(written, unit);
}

/** Whether a text is the number that is asked for. */
export function isNumber(text: string, key: NumberKey): boolean {
  const quantity = readQuantity(text);
  if (quantity === null) return false;
  const factor = factorOf(quantity.unit, key);
  if (factor === null) return false;
  const reach = reachOf(key);
  return quantity.readings.some(({ value, figures }) => isWrittenWith(figures, key) && Math.abs(value * factor - key.value) <= reach);
}

/** The key's number as a learner would write it. */
export function writeNumber({ value, figures }: NumberKey): string {
  const [mantissa = '', exponent] = (figures === undefined ? String(value) : value.toPrecision(figures)).split('e');
  return exponent === undefined ? mantissa : `${mantissa} × 10^${Number(exponent)}`;
}
