import { asciiDigits } from './ascii-digits.ts';

/** Combining accents of Latin script; Arabic harakat, Qur’anic signs and the superscript alef. */
const DIACRITICS = /[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]/g;
const TATWEEL = /\u0640/g;
const ALEF_WASLA = /\u0671/g;
/** Marks of direction, joiners and the like: they come with pasted text and cannot be seen. */
const INVISIBLE = /\p{Cf}/gu;
/** Swahili writes ng’ombe, phones write ng'ombe, and both mean one word. */
const APOSTROPHES = /['’‘ʼ`´]/g;
const PUNCTUATION_AND_SPACES = /[\p{P}\s]+/gu;

/**
 * The text that two spellings of one answer share: compatible characters made equal (NFKC), case folded, accents and
 * Arabic harakat, tatweel and hamza signs left out, digits as 0-9, apostrophes left out, other punctuation and spaces made one space.
 * Text that is punctuation alone (the answer `#`) keeps it.
 */
export function foldText(text: string): string {
  const plain = asciiDigits(text.normalize('NFKC'))
    // Down, up and down: ẞ and ß are SS, and every sigma is one.
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFD')
    .replace(DIACRITICS, '')
    .replace(TATWEEL, '')
    .replace(ALEF_WASLA, '\u0627')
    .replace(INVISIBLE, '')
    .normalize('NFC');
  const words = plain.replace(APOSTROPHES, '').replace(PUNCTUATION_AND_SPACES, ' ').trim();
  return words === '' ? plain.trim() : words;
}
