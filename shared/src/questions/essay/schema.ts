import * as v from 'valibot';
import { count, paragraph } from '../../documents/fields.ts';
import { MAX_ESSAY_LENGTH } from '../limits.ts';
import { asked, solved } from '../parts.ts';

/** `guide` is for whoever marks: what a good answer has. */
export const essayKey = v.looseObject({ guide: v.optional(paragraph) });
/** `minWords` and `maxWords` are shown to the learner; whoever marks decides what they mean. */
export const essayQuestion = v.looseObject({
  kind: v.literal('essay'),
  ...asked,
  minWords: v.optional(count),
  maxWords: v.optional(count),
  ...solved(essayKey),
});
export const essayAnswer = v.looseObject({ kind: v.literal('essay'), text: v.pipe(v.string(), v.maxLength(MAX_ESSAY_LENGTH)) });
