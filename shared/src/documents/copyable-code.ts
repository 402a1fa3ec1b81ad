import type { RandomBytes } from './random-ids.ts';

/** Signs that are told apart in any handwriting, without vowels, so that they spell nothing. */
const SIGNS = '23456789bcdfghjkmnpqrstvwxyz';
const GROUP = 4;
const LENGTH = 8;

/** A code to hand over on paper, as `k7pm-4xq9`: 38 random bits, in small letters that a child can copy. */
export function copyableCode(random: RandomBytes): string {
  let signs = '';
  while (signs.length < LENGTH) {
    // Bytes past the last sign are passed over, or the first signs would come more often.
    for (const byte of random(new Uint8Array(LENGTH))) if (signs.length < LENGTH) signs += SIGNS[byte & 31] ?? '';
  }
  return `${signs.slice(0, GROUP)}-${signs.slice(GROUP)}`;
}

/** A code as somebody typed it, with capitals or without the hyphen, as it was made; null for what is none. */
export function readCopyableCode(typed: string): string | null {
  const signs = typed.toLowerCase().replace(/[\s-]/g, '');
  if (signs.length !== LENGTH || !signs.split('').every((sign) => SIGNS.includes(sign))) return null;
  return `${signs.slice(0, GROUP)}-${signs.slice(GROUP)}`;
}
