import { type DocumentOf, partitionId, quizId } from '@darasa/shared/documents';
import { MAX_ANSWERS_SIZE, MAX_FILE_SIZE } from '@darasa/shared/questions';
import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { type FakeSchool, fakeDevice } from './testing/device.fixture.ts';
import { smallSchool } from './testing/school.fixture.ts';
import { allSent, closeTab, openTab, ready, seen, signedIn } from './testing/tab.fixture.ts';

const courseId = 'open-course';

type Questions = readonly Record<string, unknown>[];

/** Asks other questions in the quiz of the open course: as an author does before anybody has it. */
async function ask(school: FakeSchool, questions: Questions): Promise<void> {
  const paper = await school.database.get<DocumentOf<'quiz'>>(quizId(courseId, 'check', 1));
  await school.database.put({ ...paper, questions: [...paper.questions, ...questions] });
}

async function learnerWith(
  seed: number,
  questions: Questions,
): Promise<{ tab: Database; school: FakeSchool; learnerId: string; again(): Promise<Database> }> {
  const { school, amina } = await smallSchool();
  await ask(school, questions);
  const device = fakeDevice(school, seed);
  const tab = await signedIn(device, amina);
  await ready(tab);
  await allSent(tab);
  school.online = false;
  expect(await tab.beginQuiz(courseId, 'check')).toEqual({ ok: true, value: null });
  return { tab, school, learnerId: amina.id, again: () => openTab(device) };
}

async function submitted(tab: Database): Promise<string> {
  const outcome = await tab.submitQuiz(courseId, 'check');
  if (!outcome.ok) throw new Error(outcome.detail);
  return outcome.value.attemptId;
}

describe('a question of a kind that only a newer app knows', () => {
  test('is shown as such, the rest is answered and kept, and the school marks it', async () => {
    const { tab } = await learnerWith(61, [{ kind: 'draw-a-graph', id: 'q3', points: 4, prompt: 'Draw **it**.', axes: ['x', 'y'] }]);
    const quiz = await seen(tab, 'quiz', { courseId, quizId: 'check' }, (view) => view?.open !== null);
    expect(quiz?.questions[2]).toMatchObject({ kind: 'newer', id: 'q3', points: 4, spoken: 'Draw it.' });
    expect(await tab.saveAnswer(courseId, 'check', 'q1', { kind: 'single', option: 'b' })).toMatchObject({ ok: true });
    const attemptId = await submitted(tab);
    const result = await seen(tab, 'result', { attemptId }, () => true);
    expect(result).toMatchObject({ result: null, attempt: { gradedBy: 'waiting' } });
    expect(result?.questions.map(({ answer }) => answer)).toEqual([{ kind: 'single', option: 'b' }, null, null]);
  });
});

describe('an essay', () => {
  test('leaves the verdict open while its points decide', async () => {
    const { tab } = await learnerWith(62, [{ kind: 'essay', id: 'q3', points: 4, prompt: 'Why?' }]);
    await tab.saveAnswer(courseId, 'check', 'q1', { kind: 'single', option: 'b' });
    await tab.saveAnswer(courseId, 'check', 'q3', { kind: 'essay', text: 'Because.' });
    const result = await seen(tab, 'result', { attemptId: await submitted(tab) }, () => true);
    expect(result).toMatchObject({ attempt: { passed: null, score: 1 / 6 }, result: { toMark: 4 } });
    expect(result?.questions[2]).toMatchObject({ waits: true, correct: null, solution: null });
  });

  test('that would make the attempt too long to keep is refused while it can be mended', async () => {
    const essays = Array.from({ length: 12 }, (_, i) => ({ kind: 'essay', id: `e${i}`, points: 1, prompt: 'Why?' }));
    const { tab } = await learnerWith(63, essays);
    const text = 'x'.repeat(20_000);
    const outcomes = [];
    for (const { id } of essays) outcomes.push(await tab.saveAnswer(courseId, 'check', id, { kind: 'essay', text }));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(Math.floor(MAX_ANSWERS_SIZE / 20_050));
    expect(outcomes.at(-1)).toMatchObject({ ok: false, problem: 'invalid' });
    await submitted(tab);
  });
});

describe('files of an answer', () => {
  const photo = { mediaType: 'image/jpeg' as const, data: btoa('a photo') };
  const asked = [{ kind: 'file', id: 'q3', points: 2, prompt: 'Show it.' }];

  test('are kept with the attempt in hand, and become documents with it, those that the answer names', async () => {
    const { tab, again, school, learnerId } = await learnerWith(64, asked);
    const first = await tab.keepFile(courseId, 'check', 'q3', 'first.jpg', photo);
    const second = await tab.keepFile(courseId, 'check', 'q3', 'second.jpg', { ...photo, data: btoa('another photo') });
    if (!first.ok || !second.ok) throw new Error('The photos were not kept.');
    expect(first.value).toMatchObject({ name: 'first.jpg', mediaType: 'image/jpeg', size: 7 });
    await tab.saveAnswer(courseId, 'check', 'q3', { kind: 'file', files: [second.value] });

    await closeTab(tab);
    const later = await again();
    expect(await later.readFile(second.value.file)).toEqual({ ...photo, data: btoa('another photo') });
    const attemptId = await submitted(later);
    expect(await later.readFile(second.value.file)).toEqual({ ...photo, data: btoa('another photo') });
    expect(await later.readFile(first.value.file)).toBeNull();

    school.online = true;
    await later.syncNow();
    await seen(later, 'result', { attemptId }, (view) => view?.attempt.place === 'school');
    const kept = await school.database.allDocs({
      startkey: `${partitionId('learner', learnerId)}:answer-file`,
      endkey: `${partitionId('learner', learnerId)}:answer-file:\uffff`,
    });
    expect(kept.rows.map(({ id }) => id)).toEqual([second.value.file]);
  });

  test('are refused where they are too large, or are no base64', async () => {
    const { tab } = await learnerWith(65, asked);
    const large = { ...photo, data: 'A'.repeat(4 * Math.ceil(MAX_FILE_SIZE / 3) + 4) };
    expect(await tab.keepFile(courseId, 'check', 'q3', 'large.jpg', large)).toMatchObject({ ok: false, problem: 'invalid' });
    expect(await tab.keepFile(courseId, 'check', 'q3', 'odd.jpg', { ...photo, data: '<svg>' })).toMatchObject({
      ok: false,
      problem: 'invalid',
    });
  });
});
