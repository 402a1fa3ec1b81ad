import type { AnswerOf } from '@darasa/shared/questions';

export type ChoiceAnswer = AnswerOf<'single' | 'multiple' | 'true-false'>;

/** The options that an answer chooses; `true` or `false` of a statement. */
export function chosenOf(answer: ChoiceAnswer | null): readonly string[] {
  if (answer === null) return [];
  if (answer.kind === 'multiple') return answer.options;
  return [answer.kind === 'single' ? answer.option : String(answer.value)];
}

/** The answer after an option was tapped; null when none is left. */
export function choose(kind: ChoiceAnswer['kind'], answer: ChoiceAnswer | null, option: string, chosen: boolean): ChoiceAnswer | null {
  if (kind === 'single') return { kind, option };
  if (kind === 'true-false') return { kind, value: option === 'true' };
  const others = chosenOf(answer).filter((each) => each !== option);
  const options = chosen ? [...others, option] : others;
  return options.length === 0 ? null : { kind, options };
}
