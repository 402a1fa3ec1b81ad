import type { DocumentOf } from '@darasa/shared/documents';
import * as v from 'valibot';
import type { CouchClient } from '../couch/couch-client.ts';
import { readRange } from '../couch/school-documents.ts';
import type { ServerStore } from '../couch/server-store.ts';
import type { FeedPlace } from './feed-services.ts';

type Attempt = DocumentOf<'attempt'>;

const sittingRecord = v.looseObject({ attemptId: v.string() });
const gradeDoc = v.looseObject({
  courseId: v.string(),
  quizId: v.string(),
  quizVersion: v.number(),
  attemptId: v.string(),
  result: v.unknown(),
});

/**
 * Which attempt at an exam is the one that is graded: the first that a server came to, for each learner and version of the
 * quiz. A record of the server's own says so, which is written once: of several servers one is first, and a grade that is
 * gone does not open the exam again.
 */
export async function sittingOf(
  { couch, store }: { readonly couch: CouchClient; readonly store: ServerStore },
  { school, database }: FeedPlace,
  { _id: attemptId, learnerId, courseId, quizId, quizVersion }: Attempt,
): Promise<string> {
  const id = `sitting:${school}:${learnerId}:${courseId}:${quizId}:v${quizVersion}`;
  for (;;) {
    const held = await store.read(sittingRecord, id);
    if (held !== null) return held.attemptId;
    // Grades that were given before there were such records.
    const earlier = (await readRange(couch, database, `learner-${learnerId}:grade:`)).flatMap((doc) => {
      const parsed = v.safeParse(gradeDoc, doc);
      return parsed.success && parsed.output.result !== null ? [parsed.output] : [];
    });
    const sat = earlier.find((grade) => grade.courseId === courseId && grade.quizId === quizId && grade.quizVersion === quizVersion);
    const first = sat?.attemptId ?? attemptId;
    if ((await store.write({ _id: id, attemptId: first })) === 'written') return first;
  }
}
