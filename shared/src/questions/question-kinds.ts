import { cloze } from './cloze/kind.ts';
import { essay } from './essay/kind.ts';
import { file } from './file/kind.ts';
import { hotspot } from './hotspot/kind.ts';
import { matching } from './matching/kind.ts';
import { multiple } from './multiple/kind.ts';
import { numeric } from './numeric/kind.ts';
import { ordering } from './ordering/kind.ts';
import type { QuestionKind, QuestionKindName } from './question-kind.ts';
import type { Question } from './schemas.ts';
import { shortText } from './short-text/kind.ts';
import { single } from './single/kind.ts';
import { trueFalse } from './true-false/kind.ts';

/** What is done with each kind of question. A new kind is a folder beside this file, its schemas' lines in `schemas.ts`, and a line here. */
const questionKinds: { readonly [Kind in QuestionKindName]: QuestionKind<Kind> } = {
  single,
  multiple,
  'true-false': trueFalse,
  numeric,
  'short-text': shortText,
  cloze,
  ordering,
  matching,
  hotspot,
  essay,
  file,
};

/** What is done with a question's kind. */
export function kindOf({ kind }: Pick<Question, 'kind'>): QuestionKind<QuestionKindName> {
  // The registry pairs each name with its own kind; TypeScript cannot follow that through an index by a union.
  return questionKinds[kind] as QuestionKind<QuestionKindName>;
}
