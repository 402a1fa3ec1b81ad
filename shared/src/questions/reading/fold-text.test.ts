import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText } from './fold-text.ts';

describe('spellings of one answer', () => {
  for (const [one, other] of [
    ['Nairobi', '  nairobi. '],
    ['Ng’ombe', "NG'OMBE"],
    ['café', 'cafe\u0301'],
    ['CAFE', 'café'],
    ['well-known', 'well known'],
    ['straße', 'STRASSE'],
    ['ﬁle', 'file'],
    ['صَلَاة', 'صلاة'],
    ['صـــلاة', 'صلاة'],
    ['ٱلْفَاتِحَة', 'الفاتحة'],
    ['أحمد', 'احمد'],
    ['سورة ٣', 'سورة 3'],
    ['\u200fنعم\u200f', 'نعم'],
  ] as const) {
    it(`${one} and ${other.trim()} are the same`, () => {
      expect(foldText(one)).toBe(foldText(other));
    });
  }

  for (const [one, other] of [
    ['3.5', '35'],
    ['C++', 'C'],
    ['#', '*'],
    ['صلاة', 'صلات'],
    ['', '#'],
  ] as const) {
    it(`${JSON.stringify(one)} and ${JSON.stringify(other)} are not`, () => {
      expect(foldText(one)).not.toBe(foldText(other));
    });
  }

  it('fold once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
    );
  });
});
