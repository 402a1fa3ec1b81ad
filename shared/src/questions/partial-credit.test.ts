import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradeQuiz } from '../rules/grading/grade-quiz.ts';
import { anyAnswerTo, questionOf } from './arbitraries.fixture.ts';
import type { QuestionOf } from './question-kind.ts';
import type { Answer, Question } from './schemas.ts';

const IDS: string[] = ['a', 'b', 'c', 'd', 'e', 'f'];
const pointsFor = (question: Question, answer: Answer): number =>
  gradeQuiz({ questions: [{ ...question, id: 'q', points: 12 }], answers: { q: answer }, passingScore: 0 }).score;

describe('a better answer never earns less', () => {
  it('multiple: one more right option, one wrong option less', () => {
    fc.assert(
      fc.property(questionOf('multiple'), fc.uniqueArray(fc.constantFrom(...IDS)), (question, picked) => {
        const { key } = question as QuestionOf<'multiple'>; // as generated
        const score = pointsFor(question, { kind: 'multiple', options: picked });
        for (const option of IDS.filter((each) => !picked.includes(each))) {
          const more = pointsFor(question, { kind: 'multiple', options: [...picked, option] });
          if (key?.options.includes(option) === true) expect(more).toBeGreaterThanOrEqual(score);
          else expect(more).toBeLessThanOrEqual(score);
        }
      }),
    );
  });

  it('ordering: two neighbours that stood the wrong way round, put right', () => {
    fc.assert(
      fc.property(questionOf('ordering'), fc.shuffledSubarray(IDS), (question, order) => {
        const { key } = question as QuestionOf<'ordering'>; // as generated
        const place = (id: string | undefined): number => key?.order.indexOf(id ?? '') ?? -1;
        const score = pointsFor(question, { kind: 'ordering', order });
        order.slice(1).forEach((second, i) => {
          if (place(order[i]) < place(second)) return;
          const better = [...order.slice(0, i), second, order[i] ?? '', ...order.slice(i + 2)];
          expect(pointsFor(question, { kind: 'ordering', order: better })).toBeGreaterThanOrEqual(score);
        });
      }),
    );
  });

  it('matching: one more item right', () => {
    fc.assert(
      fc.property(questionOf('matching'), questionOf('matching').chain(anyAnswerTo), (question, answer) => {
        const { key } = question as QuestionOf<'matching'>; // as generated
        const pairs = answer.kind === 'matching' ? answer.pairs : {};
        const score = pointsFor(question, { kind: 'matching', pairs });
        for (const [item, choice] of Object.entries(key?.pairs ?? {}))
          expect(pointsFor(question, { kind: 'matching', pairs: { ...pairs, [item]: choice } })).toBeGreaterThanOrEqual(score);
      }),
    );
  });
});

describe('an order that says nothing', () => {
  it('multiple: options are a set, whatever order they were ticked in', () => {
    fc.assert(
      fc.property(questionOf('multiple'), fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'z'), { maxLength: 10 }), (question, options) => {
        const other = [...options].reverse();
        expect(pointsFor(question, { kind: 'multiple', options: other })).toBe(pointsFor(question, { kind: 'multiple', options }));
      }),
    );
  });

  it('ordering: items that are shown in another order are graded alike', () => {
    fc.assert(
      fc.property(questionOf('ordering'), fc.shuffledSubarray(IDS), (question, order) => {
        const shown = question as QuestionOf<'ordering'>; // as generated
        const turned: Question = { ...shown, items: [...shown.items].reverse() };
        expect(pointsFor(turned, { kind: 'ordering', order })).toBe(pointsFor(question, { kind: 'ordering', order }));
      }),
    );
  });
});
