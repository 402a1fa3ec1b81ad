import { type DocumentOf, ERASED, progressId, quizId } from '@darasa/shared/documents';
import { describe, expect, test } from 'vitest';
import type { Views } from './api.ts';
import { type FakeSchool, fakeDevice } from './testing/device.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';
import { allSent, closeTab, openTab, ready, seen, signedIn, takeQuiz } from './testing/tab.fixture.ts';

describe('a learner on one device', () => {
  test('has the courses after the first sync, and studies with no network', async () => {
    const { school, amina } = await smallSchool();
    const tab = await signedIn(fakeDevice(school, 1), amina);
    await ready(tab);
    school.online = false;

    const catalogue = await seen(tab, 'catalogue', {}, () => true);
    expect(catalogue.courses.map(({ courseId, readable, onDevice, mine }) => ({ courseId, readable, onDevice, mine }))).toEqual([
      { courseId: 'closed-a', readable: true, onDevice: true, mine: true },
      { courseId: 'closed-b', readable: false, onDevice: false, mine: false },
      { courseId: 'open-course', readable: true, onDevice: true, mine: false },
    ]);
    expect(await tab.completeLesson('open-course', 'first')).toEqual({ ok: true, value: null });
    const course = await seen(tab, 'course', { courseId: 'open-course' }, (view) => view?.card.state === 'working');
    expect(course?.sections[0]?.items.map(({ state }) => state)).toEqual(['done', 'not-started', 'not-started']);
    expect(course?.next).toMatchObject({ kind: 'lesson', itemId: 'second' });
  });

  test('sees work on the device until the school acknowledged it, and at the school after', async () => {
    const { school, amina } = await smallSchool();
    const tab = await signedIn(fakeDevice(school, 2), amina);
    await ready(tab);
    await allSent(tab);
    school.online = false;
    const attemptId = await takeQuiz(tab, 'open-course');
    const before = await seen(tab, 'result', { attemptId }, () => true);
    expect(before).toMatchObject({ attempt: { place: 'device', gradedBy: 'device', score: 1, passed: true } });
    expect((await seen(tab, 'sync', {}, ({ unsent }) => unsent > 0)).unsent).toBe(2);

    school.online = true;
    await tab.syncNow();
    const after = await seen(tab, 'result', { attemptId }, (view) => view?.attempt.place === 'school');
    expect(after?.attempt.place).toBe('school');
    await expect(school.database.get(attemptId)).resolves.toMatchObject({ type: 'attempt' });
    expect(school.pushed.filter((id) => id === attemptId)).toHaveLength(1);
  });

  test('sits an exam once, and a practice quiz as often as they like', async () => {
    const { school, amina } = await smallSchool();
    const paper = quizId('open-course', 'check', 1);
    const tab = await signedIn(fakeDevice(school, 31), amina);
    await ready(tab);
    await takeQuiz(tab, 'open-course');
    await takeQuiz(tab, 'open-course');

    await school.database.put({ ...(await school.database.get<DocumentOf<'quiz'>>(paper)), exam: true });
    await tab.syncNow();
    await seen(tab, 'quiz', { courseId: 'open-course', quizId: 'check' }, (view) => view?.exam === true);
    expect(await tab.beginQuiz('open-course', 'check')).toMatchObject({ ok: false, problem: 'not-allowed' });
  });

  test('finds each answer of an attempt in hand after the app was closed', async () => {
    const { school, amina } = await smallSchool();
    const device = fakeDevice(school, 3);
    let tab = await signedIn(device, amina);
    await ready(tab);
    await tab.beginQuiz('open-course', 'check');
    for (const [questionId, answer] of [
      ['q1', { kind: 'single', option: 'a' }],
      ['q2', { kind: 'numeric', text: '3' }],
    ] as const) {
      expect(await tab.saveAnswer('open-course', 'check', questionId, answer)).toEqual({ ok: true, value: null });
      await closeTab(tab);
      school.online = false;
      tab = await openTab(device);
      const quiz = await seen(tab, 'quiz', { courseId: 'open-course', quizId: 'check' }, () => true);
      expect(quiz?.open?.answers[questionId]).toEqual(answer);
      expect(await tab.quizOpen()).toBe(true);
    }
  });

  test('keeps what the school refuses, with the reason, and sends it again only when asked', async () => {
    const { school, amina } = await smallSchool();
    const tab = await signedIn(fakeDevice(school, 4), amina);
    await ready(tab);
    school.online = false;
    const attemptId = await takeQuiz(tab, 'open-course');
    school.refuses.set(attemptId, 'Not today');
    school.online = true;
    await tab.syncNow();
    const sync = await seen(tab, 'sync', {}, ({ refused }) => refused.length === 1);
    expect(sync.refused).toMatchObject([{ id: attemptId, place: 'refused', reason: 'Not today', title: 'Check' }]);
    await tab.completeLesson('open-course', 'first');
    await allSent(tab);
    expect(school.pushed.filter((id) => id === attemptId)).toHaveLength(1);

    expect(await tab.retryRefused(attemptId)).toMatchObject({ ok: false, problem: 'not-allowed', detail: 'Not today' });
    school.refuses.clear();
    expect(await tab.retryRefused(attemptId)).toEqual({ ok: true, value: null });
    await expect(school.database.get(attemptId)).resolves.toMatchObject({ type: 'attempt' });
    expect((await seen(tab, 'sync', {}, ({ refused }) => refused.length === 0)).refused).toEqual([]);
  });

  test('keeps nothing of what was erased for good, refused at once or when it is tried again (E2)', async () => {
    const { school, amina } = await smallSchool();
    const device = fakeDevice(school, 4);
    const tab = await signedIn(device, amina);
    await ready(tab);
    school.online = false;
    const [first, second] = [await takeQuiz(tab, 'open-course'), await takeQuiz(tab, 'open-course')];
    school.refuses.set(first, ERASED);
    school.refuses.set(second, 'Not today');
    school.online = true;
    await tab.syncNow();
    expect((await seen(tab, 'sync', {}, ({ refused }) => refused.length > 0)).refused.map(({ id }) => id)).toEqual([second]);
    school.refuses.set(second, ERASED);
    expect(await tab.retryRefused(second)).toMatchObject({ ok: false, detail: ERASED });
    const { refused, work } = await seen(tab, 'sync', {}, (sync) => sync.refused.length === 0);
    expect([...refused, ...work].map(({ id }) => id).filter((id) => id === first || id === second)).toEqual([]);
  });

  test('is not removed from the device while work is nowhere else', async () => {
    const { school, amina } = await smallSchool();
    const tab = await signedIn(fakeDevice(school, 5), amina);
    await ready(tab);
    await allSent(tab);
    school.online = false;
    await tab.completeLesson('open-course', 'first');
    expect(await tab.remove(amina.id)).toMatchObject({ ok: false, problem: 'not-allowed' });
    school.online = true;
    await tab.syncNow();
    await allSent(tab);
    expect(await tab.remove(amina.id)).toEqual({ ok: true, value: null });
    expect(await tab.accounts()).toEqual([]);
  });
});

describe('signing in', () => {
  test('opens a locked account with its password and no network', async () => {
    const { school, amina } = await smallSchool();
    const tab = await signedIn(fakeDevice(school, 6), amina);
    await ready(tab);
    await tab.lock();
    school.online = false;
    expect((await tab.accounts())[0]?.state).toBe('locked');
    const logins = (): number => school.asked.filter((each) => each.endsWith('/login')).length;
    const before = logins();
    expect(await tab.enter(amina.id)).toMatchObject({ ok: false, problem: 'wrong-password' });
    expect(logins()).toBe(before);
    expect(await tab.enter(amina.id, 'guess')).toMatchObject({ ok: false, problem: 'wrong-password' });
    expect(await tab.enter(amina.id, amina.password)).toMatchObject({ ok: true, person: { displayName: 'amina' } });
    expect((await seen(tab, 'home', {}, () => true)).displayName).toBe('amina');
  });

  test('says that an account that was never here cannot be reached with no network', async () => {
    const { school, brian } = await smallSchool();
    const tab = await openTab(fakeDevice(school, 7));
    school.online = false;
    expect(await tab.signIn('greenhill', brian.username, brian.password)).toMatchObject({ ok: false, problem: 'unreachable' });
  });

  test('uses a refresh token once, however many tabs ask', async () => {
    const { school, amina } = await smallSchool();
    const device = fakeDevice(school, 8);
    const one = await signedIn(device, amina);
    const two = await openTab(device);
    await ready(one);
    device.now += 60 * 60 * 1_000;
    const answers = await Promise.all([one.accessToken(), two.accessToken(), one.accessToken(), two.accessToken()]);
    expect(new Set(answers.map((each) => (each.ok ? each.value : each.problem))).size).toBe(1);
    expect(school.asked.filter((each) => each.endsWith('/refresh'))).toHaveLength(1);
  });
});

describe('what a person may read', () => {
  test('grows with their roles, and older documents of it arrive', async () => {
    const { school, amina } = await smallSchool();
    const device = fakeDevice(school, 14);
    const tab = await signedIn(device, amina);
    await ready(tab);
    await allSent(tab);
    amina.roles = [...amina.roles, 'takes:closed-b'];
    device.now += 60 * 60 * 1_000;
    await tab.accessToken();
    const lesson = await seen(tab, 'lesson', { courseId: 'closed-b', lessonId: 'second' }, (view) => view !== null);
    expect(lesson?.title).toBe('second');
  });

  test('shrinks with their roles, and nothing breaks when all are gone', async () => {
    const { school, amina } = await smallSchool();
    const device = fakeDevice(school, 15);
    const tab = await signedIn(device, amina);
    await ready(tab);
    await allSent(tab);
    amina.roles = ['school:greenhill'];
    device.now += 60 * 60 * 1_000;
    await tab.accessToken();
    expect(await seen(tab, 'lesson', { courseId: 'closed-a', lessonId: 'first' }, (view) => view === null)).toBeNull();
    expect((await seen(tab, 'home', {}, () => true)).courses).toEqual([]);
    expect(await tab.completeLesson('open-course', 'first')).toEqual({ ok: true, value: null });
  });
});

describe('a shared tablet', () => {
  test('shows nobody the closed course or the work of another', async () => {
    const { school, amina, brian } = await smallSchool();
    const device = fakeDevice(school, 9);
    const tab = await signedIn(device, amina);
    await ready(tab);
    const attemptId = await takeQuiz(tab, 'closed-a');
    await allSent(tab);
    await tab.lock();
    await tab.signIn('greenhill', brian.username, brian.password);
    await ready(tab);

    expect(await seen(tab, 'result', { attemptId }, () => true)).toBeNull();
    expect(await seen(tab, 'lesson', { courseId: 'closed-a', lessonId: 'first' }, () => true)).toBeNull();
    // Brian’s own closed course arrived although Amina’s pull had passed its place in the feed.
    const own = await seen(tab, 'lesson', { courseId: 'closed-b', lessonId: 'first' }, () => true);
    expect(own?.html).toContain('<h2>About first</h2>');
    expect((await seen(tab, 'progress', {}, () => true)).attempts).toEqual([]);
  });
});

describe('two devices of one learner', () => {
  async function progressOf({ database }: FakeSchool, learnerId: string): Promise<string> {
    const doc = await database.get(progressId(learnerId, 'open-course'), { conflicts: true });
    return JSON.stringify(doc);
  }

  test('converge to the same progress, bytes and revisions, and lose nothing', async () => {
    const { school, amina } = await smallSchool();
    const one = await signedIn(fakeDevice(school, 10), amina);
    const two = await signedIn(fakeDevice(school, 11), amina);
    await Promise.all([ready(one), ready(two)]);
    school.online = false;
    await one.completeLesson('open-course', 'first');
    await two.completeLesson('open-course', 'second');
    await two.reportLesson('open-course', 'second', { seen: 1, seconds: 60 });
    school.online = true;
    for (const tab of [one, two]) await tab.syncNow();

    const bothDone = (view: Views['course']['result']): boolean =>
      view?.sections[0]?.items.filter(({ state }) => state === 'done').length === 2;
    for (const tab of [one, two]) await seen(tab, 'course', { courseId: 'open-course' }, bothDone);
    for (const tab of [one, two]) await allSent(tab);

    const exported = await Promise.all(
      [one, two].map(async (tab) => {
        const work = await tab.exportWork();
        if (!work.ok) throw new Error(work.detail);
        const { documents }: { documents: { _id: string }[] } = JSON.parse(work.value);
        return JSON.stringify(documents.find(({ _id }) => _id === progressId(amina.id, 'open-course')));
      }),
    );
    expect(exported[0]).toBe(exported[1]);
    const atSchool = await progressOf(school, amina.id);
    expect(JSON.parse(atSchool)._rev).toBe(JSON.parse(exported[0] ?? '')._rev);
    expect(JSON.parse(atSchool)._conflicts).toBeUndefined();
  });
});

describe('two tabs of one device', () => {
  test('one syncs at a time, and the other goes on when it closes', async () => {
    const { school, amina } = await smallSchool();
    const device = fakeDevice(school, 12);
    const one = await signedIn(device, amina);
    await ready(one);
    await allSent(one);
    const two = await openTab(device);
    expect((await seen(two, 'sync', {}, () => true)).state).toBe('elsewhere');
    await closeTab(one);
    expect((await seen(two, 'sync', {}, ({ state }) => state === 'resting')).state).toBe('resting');
  });

  test('a tab shows what another wrote, and leaves when another locked the account', async () => {
    const { school, amina } = await smallSchool();
    const device = fakeDevice(school, 13);
    const one = await signedIn(device, amina);
    await ready(one);
    const two = await openTab(device);
    const left = new Promise<null>((resolve) => {
      void two.watchPerson((person) => {
        if (person === null) resolve(null);
      });
    });
    const changed = seen(two, 'course', { courseId: 'open-course' }, (view) => view?.card.state === 'working');
    await one.completeLesson('open-course', 'first');
    expect((await changed)?.card.progress).toBeCloseTo(1 / 3);
    await one.lock();
    expect(await left).toBeNull();
  });
});
