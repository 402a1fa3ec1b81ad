import * as v from 'valibot';
import { key } from '../../documents/fields.ts';
import { asked, feedback, options, solved } from '../parts.ts';

export const singleKey = v.looseObject({ option: key, feedback });
export const singleQuestion = v.looseObject({ kind: v.literal('single'), ...asked, options, ...solved(singleKey) });
export const singleAnswer = v.looseObject({ kind: v.literal('single'), option: key });
