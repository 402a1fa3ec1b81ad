import * as v from 'valibot';
import { key, line, paragraph, record } from '../../documents/fields.ts';
import { numericKey } from '../numeric/schema.ts';
import { asked, feedback, options, solved } from '../parts.ts';
import { wordsKey } from '../short-text/schema.ts';

/** What belongs in a gap: one of its options, words, or a number. */
const gapKey = v.variant('kind', [
  v.looseObject({ kind: v.literal('choice'), option: key }),
  v.looseObject({ kind: v.literal('words'), ...wordsKey.entries }),
  v.looseObject({ kind: v.literal('number'), ...numericKey.entries }),
]);

/** `feedback` is for whoever missed the gap. */
export const clozeKey = v.looseObject({ gaps: record(key, gapKey), feedback });
/** `text` is Markdown with `[[gap-id]]` where something is left out. A gap without options is written in. */
export const clozeQuestion = v.looseObject({
  kind: v.literal('cloze'),
  ...asked,
  text: paragraph,
  gaps: v.pipe(v.array(v.looseObject({ id: key, options: v.optional(options) })), v.minLength(1), v.maxLength(20)),
  ...solved(clozeKey),
});
/** What was written in a gap, or the id of the option that was chosen. */
export const clozeAnswer = v.looseObject({ kind: v.literal('cloze'), gaps: record(key, line) });
