import { contentDigest } from '@darasa/shared/documents';
import { sampleAttempt, sampleDocument } from '@darasa/shared/fixtures';
import { describe, expect, it } from 'vitest';
import { gradeAttempt, saysElse, withHistory } from './grade-attempt.ts';

const attempt = { ...sampleAttempt('ada'), answers: { q1: { kind: 'true-false' as const, value: true } } };
const quiz = sampleDocument('quiz', 'course-maths-7', 'amina');
const sealed = { ...quiz, exam: true, questions: [{ kind: 'true-false', id: 'q1', points: 2, prompt: 'One half is 0.5.' }] };
const answerKey = sampleDocument('answer-key', 'keys-maths-7', 'amina');
const known = { createdAt: '2026-02-01T08:00:00.000Z', mayRead: true, counts: true, versions: [], exceptions: [], offsetMs: 0 };

describe('the server’s word on an attempt', () => {
  it('is a grade by the keys of the practice quiz', () => {
    expect(gradeAttempt({ attempt, quiz, answerKey: null, ...known })).toMatchObject({
      result: { score: 1, passed: true },
      agrees: null,
      needsReview: null,
    });
  });

  it('is a grade of an exam by its sealed key', () => {
    expect(gradeAttempt({ attempt, quiz: sealed, answerKey, ...known })).toMatchObject({ result: { score: 2, maxScore: 2 } });
  });

  it('of an exam is given once, and does not say which questions were right', () => {
    expect(gradeAttempt({ attempt, quiz: sealed, answerKey, ...known }).result?.questions).toEqual({});
    const later = gradeAttempt({ attempt, quiz: sealed, answerKey, ...known, counts: false });
    expect(later).toMatchObject({ result: null, agrees: null, needsReview: 'already-sat' });
  });

  it('is none about a quiz that the learner may not read', () => {
    for (const paper of [quiz, sealed])
      expect(gradeAttempt({ attempt, quiz: paper, answerKey, ...known, mayRead: false })).toMatchObject({
        result: null,
        needsReview: 'unknown-quiz',
      });
  });

  it('says whether the device came to the same', () => {
    const right = { score: 1, maxScore: 1, passed: true, questions: { q1: { points: 1, maxPoints: 1, correct: true } } };
    expect(gradeAttempt({ attempt: { ...attempt, provisional: right }, quiz, answerKey: null, ...known }).agrees).toBe(true);
    expect(gradeAttempt({ attempt: { ...attempt, provisional: { ...right, score: 0 } }, quiz, answerKey: null, ...known }).agrees).toBe(
      false,
    );
  });

  it('asks for a person where the quiz or the key is missing', () => {
    expect(gradeAttempt({ attempt, quiz: null, answerKey: null, ...known })).toMatchObject({ result: null, needsReview: 'unknown-quiz' });
    expect(gradeAttempt({ attempt, quiz: sealed, answerKey: null, ...known })).toMatchObject({ result: null, needsReview: 'no-key' });
  });

  it('is about the paper that the attempt’s seed draws, and about no other document of the same version', () => {
    const questions = ['q1', 'q2', 'q3'].map((id) => ({ kind: 'true-false', id, points: 1, prompt: '?', key: { value: true } }));
    const pool = { ...quiz, questions, sections: [{ id: 'pool', title: '', questions: ['q1', 'q2', 'q3'], draw: 1 }] };
    const drawn = { ...attempt, seed: 'k3', quizDigest: contentDigest(pool) };
    expect(gradeAttempt({ attempt: drawn, quiz: pool, answerKey: null, ...known })).toMatchObject({ result: { maxScore: 1 } });
    expect(gradeAttempt({ attempt, quiz: pool, answerKey: null, ...known })).toMatchObject({ result: { maxScore: 3 } });
    const other = { ...pool, title: 'Published apart' };
    expect(gradeAttempt({ attempt: drawn, quiz: other, answerKey: null, ...known })).toMatchObject({ needsReview: 'unknown-quiz' });
  });

  it('follows the corrections of a later version, and keeps what was said before', () => {
    const wrong = { ...quiz, questions: [{ ...sealed.questions[0], key: { value: false } }] };
    const provisional = gradeAttempt({ attempt, quiz: wrong, answerKey: null, ...known }).result;
    const graded = { ...attempt, provisional };
    const first = gradeAttempt({ attempt: graded, quiz: wrong, answerKey: null, ...known });
    expect(first).toMatchObject({ result: { score: 0 }, agrees: true });
    const second = {
      ...wrong,
      version: 2,
      questions: [{ ...sealed.questions[0], key: { value: true } }],
      regrades: [{ version: 1, question: 'q1', how: 'key' }],
    };
    const again = gradeAttempt({ attempt: graded, quiz: wrong, answerKey: null, ...known, versions: [{ quiz: second, answerKey: null }] });
    expect(again).toMatchObject({ result: { score: 2 }, agrees: true, correctedBy: 2 });
    expect(saysElse(first, again)).toBe(true);
    expect(saysElse(again, again)).toBe(false);
    expect(withHistory(first, again, '2026-02-02T08:00:00.000Z').history).toEqual([
      { until: '2026-02-02T08:00:00.000Z', score: 0, maxScore: 2, passed: false },
    ]);
  });

  it('tells of an answer after the close by the corrected clock, and grades it all the same', () => {
    const closed = { ...quiz, closesAt: '2026-01-15T08:05:00.000Z' };
    const late = (offsetMs: number) => gradeAttempt({ attempt, quiz: closed, answerKey: null, ...known, offsetMs });
    expect(late(0)).toMatchObject({ late: true, result: { score: 1 } });
    expect(late(3_600_000)).not.toHaveProperty('late');
  });
});
