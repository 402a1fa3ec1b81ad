import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyQuestion } from '../../questions/arbitraries.fixture.ts';
import type { Question } from '../../questions/schemas.ts';
import { feedbackOn } from '../grading/feedback.ts';
import { gradeQuiz } from '../grading/grade-quiz.ts';
import { drawPaper, paperSize } from './paper.ts';

const seed = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const questions = fc
  .array(anyQuestion, { minLength: 1, maxLength: 12 })
  .map((each) => each.map((question, i): Question => ({ ...question, id: `q${i}` })));
const quiz = fc.tuple(questions, fc.boolean(), fc.nat(), fc.boolean()).map(([all, shuffle, cut, shuffleOptions]) => {
  const ids = all.map(({ id }) => id);
  const pool = ids.slice(0, Math.max(1, cut % (ids.length + 1)));
  const rest = ids.slice(pool.length);
  const sections = [
    { id: 'pool', title: 'Pool', questions: pool, draw: Math.max(1, pool.length - 1), shuffle },
    ...(rest.length === 0 ? [] : [{ id: 'rest', title: '', questions: rest, shuffle: !shuffle }]),
  ];
  return { questions: all, sections, shuffleOptions };
});
const idsOf = (paper: ReturnType<typeof drawPaper>): string[] => paper.questions.map(({ id }) => id);

describe('a paper', () => {
  it('is the same for the same quiz and seed, also after the quiz has travelled', () => {
    fc.assert(
      fc.property(quiz, seed, (each, by) => {
        const travelled = JSON.parse(JSON.stringify(each)) as typeof each; // just written from it
        expect(drawPaper(travelled, by)).toEqual(drawPaper(JSON.parse(JSON.stringify(each)) as typeof each, by));
      }),
    );
  });

  it('has of each pool what it draws, each question once, section by section', () => {
    fc.assert(
      fc.property(quiz, seed, (each, by) => {
        const paper = drawPaper(each, by);
        expect(paper.sections.flatMap(({ questionIds }) => questionIds)).toEqual(idsOf(paper));
        expect(new Set(idsOf(paper)).size).toBe(paper.questions.length);
        for (const [i, { questions: from, draw = from.length }] of each.sections.entries()) {
          const drawn = paper.sections[i]?.questionIds ?? [];
          expect(drawn).toHaveLength(draw);
          expect(from).toEqual(expect.arrayContaining([...drawn]));
        }
        expect(paperSize(each).questionCount).toBe(paper.questions.length);
      }),
    );
  });

  it('keeps the written order where nothing is shuffled', () => {
    fc.assert(
      fc.property(questions, seed, (all, by) => {
        const ids = all.map(({ id }) => id);
        const half = Math.ceil(ids.length / 2);
        const drawn = idsOf(drawPaper({ questions: all, sections: [{ id: 'pool', title: '', questions: ids, draw: half }] }, by));
        expect(drawn).toEqual(ids.filter((id) => drawn.includes(id)));
        expect(drawPaper({ questions: all }, by).questions).toEqual(all);
      }),
    );
  });

  it('asks the same however its options stand: what is right stays right', () => {
    fc.assert(
      fc.property(quiz, seed, (each, by) => {
        const { questions: shown } = drawPaper(each, by);
        for (const question of shown) {
          const written = each.questions.find(({ id }) => id === question.id);
          const solution = written === undefined ? null : (feedbackOn(written, undefined)?.solution ?? null);
          if (written === undefined || solution === null) continue;
          const answers = { [question.id]: solution };
          expect(gradeQuiz({ questions: [question], answers, passingScore: 1 })).toEqual(
            gradeQuiz({ questions: [written], answers, passingScore: 1 }),
          );
        }
      }),
    );
  });

  const pool = Array.from({ length: 6 }, (_, i): Question => ({ kind: 'essay', id: `q${i}`, points: 1, prompt: '?' }));
  const drawsOf = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      idsOf(
        drawPaper(
          { questions: pool, sections: [{ id: 'p', title: '', questions: pool.map(({ id }) => id), draw: 2, shuffle: true }] },
          `s${i}`,
        ),
      ),
    );

  it('draws every question of a pool about as often, and every order', () => {
    const draws = drawsOf(600);
    for (const { id } of pool) {
      const times = draws.filter((drawn) => drawn.includes(id)).length;
      // 200 are expected; five standard deviations are 58.
      expect(Math.abs(times - 200), id).toBeLessThan(58);
    }
    expect(new Set(draws.map((drawn) => drawn.join())).size).toBe(30);
  });

  it('leaves the others in their order when a question of a pool is taken out', () => {
    const ids = pool.map(({ id }) => id);
    const ordered = (from: string[]) =>
      idsOf(drawPaper({ questions: pool, sections: [{ id: 'p', title: '', questions: from, shuffle: true }] }, 'k3'));
    expect(ordered(ids.filter((id) => id !== 'q2'))).toEqual(ordered(ids).filter((id) => id !== 'q2'));
  });

  const choice: Question = {
    kind: 'single',
    id: 'q',
    points: 1,
    prompt: '?',
    options: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, text: id })),
  };
  const orders = (question: Question) =>
    new Set(
      Array.from({ length: 40 }, (_, i) => {
        const [shown] = drawPaper({ questions: [question], shuffleOptions: true }, `s${i}`).questions;
        return JSON.stringify(shown);
      }),
    ).size;

  it('shuffles options, save of a question that keeps its order', () => {
    expect(orders(choice)).toBeGreaterThan(20);
    expect(orders({ ...choice, keepOrder: true })).toBe(1);
  });

  it('has everything as it is written for an attempt without a seed', () => {
    const sections = [{ id: 'p', title: '', questions: ['q0', 'q1'], draw: 1 }];
    expect(idsOf(drawPaper({ questions: pool, sections, shuffleOptions: true }, null))).toEqual(pool.map(({ id }) => id));
  });
});
