import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { newAttempt } from '../../documents/build/attempt.ts';
import { newGrade } from '../../documents/build/grade.ts';
import { newProgress } from '../../documents/build/learner-state.ts';
import { newLessonEvent } from '../../documents/build/lesson-event.ts';
import type { GradeResult } from '../../documents/learner.ts';
import { type DocumentOf, documentTypes } from '../../documents/registry.ts';
import { mergeProgress } from '../merge/progress.ts';
import { type CourseWork, courseProgress } from './course-progress.ts';
import { inOrder } from './in-order.ts';
import { learnerStanding } from './learner-standing.ts';
import { recordLesson } from './record-lesson.ts';

const day = (n: number): string => new Date(Date.UTC(2026, 0, n)).toISOString();
const origin = { createdAt: day(1), deviceId: 'tablet-1' };
const about = { learnerId: 'ada', courseId: 'maths-7' };
const empty = newProgress({ ...about, ...origin });

const quizItem = (id: string, exam = false) => ({ kind: 'quiz' as const, id, title: id, version: 2, exam, questionCount: 5, points: 10 });
const outline: DocumentOf<'outline'> = {
  _id: 'course-maths-7:outline:main',
  type: 'outline',
  schemaVersion: 1,
  ...origin,
  courseId: 'maths-7',
  version: 1,
  sections: [
    {
      id: 'one',
      title: 'One',
      items: [
        { kind: 'lesson', id: 'halves', title: 'Halves', minutes: 20 },
        { kind: 'lesson', id: 'thirds', title: 'Thirds', minutes: 20 },
        quizItem('check'),
      ],
    },
    { id: 'two', title: 'Two', items: [quizItem('exam', true)] },
  ],
};

const result = (score: number): GradeResult => ({ score, maxScore: 10, passed: score >= 6, questions: {} });
let seq = 0;
const attempt = (quizId: string, score: number | null, more: { deviceId?: string; at?: number; quizVersion?: number } = {}) => {
  seq += 1;
  const at = day(more.at ?? 2);
  const provisional = score === null ? null : result(score);
  const { deviceId = 'tablet-1', quizVersion = 2 } = more;
  return newAttempt({
    ...about,
    deviceId,
    seq,
    createdAt: at,
    quizId,
    quizVersion,
    startedAt: at,
    submittedAt: at,
    answers: {},
    provisional,
  });
};
const graded = (each: DocumentOf<'attempt'>, score: number | null) =>
  newGrade({
    createdAt: day(3),
    deviceId: 'server',
    attempt: each,
    result: score === null ? null : result(score),
    agrees: null,
    needsReview: score === null ? 'no-key' : null,
  });
const seen = (lessonId: string, part: number, progress = empty) =>
  recordLesson(progress, { lessonId, deviceId: 'tablet-1', seen: part, seconds: 60, completedAt: null });
const work = (more: Partial<CourseWork>): CourseWork => ({ outline, progress: null, attempts: [], grades: [], ...more });
const itemOf = (given: CourseWork, id: string) => courseProgress(given).items.find((each) => each.id === id);

describe('a lesson', () => {
  it('is done when 80 % was seen, and not before', () => {
    expect(itemOf(work({ progress: seen('halves', 0.79) }), 'halves')?.state).toBe('working');
    expect(itemOf(work({ progress: seen('halves', 0.8) }), 'halves')?.state).toBe('done');
  });

  it('is done when it was marked complete, in the progress or by an event', () => {
    const marked = recordLesson(empty, { lessonId: 'halves', deviceId: 'tablet-1', seen: 0.1, seconds: 5, completedAt: day(2) });
    const event = newLessonEvent({ ...about, ...origin, seq: 1, itemId: 'halves', action: 'completed' });
    expect(itemOf(work({ progress: marked }), 'halves')?.state).toBe('done');
    expect(itemOf(work({ events: [event] }), 'halves')?.state).toBe('done');
  });

  it('is begun when it was opened', () => {
    const event = newLessonEvent({ ...about, ...origin, seq: 1, itemId: 'halves', action: 'opened' });
    expect(itemOf(work({ events: [event] }), 'halves')?.state).toBe('working');
  });
});

describe('a quiz', () => {
  it('is passed by the device’s grade until the server’s says otherwise', () => {
    const tried = attempt('check', 9);
    expect(itemOf(work({ attempts: [tried] }), 'check')).toMatchObject({ state: 'done', best: 0.9, provisional: true });
    expect(itemOf(work({ attempts: [tried], grades: [graded(tried, 3)] }), 'check')).toMatchObject({
      state: 'working',
      best: 0.3,
      provisional: false,
    });
  });

  it('keeps the device’s grade where the server could not grade', () => {
    const tried = attempt('check', 9);
    expect(itemOf(work({ attempts: [tried], grades: [graded(tried, null)] }), 'check')).toMatchObject({ state: 'done', provisional: true });
  });

  it('stays passed after a worse attempt and after a new version', () => {
    const attempts = [attempt('check', 8, { quizVersion: 1 }), attempt('check', 2)];
    expect(itemOf(work({ attempts }), 'check')).toMatchObject({ state: 'done', best: 0.8, attempts: 2 });
  });

  it('counts by its grade alone when the attempt has not arrived', () => {
    expect(itemOf(work({ grades: [graded(attempt('check', 9), 9)] }), 'check')).toMatchObject({ state: 'done', best: 0.9 });
  });

  it('that is an exam waits for its grade, and is not what comes next meanwhile', () => {
    const given = work({ progress: seen('thirds', 1, seen('halves', 1)), attempts: [attempt('check', 9), attempt('exam', null)] });
    expect(itemOf(given, 'exam')).toMatchObject({ state: 'working', awaitsGrade: true, best: null });
    expect(courseProgress(given).next).toBeNull();
  });
});

describe('a course', () => {
  it('is not started, then in work, then finished', () => {
    const lessons = seen('thirds', 1, seen('halves', 1));
    const exam = attempt('exam', null);
    expect(courseProgress(work({}))).toMatchObject({ state: 'not-started', ratio: 0, next: { kind: 'lesson', id: 'halves' } });
    expect(courseProgress(work({ progress: lessons }))).toMatchObject({
      state: 'working',
      lessonsDone: 2,
      lessonsTotal: 2,
      quizzesPassed: 0,
      quizzesTotal: 2,
      ratio: 0.5,
      next: { kind: 'quiz', id: 'check' },
    });
    expect(courseProgress(work({ progress: lessons, attempts: [attempt('check', 6), exam], grades: [graded(exam, 7)] }))).toMatchObject({
      state: 'finished',
      ratio: 1,
      next: null,
    });
  });

  it('goes on where the learner left, unless that is done', () => {
    const left = { value: { kind: 'lesson' as const, id: 'thirds' }, tick: 1, deviceId: 'tablet-1' };
    expect(courseProgress(work({ progress: { ...empty, resume: left } })).next).toEqual({ kind: 'lesson', id: 'thirds' });
    expect(courseProgress(work({ progress: { ...seen('thirds', 1), resume: left } })).next).toEqual({ kind: 'lesson', id: 'halves' });
  });

  it('counts no work of another course', () => {
    const other = { ...attempt('check', 9), courseId: 'art-8' };
    expect(courseProgress(work({ attempts: [other] })).state).toBe('not-started');
  });

  it('never goes back when devices’ progress is merged', () => {
    const visit = fc.record({
      lessonId: fc.constantFrom('halves', 'thirds'),
      deviceId: fc.constantFrom('tablet-1', 'phone-2'),
      seen: fc.double({ min: 0, max: 1, noNaN: true }),
      seconds: fc.nat(600),
      completedAt: fc.option(fc.constant(day(4))),
    });
    fc.assert(
      fc.property(fc.array(visit), fc.array(visit), (here, there) => {
        const [one, other] = [here.reduce(recordLesson, empty), there.reduce(recordLesson, empty)];
        const merged = mergeProgress(one, other);
        expect(v.is(documentTypes.progress.schema, merged)).toBe(true);
        const ratio = (progress: DocumentOf<'progress'>) => courseProgress(work({ progress })).ratio;
        expect(ratio(merged)).toBeGreaterThanOrEqual(Math.max(ratio(one), ratio(other)));
      }),
    );
  });
});

describe('a learner’s standing', () => {
  const standing = (given: Partial<CourseWork>) => learnerStanding({ ...work(given), contacts: [] }).standing;

  it('is needs-help after two failed attempts at the quiz tried last, by the grade that counts', () => {
    const [first, second] = [attempt('check', 2), attempt('check', 9)];
    expect(standing({ attempts: [first] })).toBe('working');
    expect(standing({ attempts: [first, second] })).toBe('working');
    expect(standing({ attempts: [first, second], grades: [graded(second, 4)] })).toBe('needs-help');
  });

  it('needs no help any more once passed, or once on another quiz', () => {
    const failed = [attempt('check', 1), attempt('check', 1)];
    expect(standing({ attempts: [...failed, attempt('check', 8)] })).toBe('working');
    expect(standing({ attempts: [...failed, attempt('exam', null)] })).toBe('working');
  });

  it('tells when the learner was last heard from, apart from whether they started', () => {
    const contact = (heardFrom: string, lastHeardAt: string): DocumentOf<'contact'> => ({
      _id: `learner-ada:contact:${heardFrom}`,
      type: 'contact',
      schemaVersion: 1,
      createdAt: day(1),
      deviceId: 'server',
      learnerId: 'ada',
      heardFrom,
      firstHeardAt: day(1),
      lastHeardAt,
      clockOffsetMs: 0,
      received: 1,
    });
    const contacts = [contact('tablet-1', day(5)), contact('phone-2', day(3))];
    expect(learnerStanding({ ...work({}), contacts })).toMatchObject({ standing: 'not-started', lastHeardAt: day(5) });
    expect(learnerStanding({ ...work({}), contacts: [] })).toMatchObject({ standing: 'not-started', lastHeardAt: null });
  });
});

describe('the order of deeds', () => {
  const deed = (deviceId: string, number: number, at: number) => ({ deviceId, seq: number, createdAt: day(at) });

  it('follows each device’s counter, whatever its clock did', () => {
    const [a, b, c] = [deed('tablet-1', 1, 20), deed('tablet-1', 2, 1), deed('phone-2', 1, 10)];
    expect(inOrder([b, c, a])).toEqual([c, a, b]);
  });

  it('is the same for any order of arrival', () => {
    const deeds = fc.uniqueArray(
      fc.record({ deviceId: fc.constantFrom('a', 'b'), seq: fc.nat(5), createdAt: fc.integer({ min: 1, max: 9 }).map(day) }),
      {
        selector: ({ deviceId, seq: number }) => `${deviceId}:${number}`,
      },
    );
    fc.assert(
      fc.property(deeds, (given) => {
        expect(inOrder([...given].reverse())).toEqual(inOrder(given));
      }),
    );
  });
});
