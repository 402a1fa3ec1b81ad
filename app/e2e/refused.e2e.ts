import { en } from '../src/lib/messages/en.ts';
import { demoAccount, sourceQuiz } from './harness/demo-school.ts';
import { expect, test } from './harness/test.ts';

test('work that the school refuses is shown with its reason, is kept, and can be sent again', async ({ device, school }) => {
  const quiz = sourceQuiz('programming-8', 'first-programs-check');
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isUpToDate();

  // A school whose rules do not let attempts in today; everything else goes through.
  await device.context.route('**/db/school-greenhill/_bulk_docs', async (route) => {
    const request = JSON.parse(route.request().postData() ?? '{}');
    const attempts = request.docs.filter(({ _id }: { _id: string }) => _id.includes(':attempt:'));
    const rest = request.docs.filter(({ _id }: { _id: string }) => !_id.includes(':attempt:'));
    const answer = await route.fetch({ postData: JSON.stringify({ ...request, docs: rest }) });
    const refused = attempts.map(({ _id, _rev }: { _id: string; _rev: string }) => ({
      id: _id,
      rev: _rev,
      error: 'forbidden',
      reason: 'No quizzes on Saturdays',
    }));
    await route.fulfill({ response: answer, json: [...(await answer.json()), ...refused] });
  });

  await device.open(`/courses/programming-8/quizzes/${quiz.id}`);
  await device.beginQuiz();
  await device.answerAllAndHandIn(quiz);
  await device.workIsAt('refused');
  await device.open('/sync');
  await expect(device.page.getByRole('heading', { name: en.sync.refused })).toBeVisible();
  await expect(device.page.getByText(en.sync.reason('No quizzes on Saturdays'))).toBeVisible();

  await device.context.unrouteAll({ behavior: 'wait' });
  await device.page.getByRole('button', { name: en.sync.retry }).click();
  await expect(device.page.getByRole('heading', { name: en.sync.refused })).toBeHidden();
  await expect(device.page.getByText(en.sync.allSent)).toBeVisible();
});
