import type { QuestionViewOf } from '$lib/client/index.ts';
import { words } from '$lib/messages/index.ts';

export type ChoiceView = QuestionViewOf<'single'> | QuestionViewOf<'multiple'> | QuestionViewOf<'true-false'>;

/** What there is to choose from: true and false are in the screen's language. */
export function optionsOf(question: ChoiceView): readonly { readonly id: string; readonly html: string }[] {
  if (question.kind !== 'true-false') return question.options;
  return [
    { id: 'true', html: words().quiz.yes },
    { id: 'false', html: words().quiz.no },
  ];
}
