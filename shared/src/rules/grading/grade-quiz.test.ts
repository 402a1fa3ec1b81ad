import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { QuestionKey } from '../../documents/course.ts';
import { questionSchema } from '../../documents/course.ts';
import { type Answer, answerSchema, gradeResultSchema } from '../../documents/learner.ts';
import { gradeQuiz, gradesAgree, questionsWithoutKey } from './grade-quiz.ts';
import type { Question } from './question-kind.ts';

const OPTIONS = ['a', 'b', 'c', 'd'].map((id) => ({ id, text: id }));
const points = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.double({ min: 0, max: 1000, noNaN: true }));
const picks = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });

/** A question with its key, and the answer that the key asks for. */
const solved: fc.Arbitrary<{ question: Question; answer: Answer }> = fc
  .tuple(
    points,
    fc.oneof(
      fc.constantFrom('a', 'b', 'c').map((option) => ({
        question: { kind: 'single' as const, options: OPTIONS, key: { option } },
        answer: { kind: 'single' as const, option },
      })),
      picks.map((options) => ({
        question: { kind: 'multiple' as const, options: OPTIONS, key: { options } },
        answer: { kind: 'multiple' as const, options: [...options].reverse() },
      })),
      fc
        .boolean()
        .map((value) => ({ question: { kind: 'true-false' as const, key: { value } }, answer: { kind: 'true-false' as const, value } })),
      fc.integer({ min: -9999, max: 9999 }).map((value) => ({
        question: { kind: 'numeric' as const, unit: 'cm', key: { value, tolerance: 0 } },
        answer: { kind: 'numeric' as const, text: `${value} cm` },
      })),
      fc.constantFrom('صَلاة', 'Ng’ombe', 'one half').map((text) => ({
        question: { kind: 'short-text' as const, key: { accepted: ['something else', text] } },
        answer: { kind: 'short-text' as const, text: ` ${text.toUpperCase()}! ` },
      })),
    ),
  )
  .map(([worth, { question, answer }]) => ({ question: { id: 'q', points: worth, prompt: '?', ...question }, answer }));

const quiz = fc.array(solved, { minLength: 1, maxLength: 8 }).map((each) => ({
  questions: each.map(({ question }, i): Question => ({ ...question, id: `q${i}` })),
  answers: Object.fromEntries(each.map(({ answer }, i) => [`q${i}`, answer])),
}));

const text = fc.string({ unit: 'binary', maxLength: 200 });
const option = fc.oneof(fc.constantFrom('a', 'b', 'c', 'd', 'z'), fc.stringMatching(/^[a-z0-9]{1,40}$/));
const anyAnswer: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ kind: fc.constant('single' as const), option }),
  fc.record({ kind: fc.constant('multiple' as const), options: fc.array(option, { maxLength: 20 }) }),
  fc.record({ kind: fc.constant('true-false' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('numeric' as const), text }),
  fc.record({ kind: fc.constant('short-text' as const), text }),
);
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('grading', () => {
  it('gives full marks for the full key, of whatever kind', () => {
    fc.assert(
      fc.property(quiz, share, ({ questions, answers }, passingScore) => {
        const grade = gradeQuiz({ questions, answers, passingScore });
        expect(grade).toMatchObject({ score: grade.maxScore, passed: true });
        expect(Object.values(grade.questions).every(({ correct }) => correct)).toBe(true);
      }),
    );
  });

  it('stays between nothing and the maximum, and never throws, for any answers that the schema admits', () => {
    fc.assert(
      fc.property(quiz, fc.array(anyAnswer, { maxLength: 9 }), share, ({ questions }, given, passingScore) => {
        for (const answer of given) fc.pre(v.is(answerSchema, answer));
        const grade = gradeQuiz({ questions, answers: Object.fromEntries(given.map((each, i) => [`q${i}`, each])), passingScore });
        expect(v.is(gradeResultSchema, grade)).toBe(true);
        expect(grade.score).toBeLessThanOrEqual(grade.maxScore);
        for (const each of Object.values(grade.questions)) expect(each.points).toBeLessThanOrEqual(each.maxPoints);
      }),
    );
  });

  it('does not depend on the order of options, picks or questions', () => {
    const pickedFrom = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(picks, pickedFrom, fc.shuffledSubarray(OPTIONS, { minLength: 4 }), (options, picked, shown) => {
        const graded = (shownOptions: typeof OPTIONS, order: string[]) =>
          gradeQuiz({
            questions: [{ kind: 'multiple', id: 'q', points: 3, prompt: '?', options: shownOptions, key: { options } }],
            answers: { q: { kind: 'multiple', options: order } },
            passingScore: 0.5,
          });
        expect(graded(shown, [...picked].reverse())).toEqual(graded(OPTIONS, picked));
      }),
    );
    fc.assert(
      fc.property(quiz, ({ questions, answers }) => {
        const turned = gradeQuiz({ questions: [...questions].reverse(), answers, passingScore: 0.5 });
        expect(gradesAgree(turned, gradeQuiz({ questions, answers, passingScore: 0.5 }))).toBe(true);
      }),
    );
  });

  it('grades an exam by separate keys as a practice quiz by its own', () => {
    fc.assert(
      fc.property(quiz, fc.array(anyAnswer, { maxLength: 8 }), ({ questions }, given) => {
        const answers = Object.fromEntries(given.map((each, i) => [`q${i}`, each]));
        const keys: Record<string, QuestionKey> = {};
        const paper = questions.map((question): Question => {
          const { key, ...rest } = question;
          if (key !== undefined) keys[question.id] = key;
          return v.parse(questionSchema, rest);
        });
        expect(gradeQuiz({ questions: paper, keys, answers, passingScore: 0.6 })).toEqual(
          gradeQuiz({ questions, answers, passingScore: 0.6 }),
        );
        expect(questionsWithoutKey({ questions: paper, keys })).toEqual([]);
        expect(questionsWithoutKey({ questions: paper })).toEqual(paper.map(({ id }) => id));
      }),
    );
  });

  const multiple: Question = { kind: 'multiple', id: 'q', points: 10, prompt: '?', options: OPTIONS, key: { options: ['a', 'b', 'c'] } };
  for (const [picked, earned] of [
    [['a', 'b', 'c'], 10],
    [['a', 'b'], 6.67],
    [['a', 'a', 'a'], 3.33],
    [['a', 'b', 'd'], 3.33],
    [['a', 'b', 'c', 'd'], 6.67],
    [['a', 'd'], 0],
    [['d', 'z'], 0],
    [[], 0],
  ] as const) {
    it(`gives ${earned} of 10 points for ${picked.join(', ') || 'nothing'} where a, b and c are right`, () => {
      const grade = gradeQuiz({ questions: [multiple], answers: { q: { kind: 'multiple', options: [...picked] } }, passingScore: 0.5 });
      expect(grade.score).toBe(earned);
    });
  }

  it('gives nothing for an answer of another kind, for none, and for one to a question that is not there', () => {
    const answers: Record<string, Answer> = { q: { kind: 'single', option: 'a' }, other: { kind: 'multiple', options: ['a'] } };
    expect(gradeQuiz({ questions: [multiple], answers, passingScore: 0.5 })).toEqual({
      score: 0,
      maxScore: 10,
      passed: false,
      questions: { q: { points: 0, maxPoints: 10, correct: false } },
    });
  });

  it('passes at exactly the passing score, in spite of binary fractions', () => {
    const questions = Array.from(
      { length: 10 },
      (_, i): Question => ({ kind: 'true-false', id: `q${i}`, points: 0.1, prompt: '?', key: { value: true } }),
    );
    const answers = Object.fromEntries(questions.map(({ id }, i) => [id, { kind: 'true-false' as const, value: i < 7 }]));
    expect(gradeQuiz({ questions, answers, passingScore: 0.7 })).toMatchObject({ score: 0.7, maxScore: 1, passed: true });
    expect(gradeQuiz({ questions, answers, passingScore: 0.71 }).passed).toBe(false);
  });

  it('takes a number for right as far as the tolerance and no farther', () => {
    const question: Question = { kind: 'numeric', id: 'q', points: 1, prompt: '?', key: { value: 3.14, tolerance: 0.01 } };
    const score = (answer: string) =>
      gradeQuiz({ questions: [question], answers: { q: { kind: 'numeric', text: answer } }, passingScore: 1 }).score;
    expect(['3.14', '3,14', '٣٫١٤', '22/7', '3.15', '3.13'].map(score)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(['3.16', '3.12', '314', 'pi'].map(score)).toEqual([0, 0, 0, 0]);
  });
});
