import * as v from 'valibot';
import { asked, feedback, solved } from '../parts.ts';

/** `feedback` is by `true` and `false`. */
export const trueFalseKey = v.looseObject({ value: v.boolean(), feedback });
export const trueFalseQuestion = v.looseObject({ kind: v.literal('true-false'), ...asked, ...solved(trueFalseKey) });
export const trueFalseAnswer = v.looseObject({ kind: v.literal('true-false'), value: v.boolean() });
