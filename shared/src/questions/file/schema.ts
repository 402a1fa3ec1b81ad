import * as v from 'valibot';
import { count, docRef, line } from '../../documents/fields.ts';
import { essayKey } from '../essay/schema.ts';
import { FILE_TYPES, MAX_FILES } from '../limits.ts';
import { asked, solved } from '../parts.ts';

/** `accept`: photos alone, or any type there is; photos where it is left out. */
export const fileQuestion = v.looseObject({
  kind: v.literal('file'),
  ...asked,
  accept: v.optional(v.picklist(['photos', 'files'])),
  ...solved(essayKey),
});

/** `file` names the document that holds it: see `answerFileSchema`. `size` is in bytes. */
const fileRef = v.looseObject({ file: docRef, name: line, mediaType: v.picklist(FILE_TYPES), size: count });
export type FileRef = v.InferOutput<typeof fileRef>;
export const fileAnswer = v.looseObject({ kind: v.literal('file'), files: v.pipe(v.array(fileRef), v.maxLength(MAX_FILES)) });
