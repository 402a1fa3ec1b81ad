import { contentDigest, type DocumentOf, newException, partitionId, quizId } from '@darasa/shared/documents';
import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { type FakeDevice, type FakeSchool, fakeDevice } from './testing/device.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';
import { allSent, closeTab, openTab, ready, seen, signedIn } from './testing/tab.fixture.ts';

const courseId = 'open-course';
const MINUTE = 60_000;
const YEAR = 365 * 24 * 60 * MINUTE;

type Rules = Partial<DocumentOf<'quiz'>>;

async function learnerWith(
  seed: number,
  rules: Rules,
): Promise<{ tab: Database; school: FakeSchool; device: FakeDevice; learnerId: string; again(): Promise<Database> }> {
  const { school, amina } = await smallSchool();
  const paper = await school.database.get<DocumentOf<'quiz'>>(quizId(courseId, 'check', 1));
  await school.database.put({ ...paper, ...rules });
  const device = fakeDevice(school, seed);
  let tab = await signedIn(device, amina);
  await ready(tab);
  await allSent(tab);
  school.online = false;
  return {
    tab,
    school,
    device,
    learnerId: amina.id,
    async again() {
      await closeTab(tab);
      tab = await openTab(device);
      return tab;
    },
  };
}

const answer = (tab: Database) => tab.saveAnswer(courseId, 'check', 'q1', { kind: 'single', option: 'b' });
const left = async (tab: Database) => {
  const kept = await tab.keepQuizTime(courseId, 'check');
  if (!kept.ok) throw new Error(kept.detail);
  return kept.value;
};
/** Within what a test itself takes. */
const about = (ms: number) =>
  expect.toSatisfy((value: number | null) => value !== null && value <= ms && value > ms - 20_000, `about ${ms}`);

async function attemptOf(tab: Database, school: FakeSchool, learnerId: string): Promise<DocumentOf<'attempt'>> {
  const submitted = await tab.submitQuiz(courseId, 'check');
  if (!submitted.ok) throw new Error(submitted.detail);
  school.online = true;
  await tab.syncNow();
  await seen(tab, 'result', submitted.value, (view) => view?.attempt.place === 'school');
  expect(submitted.value.attemptId).toContain(partitionId('learner', learnerId));
  return school.database.get<DocumentOf<'attempt'>>(submitted.value.attemptId);
}

describe('a quiz with a time limit', () => {
  test('goes on while the app is closed, takes no answer when it is over, and hands in what was given', async () => {
    const { tab, device, school, learnerId, again } = await learnerWith(71, { seconds: 600 });
    await tab.beginQuiz(courseId, 'check');
    device.now += 2 * MINUTE;
    device.waited += 2 * MINUTE;
    await answer(tab);
    expect(await left(tab)).toMatchObject({ quizMs: about(8 * MINUTE), breakMs: null });
    device.now += 5 * MINUTE;
    const later = await again();
    expect(await left(later)).toMatchObject({ quizMs: about(3 * MINUTE), breakMs: about(5 * MINUTE) });
    device.now += 4 * MINUTE;
    device.waited += 4 * MINUTE;
    expect(await later.saveAnswer(courseId, 'check', 'q2', { kind: 'numeric', text: '3' })).toMatchObject({ problem: 'time-over' });
    expect((await left(later)).quizMs).toBe(0);
    const attempt = await attemptOf(later, school, learnerId);
    expect(attempt.answers).toEqual({ q1: { kind: 'single', option: 'b' } });
    expect(attempt.timing).toMatchObject({ allowed: 600_000, doubts: [{ what: 'closed' }] });
    expect(attempt.quizDigest).toBe(contentDigest(await school.database.get(quizId(courseId, 'check', 1))));
  });

  test('survives a clock that was put a year ahead while it was closed: the learner says so, and the teacher is told', async () => {
    const { tab, device, school, learnerId, again } = await learnerWith(72, { seconds: 600 });
    await tab.beginQuiz(courseId, 'check');
    await answer(tab);
    device.now += YEAR;
    const later = await again();
    expect(await left(later)).toMatchObject({ quizMs: 0 });
    expect(await later.denyQuizBreak(courseId, 'check')).toMatchObject({ ok: true, value: { quizMs: about(10 * MINUTE), breakMs: null } });
    expect(await later.saveAnswer(courseId, 'check', 'q2', { kind: 'numeric', text: '3' })).toMatchObject({ ok: true });
    const attempt = await attemptOf(later, school, learnerId);
    expect(attempt.timing?.doubts.map(({ what }) => what)).toEqual(['closed', 'break-denied']);
  });

  test('survives a clock that was put back, open or closed', async () => {
    const { tab, device, again } = await learnerWith(73, { seconds: 600 });
    await tab.beginQuiz(courseId, 'check');
    device.now -= YEAR;
    device.waited += 3 * MINUTE;
    expect(await left(tab)).toMatchObject({ quizMs: about(7 * MINUTE) });
    device.now -= YEAR;
    expect(await left(await again())).toMatchObject({ quizMs: about(7 * MINUTE), breakMs: null });
  });

  test('of a section closes that section alone', async () => {
    const sections = [
      { id: 'one', title: 'One', questions: ['q1'], seconds: 60 },
      { id: 'two', title: 'Two', questions: ['q2'] },
    ];
    const { tab, device } = await learnerWith(74, { sections });
    await tab.beginQuiz(courseId, 'check');
    device.waited += 2 * MINUTE;
    expect(await left(tab)).toMatchObject({ quizMs: null, sections: { one: 0 } });
    expect(await answer(tab)).toMatchObject({ problem: 'time-over' });
    await tab.showQuestion(courseId, 'check', 1);
    expect(await tab.saveAnswer(courseId, 'check', 'q2', { kind: 'numeric', text: '3' })).toMatchObject({ ok: true });
  });
});

describe('a quiz with a pool', () => {
  test('asks each attempt what its seed draws, the same after the app was closed, and is graded by that', async () => {
    const sections = [{ id: 'pool', title: 'Pool', questions: ['q1', 'q2'], draw: 1 }];
    const { tab, school, learnerId, again } = await learnerWith(75, { sections });
    await tab.beginQuiz(courseId, 'check');
    const quiz = await seen(tab, 'quiz', { courseId, quizId: 'check' }, (view) => view?.open !== null);
    expect(quiz?.questions).toHaveLength(1);
    expect(quiz?.size).toEqual({ questionCount: 1, points: 1 });
    const later = await again();
    const same = await seen(later, 'quiz', { courseId, quizId: 'check' }, (view) => view !== null);
    expect(same?.questions.map(({ id }) => id)).toEqual(quiz?.questions.map(({ id }) => id));
    const attempt = await attemptOf(later, school, learnerId);
    expect(attempt.provisional).toMatchObject({ maxScore: 1 });
    expect(attempt.seed).toMatch(/^[a-z0-9]+$/);
  });
});

describe('the terms of a quiz', () => {
  test('are its times and tries, and a teacher’s exceptions', async () => {
    const { tab, school, device, learnerId } = await learnerWith(76, { attempts: 1, seconds: 60, closesAt: '2026-01-05T09:00:00.000Z' });
    const begun = () => tab.beginQuiz(courseId, 'check');
    expect(await begun()).toMatchObject({ ok: true });
    await answer(tab);
    expect(await tab.submitQuiz(courseId, 'check')).toMatchObject({ ok: true });
    expect(await begun()).toMatchObject({ problem: 'not-allowed', detail: 'The quiz is used-up' });
    await school.database.put(
      newException({
        deviceId: 'laptop-1',
        createdAt: '2026-01-05T08:00:00.000Z',
        seq: 1,
        learnerId,
        classId: '7a',
        authorId: 'tembo',
        authorName: 'Tembo',
        courseId,
        quizId: 'check',
        attempts: 1,
        extraTime: 1,
        closesAt: '2026-01-05T11:00:00.000Z',
        reason: '',
        replaces: null,
      }),
    );
    school.online = true;
    await tab.syncNow();
    await seen(tab, 'quiz', { courseId, quizId: 'check' }, (view) => view?.attemptsAllowed === 2 && view.limitMs === 120_000);
    device.now = Date.parse('2026-01-05T10:00:00.000Z');
    expect(await begun()).toMatchObject({ ok: true });
    device.now = Date.parse('2026-01-05T11:01:00.000Z');
    expect(await answer(tab)).toMatchObject({ problem: 'time-over' });
  });

  test('say when a result is shown', async () => {
    const { tab } = await learnerWith(77, { review: { score: 'never', answers: 'after-close' }, closesAt: '2026-01-05T09:00:00.000Z' });
    await tab.beginQuiz(courseId, 'check');
    await answer(tab);
    const submitted = await tab.submitQuiz(courseId, 'check');
    if (!submitted.ok) throw new Error(submitted.detail);
    const result = await seen(tab, 'result', submitted.value, () => true);
    expect(result).toMatchObject({ keptBack: { score: 'never', answers: 'after-close' }, result: null, attempt: { score: null } });
    expect(result?.questions[0]).toMatchObject({
      solution: null,
      parts: {},
      correct: null,
      explanationHtml: expect.stringContaining('Two'),
    });
    const progress = await seen(tab, 'progress', {}, (view) => view.attempts.length > 0);
    expect(progress.attempts[0]).toMatchObject({ score: null, passed: null });
  });
});
