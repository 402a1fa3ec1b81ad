import * as v from 'valibot';
import { key, record } from '../../documents/fields.ts';
import { asked, feedback, options, solved } from '../parts.ts';

/** Which choice belongs to each item. `feedback` is for whoever missed the item. */
export const matchingKey = v.looseObject({ pairs: record(key, key), feedback });
/** Each of `items` is given one of `choices`; a choice may serve several items, or none. */
export const matchingQuestion = v.looseObject({
  kind: v.literal('matching'),
  ...asked,
  items: options,
  choices: options,
  ...solved(matchingKey),
});
export const matchingAnswer = v.looseObject({ kind: v.literal('matching'), pairs: record(key, key) });
