import { openedAccount } from '@darasa/couchdb/provisioning';
import { answerKeyId, type DocumentOf, documentTypes, gradeIdFor, parseDocId, partitionId, quizId } from '@darasa/shared/documents';
import { partitionReader, personFrom } from '@darasa/shared/rules';
import type { Logger } from 'pino';
import * as v from 'valibot';
import type { Accounts } from '../couch/accounts.ts';
import { rolesFromClasses } from '../couch/class-roles.ts';
import type { CouchClient } from '../couch/couch-client.ts';
import { readDocuments, type StoredDocument, writeDocuments } from '../couch/school-documents.ts';
import type { ServerStore } from '../couch/server-store.ts';
import type { SchoolFeeds } from '../feed/school-feed.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Environment } from './environment.ts';
import type { FeedPlace, FeedService } from './feed-services.ts';
import { gradeAttempt } from './grade-attempt.ts';
import type { Metrics } from './metrics.ts';
import { sittingOf } from './sittings.ts';

export interface GradingParts {
  readonly couch: CouchClient;
  readonly store: ServerStore;
  readonly accounts: Pick<Accounts, 'byIds'>;
  readonly feeds: SchoolFeeds;
  readonly tokens: AccessTokens;
  readonly environment: Environment;
  readonly metrics: Metrics;
  readonly log: Logger;
}

type Attempt = DocumentOf<'attempt'>;

/**
 * Grades each attempt that arrives, into `learner-<id>:grade:<the attempt's key>`. An attempt that has a grade is left
 * alone, so reading the feed twice grades once. Where the quiz or its key was missing the grade says so, and is written
 * again when the missing paper arrives. Of an exam the learner's first attempt alone is graded.
 */
export function gradingService({ couch, store, accounts, feeds, tokens, environment, metrics, log }: GradingParts): FeedService {
  async function grade({ school, database }: FeedPlace, attempts: readonly Attempt[], before: Grades): Promise<void> {
    if (attempts.length === 0) return;
    const papers = await readDocuments(couch, database, [...new Set(attempts.flatMap(papersOf))]);
    const now = new Date(environment.now()).toISOString();
    const mayRead = await readersOf({ school, database }, attempts);
    const wanted: (DocumentOf<'grade'> & { readonly _rev?: string | undefined })[] = [];
    // One after the other: the first attempt at an exam is the one that is graded.
    for (const attempt of attempts) {
      const [paper = '', key = ''] = papersOf(attempt);
      const old = before.get(gradeIdFor(attempt._id));
      const known = {
        attempt,
        quiz: papers.get(paper) ?? null,
        answerKey: papers.get(key) ?? null,
        mayRead: mayRead(attempt),
        createdAt: String(old?.['createdAt'] ?? now),
      };
      let next = gradeAttempt({ ...known, sitting: attempt._id });
      // An attempt that cannot be graded yet does not use the sitting up.
      if (next.needsReview === null && isExam(known.quiz))
        next = gradeAttempt({ ...known, sitting: await sittingOf({ couch, store }, { school, database }, attempt) });
      if (old === undefined) wanted.push(next);
      else if (old['needsReview'] !== next.needsReview) wanted.push({ ...next, _rev: old._rev });
    }
    if (wanted.length === 0) return;
    const results = await writeDocuments(couch, database, wanted, await tokens.signService('grading', school));
    for (const [index, { error, reason }] of results.entries()) {
      // Another server has graded it in the same moment: by the same rule, so with the same result.
      const outcome =
        error === 'conflict'
          ? 'elsewhere'
          : error !== undefined
            ? 'refused'
            : wanted[index]?.needsReview === null
              ? 'graded'
              : 'needs-review';
      metrics.graded.inc({ outcome });
      if (outcome === 'refused') log.error({ school, error, reason }, 'The database refused a grade');
    }
  }

  /** Whether the accounts of learners may now read the courses of their attempts. */
  async function readersOf({ school, database }: FeedPlace, attempts: readonly Attempt[]): Promise<(attempt: Attempt) => boolean> {
    const openCourses = (await feeds.of(school)).openCourses();
    const readers = new Map<string, (partition: string) => boolean>();
    for (const account of await accounts.byIds([...new Set(attempts.map(({ learnerId }) => learnerId))])) {
      const { name, darasa } = account;
      if (darasa.school !== school) continue;
      // What a learner did before the account was switched off is graded all the same.
      const { roles } = openedAccount(account);
      const all = [...roles, ...(await rolesFromClasses({ couch, accounts, database, school }, roles))];
      readers.set(name, partitionReader(personFrom(name, all), openCourses));
    }
    return ({ learnerId, courseId }) => readers.get(learnerId)?.(partitionId('course', courseId)) ?? false;
  }

  return {
    name: 'grading',
    wants: (id) => isAttempt(id) || isPaper(id),

    async handle(place, ids) {
      const { database } = place;
      const arrived = ids.filter(isAttempt);
      const graded = await readDocuments(couch, database, arrived.map(gradeIdFor));
      const ungraded = arrived.filter((id) => !graded.has(gradeIdFor(id)));
      await grade(place, attemptsAmong(await readDocuments(couch, database, ungraded)), new Map());

      const papers = new Set(ids.filter(isPaper));
      if (papers.size === 0) return;
      const waiting = attemptsAmong(await readDocuments(couch, database, await attemptsWithoutPaper(couch, database)));
      const ready = waiting.filter((attempt) => papersOf(attempt).some((id) => papers.has(id)));
      const before = await readDocuments(
        couch,
        database,
        ready.map(({ _id }) => gradeIdFor(_id)),
      );
      await grade(place, ready, before);
    },
  };
}

type Grades = ReadonlyMap<string, StoredDocument>;

const isAttempt = (id: string): boolean => id.startsWith('learner-') && parseDocId(id)?.type === 'attempt';
const isExam = (quiz: StoredDocument | null): boolean => quiz?.['exam'] === true;
const isPaper = (id: string): boolean =>
  (id.startsWith('course-') && parseDocId(id)?.type === 'quiz') || (id.startsWith('keys-') && parseDocId(id)?.type === 'answer-key');

const viewReply = v.object({ rows: v.array(v.object({ value: v.string() })) });

/** The attempts whose grade waits for a quiz or a key, from the view that shows such grades to a person. */
async function attemptsWithoutPaper(couch: CouchClient, database: string): Promise<string[]> {
  const query = { reduce: 'false', startkey: JSON.stringify(['no-key']), endkey: JSON.stringify(['unknown-quiz', {}]) };
  const path = `/${encodeURIComponent(database)}/_design/learners/_view/for_a_person_to_see`;
  return (await couch.ask(viewReply, 'GET', path, { query })).rows.map(({ value }) => value);
}

function papersOf({ courseId, quizId: quiz, quizVersion }: Attempt): [string, string] {
  return [quizId(courseId, quiz, quizVersion), answerKeyId(courseId, quiz, quizVersion)];
}

function attemptsAmong(docs: ReadonlyMap<string, unknown>): Attempt[] {
  return [...docs.values()].flatMap((doc) => {
    const parsed = v.safeParse(documentTypes.attempt.schema, doc);
    return parsed.success ? [parsed.output] : [];
  });
}
