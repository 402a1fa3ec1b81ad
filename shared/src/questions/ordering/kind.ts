import { idProblems, keyProblems } from '../parts.ts';
import type { QuestionKind } from '../question-kind.ts';
import { orderingAnswer, orderingKey } from './schema.ts';

/**
 * Items to put in order. Each pair of items counts: the pairs in the right order minus those in the wrong one, as a share
 * of all, never below nothing (Kendall's rank correlation where it is positive). So two neighbours that are swapped cost
 * little, and an order by chance earns nothing. A part is right where the item stands at its place.
 */
export const ordering: QuestionKind<'ordering'> = {
  keySchema: orderingKey,
  answerSchema: orderingAnswer,
  problems({ items }, key) {
    const ids = items.map(({ id }) => id);
    const missing = ids.filter((id) => !key.order.includes(id)).map((id) => `the key places every item: ${id} has no place`);
    const told = missing.length === 0 && ids.join() === key.order.join() ? ['items do not stand in the right order from the start'] : [];
    return [...idProblems('item', ids), ...keyProblems('an item', key.order, ids), ...missing, ...told];
  },
  grade(_question, key, answer) {
    const wanted = [...new Set(key.order)];
    const given = [...new Set(answer.order)].filter((id) => wanted.includes(id));
    const places = given.map((id) => wanted.indexOf(id));
    let balance = 0;
    places.forEach((place, i) => {
      for (const later of places.slice(i + 1)) balance += place < later ? 1 : -1;
    });
    return {
      got: Math.max(0, balance),
      of: Math.max(1, (wanted.length * (wanted.length - 1)) / 2),
      parts: Object.fromEntries(given.map((id, i) => [id, wanted[i] === id])),
      says: [],
    };
  },
  solution: (_question, key) => ({ kind: 'ordering', order: [...new Set(key.order)] }),
};
