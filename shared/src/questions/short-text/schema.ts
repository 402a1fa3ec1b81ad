import * as v from 'valibot';
import { line } from '../../documents/fields.ts';
import { asked, solved } from '../parts.ts';

/** `distance`: how many slips of the finger (a letter wrong, missing, too many, or two swapped) are forgiven; none where it is left out. */
export const wordsKey = v.looseObject({
  accepted: v.pipe(v.array(line), v.minLength(1)),
  distance: v.optional(v.picklist([0, 1, 2, 3])),
});
export const shortTextKey = wordsKey;
export const shortTextQuestion = v.looseObject({ kind: v.literal('short-text'), ...asked, ...solved(shortTextKey) });
export const shortTextAnswer = v.looseObject({ kind: v.literal('short-text'), text: line });
