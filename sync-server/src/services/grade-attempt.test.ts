import { sampleAttempt, sampleDocument } from '@darasa/shared/fixtures';
import { describe, expect, it } from 'vitest';
import { gradeAttempt } from './grade-attempt.ts';

const attempt = { ...sampleAttempt('ada'), answers: { q1: { kind: 'true-false' as const, value: true } } };
const quiz = sampleDocument('quiz', 'course-maths-7', 'amina');
const sealed = { ...quiz, exam: true, questions: [{ kind: 'true-false', id: 'q1', points: 2, prompt: 'One half is 0.5.' }] };
const answerKey = sampleDocument('answer-key', 'keys-maths-7', 'amina');
const known = { createdAt: '2026-02-01T08:00:00.000Z', mayRead: true, sitting: attempt._id };

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
    const later = gradeAttempt({ attempt, quiz: sealed, answerKey, ...known, sitting: 'an-earlier-attempt' });
    expect(later).toMatchObject({ result: null, agrees: null, needsReview: 'already-sat' });
    expect(gradeAttempt({ attempt, quiz, answerKey: null, ...known, sitting: null })).toMatchObject({ result: { score: 1 } });
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
});
