import { multiple } from './multiple.ts';
import { numeric } from './numeric.ts';
import type { QuestionKind, QuestionKindName } from './question-kind.ts';
import { shortText } from './short-text.ts';
import { single } from './single.ts';
import { trueFalse } from './true-false.ts';

/** Every kind of question. A new kind is a file beside this one, a line here, and its schemas in `documents`. */
export const questionKinds: { readonly [Kind in QuestionKindName]: QuestionKind<Kind> } = {
  single,
  multiple,
  'true-false': trueFalse,
  numeric,
  'short-text': shortText,
};
