import { type Session, sessionSchema } from '@darasa/shared/protocol';
import * as v from 'valibot';
import { demoAccount, sourceQuiz } from './harness/demo-school.ts';
import { Device } from './harness/device.ts';
import type { SchoolServer } from './harness/school-server.ts';
import { expect, test } from './harness/test.ts';

const courseId = 'programming-8';
const quiz = sourceQuiz(courseId, 'first-programs-check');
const rowsSchema = v.object({ rows: v.array(v.object({ id: v.string() })) });

async function signedIn(school: SchoolServer, { username, password }: { username: string; password: string }): Promise<Session> {
  const answer = await fetch(`${school.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ school: 'greenhill', username, password }),
  });
  return v.parse(sessionSchema, await answer.json());
}

/** How many attempts at a quiz the school has of a learner, asked with the learner's own rights. */
async function attemptsAt(school: SchoolServer, { accessToken, account }: Session): Promise<number> {
  const prefix = `learner-${account.id}:attempt:${courseId}:${quiz.id}`;
  const range = new URLSearchParams({ startkey: JSON.stringify(prefix), endkey: JSON.stringify(`${prefix}\uffff`) });
  const answer = await fetch(`${school.url}/db/school-greenhill/_all_docs?${range}`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return v.parse(rowsSchema, await answer.json()).rows.length;
}

test('work that was done offline reaches the school with no page open (P10)', async ({ device, school }) => {
  const learner = await demoAccount(school, 'learner');
  await device.signInWithOneTap(learner);
  await device.isInstalled();
  await device.isUpToDate();
  const session = await signedIn(school, learner);
  const before = await attemptsAt(school, session);

  await device.context.setOffline(true);
  await device.open(`/courses/${courseId}/quizzes/${quiz.id}`);
  await device.beginQuiz();
  await device.answerAllAndHandIn(quiz);
  await device.workIsAt('device');
  for (const page of device.context.pages()) await page.close();
  expect(await attemptsAt(school, session)).toBe(before);

  await device.context.setOffline(false);
  await expect.poll(() => attemptsAt(school, session), { timeout: 60_000 }).toBe(before + 1);

  // What was proved is shown by the app, which asks for itself; and what was sent twice is there once.
  const again = new Device(await device.context.newPage());
  await again.isUpToDate();
  expect(await attemptsAt(school, session)).toBe(before + 1);
});
