import * as v from 'valibot';
import { key } from '../../documents/fields.ts';
import { asked, feedback, options, solved } from '../parts.ts';

export const multipleKey = v.looseObject({ options: v.pipe(v.array(key), v.minLength(1)), feedback });
export const multipleQuestion = v.looseObject({ kind: v.literal('multiple'), ...asked, options, ...solved(multipleKey) });
export const multipleAnswer = v.looseObject({ kind: v.literal('multiple'), options: v.pipe(v.array(key), v.maxLength(20)) });
