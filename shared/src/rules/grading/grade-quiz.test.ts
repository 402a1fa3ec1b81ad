import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { QuestionKey } from '../../documents/course.ts';
import { canonicalJson } from '../../documents/digest.ts';
import { gradeResultSchema } from '../../documents/learner.ts';
import { anyAnswer, anyQuestion, anyStrictQuestion } from '../../questions/arbitraries.fixture.ts';
import { type Answer, answerSchema, anyAnswerSchema, anyQuestionSchema, type Question, questionSchema } from '../../questions/schemas.ts';
import { feedbackOn } from './feedback.ts';
import { gradeQuiz, gradesAgree, questionsWithoutKey } from './grade-quiz.ts';

const OPTIONS = ['a', 'b', 'c', 'd'].map((id) => ({ id, text: id }));
const picks = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });

/** Questions with their keys, and the answers that the keys ask for. */
const quiz = fc.array(anyQuestion, { minLength: 1, maxLength: 8 }).map((each) => {
  const questions = each.map((question, i): Question => ({ ...question, id: `q${i}` }));
  const solved = questions.map((question) => [question.id, feedbackOn(question, undefined)?.solution ?? null] as const);
  return {
    questions,
    answers: Object.fromEntries(solved.flatMap(([id, answer]) => (answer === null ? [] : [[id, answer]]))),
  };
});
const strictQuiz = fc
  .array(anyStrictQuestion, { minLength: 1, maxLength: 8 })
  .map((each) => each.map((question, i): Question => ({ ...question, id: `q${i}` })));
const byHand = ({ kind }: Question): boolean => kind === 'essay' || kind === 'file';

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('grading', () => {
  it('gives full marks for the full key, of whatever kind', () => {
    fc.assert(
      fc.property(quiz, share, ({ questions, answers }, passingScore) => {
        fc.pre(!questions.some(byHand));
        const grade = gradeQuiz({ questions, answers, passingScore });
        expect(grade).toMatchObject({ score: grade.maxScore, passed: true });
        expect(Object.values(grade.questions).every(({ correct }) => correct)).toBe(true);
      }),
    );
  });

  it('stays between nothing and the maximum, and never throws, for any answers that the schema admits', () => {
    fc.assert(
      fc.property(strictQuiz, fc.array(anyAnswer, { maxLength: 9 }), share, (questions, given, passingScore) => {
        for (const answer of given) expect(v.is(answerSchema, answer)).toBe(true);
        const grade = gradeQuiz({ questions, answers: Object.fromEntries(given.map((each, i) => [`q${i}`, each])), passingScore });
        expect(v.is(gradeResultSchema, grade)).toBe(true);
        expect(grade.score).toBeLessThanOrEqual(grade.maxScore);
        for (const { points, lost = 0, maxPoints } of Object.values(grade.questions)) {
          expect(points).toBeLessThanOrEqual(maxPoints);
          expect(lost).toBeLessThanOrEqual(maxPoints);
        }
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
          if (key !== undefined) keys[question.id] = { ...key };
          return v.parse(questionSchema, rest);
        });
        expect(gradeQuiz({ questions: paper, keys, answers, passingScore: 0.6 })).toEqual(
          gradeQuiz({ questions, answers, passingScore: 0.6 }),
        );
        expect(questionsWithoutKey({ questions: paper, keys })).toEqual([]);
        expect(questionsWithoutKey({ questions: paper })).toEqual(paper.filter((each) => !byHand(each)).map(({ id }) => id));
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

  it('never throws at what is no answer, and gives nothing for it', () => {
    fc.assert(
      fc.property(strictQuiz, fc.anything(), (questions, garbage) => {
        // What a program would have to be told with a cast, and a stored document could hold all the same.
        const answers = Object.fromEntries(questions.map(({ id, kind }) => [id, { kind, ...Object(garbage) } as Answer]));
        const grade = gradeQuiz({ questions, answers, passingScore: 0.5 });
        expect(v.is(gradeResultSchema, grade)).toBe(true);
      }),
    );
    const answers = { q: null as unknown as Answer, r: 'b' as unknown as Answer };
    expect(gradeQuiz({ questions: [multiple, { ...multiple, id: 'r' }], answers, passingScore: 0.5 }).score).toBe(0);
  });

  it('is the same, byte for byte, after documents have travelled', () => {
    fc.assert(
      fc.property(strictQuiz, fc.array(anyAnswer, { maxLength: 8 }), (questions, given) => {
        const work = { questions, answers: Object.fromEntries(given.map((each, i) => [`q${i}`, each])), passingScore: 0.6 };
        const travelled = JSON.parse(canonicalJson(work)) as typeof work; // just written from it
        expect(canonicalJson(gradeQuiz(travelled))).toBe(canonicalJson(gradeQuiz(work)));
      }),
    );
  });

  it('leaves essays and files to a person, and says how many points wait', () => {
    const questions: Question[] = [
      { kind: 'true-false', id: 'q1', points: 2, prompt: '?', key: { value: true } },
      { kind: 'essay', id: 'q2', points: 3, prompt: 'Why?' },
      { kind: 'file', id: 'q3', points: 5, prompt: 'Draw it.' },
    ];
    const answers: Record<string, Answer> = { q1: { kind: 'true-false', value: true }, q2: { kind: 'essay', text: 'So.' } };
    expect(gradeQuiz({ questions, answers, passingScore: 0.5 })).toEqual({
      score: 2,
      maxScore: 10,
      passed: false,
      toMark: 3,
      questions: {
        q1: { points: 2, maxPoints: 2, correct: true },
        q2: { points: 0, maxPoints: 3, correct: false, waits: true },
        q3: { points: 0, maxPoints: 5, correct: false },
      },
    });
  });

  it('takes points off for wrong choices where the question says so, of the quiz and never below nothing', () => {
    const single = (id: string): Question => ({
      kind: 'single',
      id,
      points: 1,
      penalty: 0.25,
      prompt: '?',
      options: OPTIONS,
      key: { option: 'a' },
    });
    const pick = (...picked: string[]): Record<string, Answer> =>
      Object.fromEntries(picked.map((option, i) => [`q${i}`, { kind: 'single', option }]));
    const questions = ['q0', 'q1', 'q2'].map(single);
    expect(gradeQuiz({ questions, answers: pick('a', 'b', 'c'), passingScore: 0.5 })).toMatchObject({
      score: 0.5,
      questions: { q1: { points: 0, lost: 0.25, correct: false } },
    });
    expect(gradeQuiz({ questions, answers: pick('b', 'c', 'd'), passingScore: 0.5 }).score).toBe(0);
    expect(gradeQuiz({ questions, answers: {}, passingScore: 0.5 }).questions['q0']).toEqual({ points: 0, maxPoints: 1, correct: false });
    const strict = { ...multiple, penalty: 2 };
    const graded = gradeQuiz({ questions: [strict], answers: { q: { kind: 'multiple', options: ['a', 'b', 'd'] } }, passingScore: 0.5 });
    expect(graded).toMatchObject({ score: 4.67, questions: { q: { points: 6.67, lost: 2 } } });
  });

  it('gives nothing for what is right in part where the question is all or nothing', () => {
    const answers: Record<string, Answer> = { q: { kind: 'multiple', options: ['a', 'b'] } };
    expect(gradeQuiz({ questions: [{ ...multiple, allOrNothing: true }], answers, passingScore: 0.5 }).score).toBe(0);
  });

  it('leaves a kind of a newer program to others', () => {
    const newer = v.parse(anyQuestionSchema, { kind: 'draw-a-graph', id: 'q9', points: 4, prompt: 'Draw it.' });
    const answers = { q: { kind: 'multiple' as const, options: ['a'] }, q9: v.parse(anyAnswerSchema, { kind: 'draw-a-graph', path: [] }) };
    expect(questionsWithoutKey({ questions: [multiple, newer] })).toEqual(['q9']);
    expect(gradeQuiz({ questions: [multiple, newer], answers, passingScore: 0.5 })).toMatchObject({ score: 3.33, maxScore: 14 });
    expect(feedbackOn(newer, answers.q9)).toBeNull();
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
