import { gunzipSync } from 'node:zlib';
import { fromBlock, readRequest, toBlocks, writeReplyLine, writeRequest } from '@darasa/shared/sync';
import { en } from '../src/lib/messages/en.ts';
import { demoAccount, sourceQuiz } from './harness/demo-school.ts';
import { expect, test } from './harness/test.ts';

test('work that the school refuses is shown with its reason, is kept, and can be sent again', async ({ device, school }) => {
  const quiz = sourceQuiz('programming-8', 'first-programs-check');
  await device.signInWithOneTap(await demoAccount(school, 'learner'));
  await device.isUpToDate();

  // A school whose rules do not let attempts in today; everything else goes through.
  await device.context.route('**/db/school-greenhill/_exchange', async (route) => {
    const sent = route.request().postDataBuffer() ?? Buffer.from('');
    const gzipped = route.request().headers()['content-encoding'] === 'gzip';
    const { question, bucketSums, listings, blocks } = readRequest((gzipped ? gunzipSync(sent) : sent).toString());
    const docs = blocks.flatMap(fromBlock);
    const attempts = docs.filter(({ id }) => id.includes(':attempt:'));
    const rest = toBlocks(docs.filter((doc) => !attempts.includes(doc)));
    const headers = Object.fromEntries(Object.entries(route.request().headers()).filter(([name]) => name !== 'content-encoding'));
    const answer = await route.fetch({ postData: writeRequest(question, [...bucketSums, ...listings, ...rest]), headers });
    const refused = attempts.map(({ id, rev }) => writeReplyLine(['r', id, rev, 'forbidden', 'No quizzes on Saturdays']));
    await route.fulfill({ response: answer, body: refused.join('') + (await answer.text()) });
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
