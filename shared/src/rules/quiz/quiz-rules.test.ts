import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newException } from '../../documents/build/exception.ts';
import type { DocumentOf } from '../../documents/registry.ts';
import type { Question } from '../../questions/schemas.ts';
import { gradeQuiz } from '../grading/grade-quiz.ts';
import { gradedAttempts } from '../progress/best-grades.ts';
import { sampleAttempt, sampleDocument } from '../validation/sample-documents.fixture.ts';
import { allowanceOf, exceptionsFor, isLate, mayBegin } from './allowance.ts';
import { correctedPaper, type QuizVersion } from './corrections.ts';
import { keptBack } from './review-policy.ts';

const CLOSES = '2026-03-02T10:00:00.000Z';
const quiz = { exam: false, attempts: 1, opensAt: '2026-03-02T08:00:00.000Z', closesAt: CLOSES };
const at = (time: string): number => Date.parse(`2026-03-02T${time}:00.000Z`);

function exception(seq: number, allows: Partial<Pick<DocumentOf<'exception'>, 'attempts' | 'extraTime' | 'closesAt' | 'replaces'>>) {
  return newException({
    deviceId: 'laptop-1',
    createdAt: '2026-03-01T08:00:00.000Z',
    seq,
    learnerId: 'ada',
    classId: '7a',
    authorId: 'tembo',
    authorName: 'Tembo',
    courseId: 'maths-7',
    quizId: 'check',
    attempts: 0,
    extraTime: 0,
    closesAt: null,
    reason: '',
    replaces: null,
    ...allows,
  });
}

describe('what a learner may do in a quiz', () => {
  it('is open between its times, and as often as attempts are allowed', () => {
    const allowance = allowanceOf(quiz, []);
    expect(mayBegin(allowance, 0, at('07:59'))).toBe('early');
    expect(mayBegin(allowance, 0, at('08:00'))).toBe('open');
    expect(mayBegin(allowance, 1, at('08:00'))).toBe('used-up');
    expect(mayBegin(allowance, 0, at('10:00'))).toBe('closed');
    expect(mayBegin(allowanceOf({ exam: false }, []), 99, at('10:00'))).toBe('open');
    expect(mayBegin(allowanceOf({ exam: true }, []), 1, at('10:00'))).toBe('used-up');
  });

  it('is widened by a teacher’s exceptions, in whatever order they come, and not by those taken back', () => {
    const first = exception(1, { attempts: 1, extraTime: 0.25 });
    const second = exception(2, { closesAt: '2026-03-03T10:00:00.000Z' });
    const wrong = exception(3, { attempts: 5 });
    const takenBack = exception(4, { replaces: wrong._id });
    const elsewhere = { ...exception(5, { attempts: 7 }), quizId: 'other' };
    fc.assert(
      fc.property(fc.shuffledSubarray([first, second, wrong, takenBack, elsewhere], { minLength: 5 }), (all) => {
        expect(allowanceOf(quiz, exceptionsFor(all, 'maths-7', 'check'))).toEqual({
          attempts: 2,
          opensAt: at('08:00'),
          closesAt: Date.parse('2026-03-03T10:00:00.000Z'),
          extraTime: 0.25,
        });
      }),
    );
  });

  it('ends for an answer after the close by the corrected clock, and not for a device whose clock is wrong', () => {
    const allowance = allowanceOf(quiz, []);
    const attempt = { submittedAt: '2026-03-02T12:00:00.000Z', answeredAt: '2026-03-02T09:59:00.000Z' };
    expect(isLate(allowance, attempt, 0)).toBe(false);
    expect(isLate(allowance, { submittedAt: attempt.submittedAt }, 0)).toBe(true);
    expect(isLate(allowance, { submittedAt: attempt.submittedAt }, 3 * 3_600_000)).toBe(false);
    expect(isLate(allowance, attempt, -3_600_000)).toBe(true);
  });

  it('counts an attempt that is one too many for nothing, and keeps it', () => {
    const attempt = { ...sampleAttempt('ada'), provisional: { score: 1, maxScore: 1, passed: true, questions: {} } };
    const grade = { ...(sampleDocument('grade', 'learner-ada', 'ada') as DocumentOf<'grade'>), needsReview: 'already-sat' as const };
    expect(gradedAttempts([attempt], [])[0]?.result?.score).toBe(1);
    expect(gradedAttempts([attempt], [grade])[0]).toMatchObject({ attempt, result: null });
  });
});

describe('what is shown of a result', () => {
  const moment = { now: at('09:00'), closesAt: at('10:00'), released: false };
  it('is shown at once where nothing else is said', () => {
    expect(keptBack({}, 'score', moment)).toBeNull();
    expect(keptBack({ review: { answers: 'never' } }, 'score', moment)).toBeNull();
  });
  it('waits for the close, for a teacher, or for ever', () => {
    expect(keptBack({ review: { answers: 'after-close' } }, 'answers', moment)).toBe('after-close');
    expect(keptBack({ review: { answers: 'after-close' } }, 'answers', { ...moment, now: at('10:00') })).toBeNull();
    expect(keptBack({ review: { answers: 'after-close' } }, 'answers', { ...moment, closesAt: null })).toBeNull();
    expect(keptBack({ review: { score: 'released' } }, 'score', moment)).toBe('released');
    expect(keptBack({ review: { score: 'released' } }, 'score', { ...moment, released: true })).toBeNull();
    expect(keptBack({ review: { feedback: 'never' } }, 'feedback', { ...moment, released: true })).toBe('never');
  });
});

describe('a correction', () => {
  const trueFalse = (id: string, value: boolean): Question => ({ kind: 'true-false', id, points: 1, prompt: '?', key: { value } });
  const questions = ['q1', 'q2', 'q3'].map((id) => trueFalse(id, true));
  const answers = Object.fromEntries(questions.map(({ id }) => [id, { kind: 'true-false' as const, value: false }]));
  const scored = (versions: readonly QuizVersion[]) => {
    const corrected = correctedPaper({ version: 1, questions, keys: undefined }, versions);
    return { ...gradeQuiz({ ...corrected, answers, passingScore: 1 }), by: corrected.correctedBy };
  };
  const second: QuizVersion = {
    quiz: {
      version: 2,
      questions: [trueFalse('q1', false), trueFalse('q2', true), trueFalse('q3', true)],
      regrades: [
        { version: 1, question: 'q1', how: 'key' },
        { version: 1, question: 'q2', how: 'everyone' },
        { version: 1, question: 'q3', how: 'nobody' },
      ],
    },
    keys: undefined,
  };

  it('grades by the new key, gives everybody the points, or takes the question out', () => {
    expect(scored([])).toMatchObject({ score: 0, maxScore: 3, by: null });
    expect(scored([second])).toMatchObject({ score: 2, maxScore: 2, passed: true, by: 2 });
  });

  it('changes nothing of a version that it does not name', () => {
    expect(scored([{ ...second, quiz: { ...second.quiz, regrades: [{ version: 3, question: 'q1', how: 'everyone' }] } }])).toMatchObject({
      score: 0,
      by: null,
    });
  });

  it('of several the latest holds, in whatever order they arrived', () => {
    const third: QuizVersion = { quiz: { version: 3, questions, regrades: [{ version: 1, question: 'q1', how: 'key' }] }, keys: undefined };
    fc.assert(
      fc.property(fc.shuffledSubarray([second, third], { minLength: 2 }), (versions) => {
        expect(scored(versions)).toMatchObject({ score: 1, maxScore: 2, by: 3 });
      }),
    );
  });

  it('takes an exam’s key from the keys of the later version', () => {
    const paper = questions.map(({ key: _, ...rest }) => rest as Question);
    const corrected = correctedPaper(
      { version: 1, questions: paper, keys: { q1: { value: true }, q2: { value: true }, q3: { value: true } } },
      [{ quiz: { version: 2, questions: paper, regrades: [{ version: 1, question: 'q1', how: 'key' }] }, keys: { q1: { value: false } } }],
    );
    expect(gradeQuiz({ ...corrected, answers, passingScore: 1 })).toMatchObject({ score: 1, maxScore: 3 });
  });
});
