import { describe, expect, it } from 'vitest';
import { ar } from './ar.ts';
import { en } from './en.ts';
import { formatsFor } from './formats.ts';
import { bestLocale } from './locales.ts';
import { sw } from './sw.ts';

type Leaf = string | ((...values: never[]) => string);

/** Every message by its path. */
function leaves(messages: object, path = ''): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  for (const [name, value] of Object.entries(messages)) {
    const here = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'object' && value !== null) for (const [inner, leaf] of leaves(value, here)) found.set(inner, leaf);
    else found.set(here, value as Leaf); // Catalogues hold texts, functions and objects of those.
  }
  return found;
}

const english = leaves(en);
const others = { sw: leaves(sw), ar: leaves(ar) };
const COUNTS = [3, 11, 100];

/** Calls a message with each value in turn; texts for what is a text there, numbers for the rest. */
function spoken(message: Leaf, first: number): string {
  if (typeof message === 'string') return message;
  const call = message as (...values: unknown[]) => string; // The test gives every message a number or a text; both are written as they are.
  return call(first, 7);
}

describe.each(Object.entries(others))('the words in %s', (locale, catalogue) => {
  it('are there for every message, and for no other', () => {
    expect([...catalogue.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('are never empty and leave no placeholder unfilled', () => {
    for (const [path, message] of catalogue) {
      for (const count of COUNTS) expect(spoken(message, count), path).toMatch(/\S/);
      expect(spoken(message, 3), path).not.toMatch(/undefined|\[object|#/);
    }
  });

  it('take the same values as the English ones and show them', () => {
    const { number, percent } = formatsFor(locale === 'sw' ? 'sw' : 'ar');
    for (const [path, message] of english) {
      if (typeof message === 'string') continue;
      const theirs = catalogue.get(path);
      expect(typeof theirs, path).toBe('function');
      expect(theirs?.length, path).toBe(message.length);
      if (/wait$/.test(path)) continue; // Shows minutes for seconds.
      const text = spoken(theirs ?? '', 3);
      const shown = [number(3), percent(3), '3'].some((each) => text.includes(each));
      expect(shown, `${path}: ${text}`).toBe(true);
    }
  });
});

describe('numbers and times', () => {
  const now = new Date('2026-05-20T08:00:00.000Z');
  it('are written in the digits of the language', () => {
    expect(formatsFor('ar').number(12)).toBe('١٢');
    expect(formatsFor('sw').percent(0.755)).toBe('76%');
  });
  it('say how long ago in whole units', () => {
    expect(formatsFor('en').away('2026-05-20T05:10:00.000Z', now)).toBe('2 hours ago');
    expect(formatsFor('en').away('2026-05-20T07:59:40.000Z', now)).toBe('now');
    expect(formatsFor('en').away('2026-05-22T09:00:00.000Z', now)).toBe('in 2 days');
  });
  it('choose the plural form of the language', () => {
    expect(en.course.lessons(1)).toBe('1 lesson');
    expect(ar.course.lessons(2)).toBe('درسان');
    expect(ar.course.lessons(5)).toBe('٥ دروس');
    expect(ar.course.lessons(12)).toBe('١٢ درسًا');
    expect(sw.course.lessons(4)).toBe('masomo 4');
  });
});

describe('the first language', () => {
  it('is the first of the browser’s that the app speaks', () => {
    expect(bestLocale(['fr-FR', 'sw-TZ', 'en'])).toBe('sw');
    expect(bestLocale(['ar'])).toBe('ar');
    expect(bestLocale(['fr'])).toBe('en');
  });
});
