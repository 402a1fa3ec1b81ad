import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { NO_EDITS } from '../../documents/edits.ts';
import { type DocumentOf, documentTypes } from '../../documents/registry.ts';
import { everyKind } from '../../questions/every-kind.fixture.ts';
import { type QuizDraft, quizDraftEdits, quizDraftOf, removedQuestions, writeQuizDraft } from '../edits/quiz-draft.ts';
import { restoreItem } from '../edits/write.ts';
import { joinEdits } from '../merge/edits.ts';
import { sampleDocument } from '../validation/sample-documents.fixture.ts';
import { bodyProblems, publishedQuiz, quizProblems } from './publish.ts';
import { changedQuestions, regradeEffect } from './regrade.ts';

const sample = sampleDocument('quiz', 'course-maths-7', 'amina') as DocumentOf<'quiz'>;
const questions = everyKind.map(({ question }, i) => ({ ...question, id: `q${i}` }));
const quiz: DocumentOf<'quiz'> = {
  ...sample,
  questions,
  sections: [
    { id: 'pool', title: 'Pool', questions: ['q0', 'q1', 'q2'], draw: 2, shuffle: true },
    { id: 'rest', title: '', questions: questions.slice(3).map(({ id }) => id), seconds: 600 },
  ],
  shuffleOptions: true,
  attempts: 2,
};
const stampOf = (by: string, n = 1) => ({ by, n, personId: by, at: '2026-01-15T08:00:00.000Z' });

describe('a quiz being written', () => {
  it('begins as it is published, and is published as it began, of every kind of question', () => {
    const draft = quizDraftOf(quizDraftEdits(quiz, null, 'amina'));
    expect(quizProblems(draft)).toEqual([]);
    const { paper } = publishedQuiz(draft);
    expect(v.is(documentTypes.quiz.schema, { ...sample, ...paper })).toBe(true);
    expect(paper).toMatchObject({ questions, sections: quiz.sections, shuffleOptions: true, attempts: 2 });
  });

  it('of an exam has its keys apart when it is published, and in it while it is written', () => {
    const { paper, keys, explanations } = publishedQuiz({ ...quizDraftOf(quizDraftEdits(quiz, null, 'amina')), exam: true });
    expect(paper.questions.every((question) => !('key' in question) && !('explanation' in question))).toBe(true);
    const answerKey = { ...(sampleDocument('answer-key', 'keys-maths-7', 'amina') as DocumentOf<'answer-key'>), keys, explanations };
    const again = quizDraftOf(quizDraftEdits({ ...quiz, ...paper, exam: true }, answerKey, 'amina'));
    expect(again.sections.flatMap((section) => section.questions.map(({ body }) => body['key']))).toEqual(questions.map(({ key }) => key));
  });

  it('keeps what two people wrote apart in different questions, and brings back what was taken out', () => {
    const base = quizDraftEdits(quiz, null, 'amina');
    const saw = quizDraftOf(base);
    const reworded = (id: string, prompt: string): QuizDraft => ({
      ...saw,
      sections: saw.sections.map((section) => ({
        ...section,
        questions: section.questions.map((question) =>
          question.id === id ? { ...question, body: { ...question.body, prompt } } : question,
        ),
      })),
    });
    const mine = writeQuizDraft(base, stampOf('mine'), saw, reworded('q0', 'Mine?'));
    const taken = {
      ...saw,
      sections: saw.sections.map((each) => ({ ...each, questions: each.questions.filter(({ id }) => id !== 'q4') })),
    };
    const theirs = writeQuizDraft(base, stampOf('theirs'), saw, taken);
    const both = joinEdits(mine, theirs);
    const shown = quizDraftOf(both).sections.flatMap((section) => section.questions);
    expect(shown.find(({ id }) => id === 'q0')?.body['prompt']).toBe('Mine?');
    expect(shown.map(({ id }) => id)).not.toContain('q4');
    expect(removedQuestions(both).map(({ id }) => id)).toEqual(['q4']);
    const back = quizDraftOf(restoreItem(both, stampOf('mine', 2), 'question.q4'));
    expect(back.sections.flatMap((section) => section.questions.map(({ id }) => id)).sort()).toEqual(questions.map(({ id }) => id).sort());
  });

  it('writes nothing where nothing was changed', () => {
    const base = quizDraftEdits(quiz, null, 'amina');
    const saw = quizDraftOf(base);
    expect(writeQuizDraft(base, stampOf('mine'), saw, saw)).toBe(base);
    expect(quizDraftOf(writeQuizDraft(NO_EDITS, stampOf('mine'), null, saw))).toEqual(saw);
  });

  it('is told at which field something is missing, and never throws', () => {
    expect(
      bodyProblems('q', {
        kind: 'single',
        prompt: ' ',
        options: [
          { id: 'a', text: '' },
          { id: 'b', text: 'B' },
        ],
      }),
    ).toEqual([
      { path: 'prompt', what: 'missing' },
      { path: 'options.0.text', what: 'missing' },
    ]);
    const options = ['a', 'b'].map((id) => ({ id, text: id }));
    expect(bodyProblems('q', { kind: 'single', prompt: '?', options })).toEqual([{ path: 'key', what: 'key' }]);
    expect(bodyProblems('q', { kind: 'numeric', prompt: '?', key: { value: null, tolerance: 0 } })).toEqual([
      { path: 'key.value', what: 'missing' },
    ]);
    fc.assert(
      fc.property(fc.constantFrom(...everyKind.map(({ question }) => question.kind)), fc.object(), (kind, garbage) => {
        expect(Array.isArray(bodyProblems('q', { ...garbage, kind }))).toBe(true);
      }),
    );
  });

  it('is told of pools and times that do not fit', () => {
    const draft = quizDraftOf(quizDraftEdits(quiz, null, 'amina'));
    const [pool, rest] = draft.sections;
    if (pool === undefined || rest === undefined) throw new Error('There are two sections.');
    const told = (change: Partial<QuizDraft>) => quizProblems({ ...draft, ...change }).map(({ path, what }) => `${path} ${what}`);
    expect(told({ sections: [{ ...pool, rules: { draw: 4 } }] })).toEqual(['draw wrong']);
    expect(told({ sections: [{ ...pool, questions: [] }] })).toEqual(['questions missing', 'draw wrong']);
    const worth = pool.questions.map((question, i) => ({ ...question, body: { ...question.body, points: i + 1 } }));
    expect(told({ sections: [{ ...pool, questions: worth }] })).toEqual(['points wrong']);
    expect(told({ sections: [{ ...pool, questions: worth, rules: { draw: worth.length } }] })).toEqual([]);
    expect(told({ rules: { review: { answers: 'after-close' } } })).toEqual(['closesAt missing']);
  });
});

describe('what a new version would change', () => {
  const trueFalse = (id: string, value: boolean) => ({ kind: 'true-false' as const, id, points: 1, prompt: '?', key: { value } });
  const first = { quiz: { ...sample, questions: [trueFalse('q1', false), trueFalse('q2', true)] }, keys: undefined };
  const second = { quiz: { ...sample, version: 2, questions: [trueFalse('q1', true), trueFalse('q2', true)] }, keys: undefined };
  const attempt = (learnerId: string, value: boolean) => ({
    learnerId,
    quizVersion: 1,
    answers: Object.fromEntries(['q1', 'q2'].map((id) => [id, { kind: 'true-false' as const, value }])),
  });

  it('names the questions that are asked or keyed otherwise', () => {
    expect(changedQuestions(first, second)).toEqual(['q1']);
    expect(changedQuestions(first, first)).toEqual([]);
  });

  it('says of how many learners, and what it was and becomes', () => {
    const next = { ...second, quiz: { ...second.quiz, regrades: [{ version: 1, question: 'q1', how: 'key' as const }] } };
    const attempts = [attempt('ada', true), attempt('ben', false), attempt('ada', true)];
    expect(regradeEffect(attempts, [first], next)).toEqual({
      attempts: 3,
      learners: 2,
      changed: 2,
      before: 0.5,
      after: 2 / 3,
      passedBefore: 0,
      passedAfter: 2,
    });
    expect(regradeEffect(attempts, [first], second)).toMatchObject({ changed: 0, after: 0.5 });
  });
});
