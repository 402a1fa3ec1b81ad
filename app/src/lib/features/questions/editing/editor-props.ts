import type { QuestionBody } from '@darasa/shared/rules';

/** What edits a question of a kind; its prompt and points stand above it. */
export interface EditorProps {
  readonly body: QuestionBody;
  readonly onchange: (body: QuestionBody) => void;
  /** What is wrong at a field of the body, in words: `options.0.text`. Null for nothing. */
  readonly problem: (path: string) => string | null;
  /** The pictures that there are. */
  readonly figures: readonly string[];
}
