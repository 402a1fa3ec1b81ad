import { openedAccount } from '@darasa/couchdb/provisioning';
import {
  answerKeyId,
  contactId,
  contentDigest,
  type DocumentOf,
  documentTypes,
  gradeIdFor,
  parseDocId,
  partitionId,
  quizId,
} from '@darasa/shared/documents';

import { allowanceOf, exceptionsFor, partitionReader, personFrom } from '@darasa/shared/rules';

import type { Logger } from 'pino';

import * as v from 'valibot';
import type { Accounts } from '../couch/accounts.ts';
import { rolesFromClasses } from '../couch/class-roles.ts';
import type { CouchClient } from '../couch/couch-client.ts';

import { readDocuments, readRange, type StoredDocument, writeRevisions } from '../couch/school-documents.ts';

import type { ServerStore } from '../couch/server-store.ts';

import type { SchoolFeeds } from '../feed/school-feed.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Environment } from './environment.ts';
import type { FeedPlace, FeedService } from './feed-services.ts';
import { type AttemptToGrade, gradeAttempt, saysElse, withHistory } from './grade-attempt.ts';
import type { Metrics } from './metrics.ts';
import { isSitting } from './sittings.ts';

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
 * alone, so reading the feed twice grades once. A grade is written again when what it followed from changes: the missing paper
 * arrives, a later version corrects the quiz, a teacher allows the learner more. Where attempts are limited the first that arrive
 * are graded, and the one too many is kept for a teacher to see.
 */
export function gradingService({ couch, store, accounts, feeds, tokens, environment, metrics, log }: GradingParts): FeedService {
  async function grade(place: FeedPlace, attempts: readonly Attempt[], before: Grades): Promise<void> {
    if (attempts.length === 0) return;
    const { school, database } = place;
    const known = await knownOf(place, attempts);
    const now = new Date(environment.now()).toISOString();
    const mayRead = await readersOf(place, attempts);
    const wanted: DocumentOf<'grade'>[] = [];
    // One after the other: the first attempts are the ones that count.
    for (const attempt of attempts) {
      const old = before.get(gradeIdFor(attempt._id));
      // No clock: every place that grades this attempt writes the same document.
      const toGrade = { ...known(attempt), attempt, mayRead: mayRead(attempt), createdAt: String(old?.['createdAt'] ?? attempt.createdAt) };
      let next = gradeAttempt({ ...toGrade, counts: true });
      const quiz = v.safeParse(documentTypes.quiz.schema, toGrade.quiz);
      // An attempt that cannot be graded yet does not use a sitting up.
      if (next.needsReview === null && quiz.success) {
        const { attempts: allowed } = allowanceOf(quiz.output, toGrade.exceptions);
        if (allowed !== null && !(await isSitting({ couch, store }, place, quiz.output, attempt, allowed)))
          next = gradeAttempt({ ...toGrade, counts: false });
      }
      if (old === undefined) wanted.push(asRevision(next, null));
      else if (saysElse(old, next)) wanted.push(asRevision(withHistory(old, next, now), old._rev));
    }
    if (wanted.length === 0) return;
    const refused = new Map(
      (await writeRevisions(couch, database, wanted, await tokens.signService('grading', school))).map((each) => [each.id, each]),
    );
    for (const { _id, needsReview } of wanted) {
      const refusal = refused.get(_id);
      metrics.graded.inc({ outcome: refusal !== undefined ? 'refused' : needsReview === null ? 'graded' : 'needs-review' });
      if (refusal !== undefined) log.error({ school, error: refusal.error, reason: refusal.reason }, 'The database refused a grade');
    }
  }

  /** What attempts are graded by: all versions of their quizzes with their keys, exceptions, and how far clocks are off. */
  async function knownOf({ database }: FeedPlace, attempts: readonly Attempt[]): Promise<(attempt: Attempt) => Known> {
    const quizzes = new Map<string, Promise<Map<string, StoredDocument>>>();
    const exceptions = new Map<string, Promise<DocumentOf<'exception'>[]>>();
    for (const attempt of attempts) {
      const { learnerId } = attempt;
      if (!quizzes.has(quizOf(attempt))) quizzes.set(quizOf(attempt), readVersions(couch, database, attempt));
      if (!exceptions.has(learnerId)) exceptions.set(learnerId, readExceptions(couch, database, learnerId));
    }
    const papers = new Map<string, StoredDocument>();
    for (const each of quizzes.values()) for (const [id, doc] of await each) papers.set(id, doc);
    const allowed = new Map<string, DocumentOf<'exception'>[]>();
    for (const [learnerId, each] of exceptions) allowed.set(learnerId, await each);
    const contacts = await readDocuments(
      couch,
      database,
      attempts.map(({ learnerId, deviceId }) => contactId(learnerId, deviceId)),
    );
    return (attempt) => {
      const { courseId, quizId: quiz, quizVersion, learnerId, deviceId } = attempt;
      const [paper = '', key = ''] = papersOf(attempt);
      const others = [...papers.values()].filter((doc) => doc['type'] === 'quiz' && doc['courseId'] === courseId && doc['quizId'] === quiz);
      return {
        quiz: papers.get(paper) ?? null,
        answerKey: papers.get(key) ?? null,
        versions: others
          .filter((doc) => doc['version'] !== quizVersion)
          .map((doc) => ({ quiz: doc, answerKey: papers.get(answerKeyId(courseId, quiz, Number(doc['version']))) ?? null })),
        exceptions: exceptionsFor(allowed.get(learnerId) ?? [], courseId, quiz),
        offsetMs: Number(contacts.get(contactId(learnerId, deviceId))?.['clockOffsetMs'] ?? 0),
      };
    };
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
    wants: (id) => isAttempt(id) || isPaper(id) || isException(id),

    async handle(place, ids) {
      const { database } = place;
      const arrived = ids.filter(isAttempt);
      const graded = await readDocuments(couch, database, arrived.map(gradeIdFor));
      const ungraded = arrived.filter((id) => !graded.has(gradeIdFor(id)));
      await grade(place, attemptsAmong(await readDocuments(couch, database, ungraded)), new Map());

      const again = new Set([...(await waitingFor(database, new Set(ids.filter(isPaper)))), ...(await allowedMore(database, ids))]);
      if (again.size === 0) return;
      const before = await readDocuments(couch, database, [...again].map(gradeIdFor));
      await grade(place, attemptsAmong(await readDocuments(couch, database, [...again])), before);
    },
  };

  /** The attempts whose grade may follow from papers that arrived: those that wait for them, and those that they correct. */
  async function waitingFor(database: string, papers: ReadonlySet<string>): Promise<string[]> {
    if (papers.size === 0) return [];
    const waiting = attemptsAmong(await readDocuments(couch, database, await attemptsWithoutPaper(couch, database)));
    const found = waiting.filter((attempt) => papersOf(attempt).some((id) => papers.has(id))).map(({ _id }) => _id);
    // A key may come before its quiz or after it: either way the quiz says what it corrects.
    const quizIds = [...papers].map((id) => id.replace(/^keys-(.*):answer-key:/, 'course-$1:quiz:'));
    for (const doc of (await readDocuments(couch, database, quizIds)).values()) {
      const quiz = v.safeParse(documentTypes.quiz.schema, doc);
      if (!quiz.success || (quiz.output.regrades ?? []).length === 0) continue;
      found.push(...(await attemptsAt(couch, database, quiz.output)));
    }
    return found;
  }

  /** The attempts of learners at quizzes in which a teacher has just allowed them more. */
  async function allowedMore(database: string, ids: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const doc of (await readDocuments(couch, database, ids.filter(isException))).values()) {
      const { learnerId, courseId, quizId: quiz } = v.parse(documentTypes.exception.schema, doc);
      found.push(...(await readRange(couch, database, `learner-${learnerId}:attempt:${courseId}:${quiz}:`)).map(({ _id }) => _id));
    }
    return found;
  }
}

/**
 * The grade as a revision whose name follows from its parent and its content. Servers that grade an attempt in the same moment, and a class
 * laptop that did so weeks before the school, then write the same revision, and where they came to the same nothing conflicts.
 */
function asRevision(grade: DocumentOf<'grade'>, parent: string | null): DocumentOf<'grade'> {
  const [generation = '0', ...before] = parent?.split('-') ?? [];
  const start = Number(generation) + 1;
  // 32 hexadecimal characters, as CouchDB's own names.
  const name = `${contentDigest({ ...grade })}${contentDigest({ parent })}`.slice(0, 32);
  return { ...grade, _rev: `${start}-${name}`, _revisions: { start, ids: [name, ...before] } };
}

type Known = Pick<AttemptToGrade, 'quiz' | 'answerKey' | 'versions' | 'exceptions' | 'offsetMs'>;
type Grades = ReadonlyMap<string, StoredDocument>;

const isAttempt = (id: string): boolean => id.startsWith('learner-') && parseDocId(id)?.type === 'attempt';
const isException = (id: string): boolean => id.startsWith('learner-') && parseDocId(id)?.type === 'exception';
const isPaper = (id: string): boolean =>
  (id.startsWith('course-') && parseDocId(id)?.type === 'quiz') || (id.startsWith('keys-') && parseDocId(id)?.type === 'answer-key');

const viewReply = v.object({ rows: v.array(v.object({ value: v.string() })) });

/** The attempts whose grade waits for a quiz or a key, from the view that shows such grades to a person. */
async function attemptsWithoutPaper(couch: CouchClient, database: string): Promise<string[]> {
  const query = { reduce: 'false', startkey: JSON.stringify(['no-key']), endkey: JSON.stringify(['unknown-quiz', {}]) };
  const path = `/${encodeURIComponent(database)}/_design/learners/_view/for_a_person_to_see`;
  return (await couch.ask(viewReply, 'GET', path, { query })).rows.map(({ value }) => value);
}

const rowsById = v.object({ rows: v.array(v.object({ id: v.string() })) });

/** The attempts at all versions of a quiz. */
async function attemptsAt(couch: CouchClient, database: string, { courseId, quizId: quiz }: DocumentOf<'quiz'>): Promise<string[]> {
  const query = { reduce: 'false', startkey: JSON.stringify([courseId, quiz]), endkey: JSON.stringify([courseId, quiz, {}]) };
  const path = `/${encodeURIComponent(database)}/_design/learners/_view/attempts_by_quiz`;
  return (await couch.ask(rowsById, 'GET', path, { query })).rows.map(({ id }) => id);
}

const quizOf = ({ courseId, quizId: quiz }: Attempt): string => `${courseId}:${quiz}`;

/** All versions of an attempt's quiz, and their keys. */
async function readVersions(
  couch: CouchClient,
  database: string,
  { courseId, quizId: quiz }: Attempt,
): Promise<Map<string, StoredDocument>> {
  const prefixes = [`${partitionId('course', courseId)}:quiz:${quiz}:`, `${partitionId('keys', courseId)}:answer-key:${quiz}:`];
  const found = await Promise.all(prefixes.map((prefix) => readRange(couch, database, prefix)));
  return new Map(found.flat().map((doc) => [doc._id, doc]));
}

async function readExceptions(couch: CouchClient, database: string, learnerId: string): Promise<DocumentOf<'exception'>[]> {
  return (await readRange(couch, database, `${partitionId('learner', learnerId)}:exception:`)).flatMap((doc) => {
    const parsed = v.safeParse(documentTypes.exception.schema, doc);
    return parsed.success ? [parsed.output] : [];
  });
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
