import * as v from 'valibot';
import { key } from '../../documents/fields.ts';
import { asked, options, solved } from '../parts.ts';

export const orderingKey = v.looseObject({ order: v.pipe(v.array(key), v.minLength(2), v.maxLength(20)) });
/** `items` stand as they are first shown: in another order than the right one. */
export const orderingQuestion = v.looseObject({ kind: v.literal('ordering'), ...asked, items: options, ...solved(orderingKey) });
export const orderingAnswer = v.looseObject({ kind: v.literal('ordering'), order: v.pipe(v.array(key), v.maxLength(20)) });
