import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { feedbackOn } from '../rules/grading/feedback.ts';
import { gradeQuiz } from '../rules/grading/grade-quiz.ts';
import { questionProblems } from '../rules/grading/question-problems.ts';
import { everyKind } from './every-kind.fixture.ts';
import { type Answer, answerSchema, type Question, questionSchema } from './schemas.ts';

function scoreOf(question: Question, answer: Answer): number {
  return gradeQuiz({ questions: [question], answers: { q: answer }, passingScore: 0 }).score;
}

for (const { question, answer, inPart, wrong } of everyKind) {
  describe(question.kind, () => {
    it('is a valid question, and has valid answers', () => {
      expect(v.parse(questionSchema, question)).toEqual(question);
      expect(questionProblems(question)).toEqual([]);
      for (const each of [answer, inPart, wrong]) if (each !== null) expect(v.parse(answerSchema, each)).toEqual(each);
    });

    it('earns everything for what is right, less for a part of it, and nothing for what is wrong', () => {
      const byHand = question.kind === 'essay' || question.kind === 'file';
      expect(scoreOf(question, answer)).toBe(byHand ? 0 : 3);
      if (inPart !== null) {
        expect(scoreOf(question, inPart)).toBeGreaterThan(0);
        expect(scoreOf(question, inPart)).toBeLessThan(3);
      }
      if (wrong !== null) expect(scoreOf(question, wrong)).toBe(0);
    });

    it('names an answer that earns everything', () => {
      const solution = feedbackOn(question, answer)?.solution ?? null;
      if (solution !== null) expect(scoreOf(question, solution)).toBe(3);
    });
  });
}

describe('feedback', () => {
  const said = (kind: Question['kind'], which: 'answer' | 'wrong' | 'inPart') => {
    const sample = everyKind.find(({ question }) => question.kind === kind);
    const answer = sample?.[which] ?? undefined;
    return sample === undefined ? null : feedbackOn(sample.question, answer);
  };

  it('is said of the options that were chosen, and of the gaps, items and places that were missed', () => {
    expect(said('single', 'answer')).toMatchObject({ parts: { b: true }, says: ['Yes.'] });
    expect(said('single', 'wrong')).toMatchObject({ parts: { a: false }, says: ['Not *a*.'] });
    expect(said('multiple', 'wrong')).toMatchObject({ parts: { a: true, d: false }, says: ['Not d.'] });
    expect(said('true-false', 'wrong')?.says).toEqual(['It is.']);
    expect(said('cloze', 'inPart')).toMatchObject({ parts: { verb: true, heat: false }, says: ['At sea level.'] });
    expect(said('matching', 'inPart')).toMatchObject({ parts: { a: true, b: false }, says: ['c!'] });
    expect(said('ordering', 'inPart')?.parts).toEqual({ a: false, d: false, c: true, b: true });
    expect(said('hotspot', 'wrong')).toMatchObject({ parts: { place: false }, says: ['That is the other half.'] });
  });
});

describe('what is wrong with a question', () => {
  const problemsOf = (kind: Question['kind'], change: object): readonly string[] => {
    const sample = everyKind.find(({ question }) => question.kind === kind);
    return questionProblems(v.parse(questionSchema, { ...sample?.question, ...change }));
  };
  for (const [kind, change, problem] of [
    ['single', { key: undefined }, /has a key of its kind/],
    ['single', { key: { option: 'z' } }, /z is none/],
    ['multiple', { key: { options: ['a', 'a'] } }, /a stands twice/],
    ['numeric', { unit: 'goats' }, /"goats" is none/],
    ['short-text', { key: { accepted: ['  '] } }, /says something/],
    ['cloze', { text: 'Water [[verb]] at [[heat]].' }, /stands in the text as \[\[what\]\]/],
    ['cloze', { text: '[[verb]] [[heat]] [[what]] [[more]]' }, /more is not/],
    ['ordering', { key: { order: ['a', 'b', 'c'] } }, /d has no place/],
    ['ordering', { key: { order: ['a', 'b', 'c', 'd'] } }, /not stand in the right order/],
    ['matching', { key: { pairs: { a: 'd' } } }, /b has no choice/],
    ['hotspot', { places: [{ id: 'p', label: 'Right half', x: 900, y: 500 }] }, /one of the named places is right/],
    ['essay', { minWords: 9, maxWords: 3 }, /not fewer/],
  ] as const) {
    it(`is told to its author: ${kind}, ${problem.source}`, () => {
      expect(problemsOf(kind, change).join('\n')).toMatch(problem);
    });
  }
});
