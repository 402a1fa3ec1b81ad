import { idProblems, own } from '../parts.ts';
import type { QuestionKind } from '../question-kind.ts';
import { matchingAnswer, matchingKey } from './schema.ts';

/** Items to match with choices. Each item is worth the same; one without a choice, or with a wrong one, earns nothing. */
export const matching: QuestionKind<'matching'> = {
  keySchema: matchingKey,
  answerSchema: matchingAnswer,
  problems({ items, choices }, key) {
    const [ids, there] = [items, choices].map((each) => each.map(({ id }) => id));
    return [
      ...idProblems('item', ids ?? []),
      ...idProblems('choice', there ?? []),
      ...(ids ?? []).flatMap((id) => {
        const choice = own(key.pairs, id);
        if (choice === undefined) return [`the key matches every item: ${id} has no choice`];
        return there?.includes(choice) === true ? [] : [`the key names a choice of the question: ${choice} is none`];
      }),
    ];
  },
  grade({ items }, key, answer) {
    const matched = items.flatMap(({ id }) => {
      const choice = own(answer.pairs, id);
      return choice === undefined ? [] : [{ id, right: choice === own(key.pairs, id) }];
    });
    const hits = matched.filter(({ right }) => right).length;
    return {
      got: hits,
      of: items.length,
      slips: matched.length - hits,
      parts: Object.fromEntries(matched.map(({ id, right }) => [id, right])),
      says: matched.flatMap(({ id, right }) => (right ? [] : (own(key.feedback, id) ?? []))),
    };
  },
  solution: ({ items }, key) => ({
    kind: 'matching',
    pairs: Object.fromEntries(
      items.flatMap(({ id }) => {
        const choice = own(key.pairs, id);
        return choice === undefined ? [] : [[id, choice]];
      }),
    ),
  }),
  shuffled: (question, shuffle) => ({
    ...question,
    items: shuffle(question.items, 'items'),
    choices: shuffle(question.choices, 'choices'),
  }),
};
