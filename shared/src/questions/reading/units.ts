/**
 * Units of school and workshop, and what they are in the base units of the SI. A unit may carry a prefix, be raised to a
 * power and stand in a product or a quotient: `km/h`, `cm²`, `kg m^-3`.
 */

/** Exponents of metre, kilogram, second, ampere, kelvin; of pieces that have no dimension of their own. */
type Dimension = Readonly<Record<string, number>>;

interface Unit {
  readonly factor: number;
  readonly dimension: Dimension;
  /** Whether it takes prefixes. */
  readonly prefixed: boolean;
}

const unit = (factor: number, dimension: Dimension, prefixed = false): Unit => ({ factor, dimension, prefixed });
const LENGTH = { m: 1 };
const VOLUME = { m: 3 };
const TIME = { s: 1 };
const MASS = { kg: 1 };
const ENERGY = { kg: 1, m: 2, s: -2 };
const POWER = { kg: 1, m: 2, s: -3 };
const VOLTAGE = { kg: 1, m: 2, s: -3, A: -1 };

/** Symbols, as they are written. */
const SYMBOLS: Readonly<Record<string, Unit>> = {
  m: unit(1, LENGTH, true),
  g: unit(1e-3, MASS, true),
  t: unit(1e3, MASS),
  s: unit(1, TIME, true),
  min: unit(60, TIME),
  h: unit(3600, TIME),
  d: unit(86_400, TIME),
  l: unit(1e-3, VOLUME, true),
  L: unit(1e-3, VOLUME, true),
  ha: unit(1e4, { m: 2 }),
  A: unit(1, { A: 1 }, true),
  Ah: unit(3600, { A: 1, s: 1 }, true),
  V: unit(1, VOLTAGE, true),
  W: unit(1, POWER, true),
  Wh: unit(3600, ENERGY, true),
  J: unit(1, ENERGY, true),
  N: unit(1, { kg: 1, m: 1, s: -2 }, true),
  Pa: unit(1, { kg: 1, m: -1, s: -2 }, true),
  Hz: unit(1, { s: -1 }, true),
  K: unit(1, { K: 1 }, true),
  Ω: unit(1, { kg: 1, m: 2, s: -3, A: -2 }, true),
  '%': unit(0.01, {}),
};

/** Words for them, in lower case, in English, Swahili and Arabic. */
const NAMES: Readonly<Record<string, string>> = {
  metre: 'm',
  metres: 'm',
  meter: 'm',
  meters: 'm',
  mita: 'm',
  متر: 'm',
  م: 'm',
  kilometre: 'km',
  kilometres: 'km',
  kilometer: 'km',
  kilometers: 'km',
  kilomita: 'km',
  كم: 'km',
  centimetre: 'cm',
  centimetres: 'cm',
  centimeter: 'cm',
  centimeters: 'cm',
  sentimita: 'cm',
  سم: 'cm',
  millimetre: 'mm',
  millimetres: 'mm',
  milimita: 'mm',
  مم: 'mm',
  gram: 'g',
  grams: 'g',
  gramu: 'g',
  غرام: 'g',
  kilogram: 'kg',
  kilograms: 'kg',
  kilo: 'kg',
  kilogramu: 'kg',
  كغ: 'kg',
  كغم: 'kg',
  tonne: 't',
  tonnes: 't',
  tani: 't',
  second: 's',
  seconds: 's',
  sec: 's',
  sekunde: 's',
  ثانية: 's',
  minute: 'min',
  minutes: 'min',
  dakika: 'min',
  دقيقة: 'min',
  hour: 'h',
  hours: 'h',
  hr: 'h',
  hrs: 'h',
  saa: 'h',
  ساعة: 'h',
  day: 'd',
  days: 'd',
  siku: 'd',
  litre: 'l',
  litres: 'l',
  liter: 'l',
  liters: 'l',
  lita: 'l',
  لتر: 'l',
  millilitre: 'ml',
  millilitres: 'ml',
  mililita: 'ml',
  hectare: 'ha',
  hectares: 'ha',
  hekta: 'ha',
  ampere: 'A',
  amperes: 'A',
  amp: 'A',
  amps: 'A',
  volt: 'V',
  volts: 'V',
  volti: 'V',
  watt: 'W',
  watts: 'W',
  wati: 'W',
  joule: 'J',
  joules: 'J',
  newton: 'N',
  newtons: 'N',
  hertz: 'Hz',
  ohm: 'Ω',
  ohms: 'Ω',
};

/** Powers of ten. */
const PREFIXES: Readonly<Record<string, number>> = { n: -9, µ: -6, u: -6, m: -3, c: -2, d: -1, da: 1, h: 2, k: 3, M: 6, G: 9 };

function member<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** A symbol as it stands, with a prefix if it takes one. */
function bySymbol(name: string): Unit | null {
  const plain = member(SYMBOLS, name);
  if (plain !== undefined) return plain;
  for (const [prefix, power] of Object.entries(PREFIXES)) {
    const base = name.startsWith(prefix) ? member(SYMBOLS, name.slice(prefix.length)) : undefined;
    if (base?.prefixed === true) return { ...base, factor: base.factor * Number(`1e${power}`) };
  }
  return null;
}

/** Phones write capitals at will: `Km`, `KG`, `M`. What is no symbol as it stands is one in another case, if it is but one. */
function unitNamed(written: string): Unit | null {
  const name = written.replace(/\u03bc/g, 'µ').replace(/\u2126/g, 'Ω');
  const word = member(NAMES, name.toLowerCase());
  const exact = bySymbol(word ?? name);
  if (exact !== null) return exact;
  return bySymbol(name.toLowerCase()) ?? bySymbol(name.charAt(0).toLowerCase() + name.slice(1)) ?? bySymbol(name.toUpperCase());
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** What a written unit is in base units; null when it is not a known one. */
function readUnit(written: string): Pick<Unit, 'factor' | 'dimension'> | null {
  const text = written
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(SUPERSCRIPTS.indexOf(digit)))
    .replace(/⁻/g, '-')
    .trim()
    .replace(/\.$/, '');
  if (text === '') return null;
  let factor = 1;
  let divided = false;
  const dimension: Record<string, number> = {};
  for (const [, sign = '', name = '', power = '1'] of text.matchAll(/([/·*.\s]*)([^\s/·*.^\d+-]+)(?:\^?([+-]?\d))?|[\s\S]/g)) {
    const found = unitNamed(name);
    if (found === null || (sign.match(/\//g)?.length ?? 0) > 1) return null;
    divided ||= sign.includes('/');
    const exponent = Number(power) * (divided ? -1 : 1);
    factor *= found.factor ** exponent;
    for (const [base, each] of Object.entries(found.dimension)) dimension[base] = (dimension[base] ?? 0) + each * exponent;
  }
  return { factor, dimension };
}

function sameDimension(one: Dimension, other: Dimension): boolean {
  return [...Object.keys(one), ...Object.keys(other)].every((base) => (one[base] ?? 0) === (other[base] ?? 0));
}

/** By what a number in one unit is multiplied to be in the other; null where either is unknown or they measure different things. */
export function unitFactor(from: string, to: string): number | null {
  const [one, other] = [readUnit(from), readUnit(to)];
  return one === null || other === null || !sameDimension(one.dimension, other.dimension) ? null : one.factor / other.factor;
}
