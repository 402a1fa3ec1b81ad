import type { DocumentOf } from '@darasa/shared/documents';
import { sharesLimit } from '@darasa/shared/rules';
import * as v from 'valibot';
import type { CouchClient } from '../couch/couch-client.ts';
import { readRange } from '../couch/school-documents.ts';
import type { ServerStore } from '../couch/server-store.ts';
import type { FeedPlace } from './feed-services.ts';

type Attempt = DocumentOf<'attempt'>;

/** `attemptId` alone is of before more than one attempt could count. */
const sittingRecord = v.looseObject({ _rev: v.string(), attemptId: v.string(), attemptIds: v.optional(v.array(v.string())) });
const gradeDoc = v.looseObject({
  courseId: v.string(),
  quizId: v.string(),
  quizVersion: v.number(),
  attemptId: v.string(),
  result: v.unknown(),
});

/**
 * Whether an attempt is among those that count of a quiz whose attempts are limited: the first that a server came to, as many
 * as the learner is allowed. A record of the server's own says so, which only grows: of several servers one is first, and a grade that
 * is gone does not open an exam again. Devices that did not know of each other meet here.
 */
export async function isSitting(
  { couch, store }: { readonly couch: CouchClient; readonly store: ServerStore },
  { school, database }: FeedPlace,
  quiz: Pick<DocumentOf<'quiz'>, 'attempts' | 'version'>,
  { _id: attemptId, learnerId, courseId, quizId, quizVersion }: Attempt,
  allowed: number,
): Promise<boolean> {
  const id = `sitting:${school}:${learnerId}:${courseId}:${quizId}:${quiz.attempts === undefined ? `v${quizVersion}` : 'all'}`;
  for (;;) {
    const held = await store.read(sittingRecord, id);
    const before = held === null ? await gradedBefore() : (held.attemptIds ?? [held.attemptId]);
    if (before.includes(attemptId)) return true;
    if (before.length >= allowed) return false;
    const attemptIds = [...before, attemptId];
    const rev = held === null ? {} : { _rev: held._rev };
    if ((await store.write({ _id: id, ...rev, attemptId: attemptIds[0] ?? attemptId, attemptIds })) === 'written') return true;
  }

  /** Grades that were given before there were such records, or at the class laptop. */
  async function gradedBefore(): Promise<string[]> {
    return (await readRange(couch, database, `learner-${learnerId}:grade:${courseId}:${quizId}:`)).flatMap((doc) => {
      const parsed = v.safeParse(gradeDoc, doc);
      const counted = parsed.success && parsed.output.result !== null && sharesLimit(quiz, parsed.output.quizVersion);
      return counted ? [parsed.output.attemptId] : [];
    });
  }
}
