import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { contentDigest, type Document, type DocumentOf, parseDocId } from '@darasa/shared/documents';
import { courseProgress, gradeQuiz, learnerStanding, mergeDocuments, type Person, personFrom, validateWrite } from '@darasa/shared/rules';
import { beforeAll, describe, expect, it } from 'vitest';
import { workspaceFolder } from '../workspace-folder.ts';
import { readCourse, type SourceCourse } from './course/read-course.ts';
import { seeded } from './history/seeded.ts';
import { simulate } from './history/simulate.ts';
import { accountIdOf, demoAccounts, fullDemoAccounts } from './people/demo-accounts.ts';
import { learners } from './people/people.ts';
import { type SchoolContent, schoolContent } from './school-content.ts';
import { classes } from './school-life/classes.ts';

const UNTIL = Date.parse('2026-03-11T09:30:00.000Z');
let courses: SourceCourse[];
let content: SchoolContent;
beforeAll(async () => {
  const folder = join(workspaceFolder(), 'demo', 'greenhill', 'courses');
  const reads = await Promise.all((await readdir(folder)).sort().map((name) => readCourse(join(folder, name))));
  courses = reads.flatMap((read) => (read.ok ? [read.course] : []));
  content = schoolContent(courses, UNTIL);
});

/** The person whose own device or service would have written the document, with the roles that sign-in gives. */
function writerOf(document: Document): Person {
  const partition = parseDocId(document._id)?.partition.key ?? '';
  const as = (accountId: string): Person => {
    const account = fullDemoAccounts.find(({ id }) => id === accountId);
    const taught = classes.find(({ id }) => account?.roles.includes(`teaches:${id}`));
    const marks = learners.filter(({ classId }) => classId === taught?.id).map(({ username }) => accountIdOf(username));
    return personFrom(accountId, [...(account?.roles ?? []), ...(taught === undefined ? [] : [`marks:${marks.join(',')}`])]);
  };
  switch (document.type) {
    case 'attempt':
    case 'lesson-event':
    case 'profile':
    case 'progress':
    case 'enrolment':
      return as(partition);
    case 'grade':
      return personFrom('grading', ['service:grading']);
    case 'contact':
      return personFrom('presence', ['service:presence']);
    case 'announcement':
    case 'assignment':
    case 'attendance':
    case 'note':
    case 'feedback':
      return as(document.authorId);
    case 'job':
      return as(document.employerId);
    case 'course':
      return as(document.authorIds[0] ?? '');
    case 'outline':
    case 'lesson':
    case 'quiz':
    case 'answer-key':
      return as(fullDemoAccounts.find(({ roles }) => roles.includes(`authors:${partition}`))?.id ?? '');
    case 'roster-entry':
    case 'settings':
    case 'category':
    case 'achievement':
      return as(accountIdOf('admin'));
    // The roster: only the school's server writes who is in a class.
    default:
      return personFrom('root', ['_admin']);
  }
}

const ofType = <Type extends Document['type']>(type: Type): DocumentOf<Type>[] =>
  content.documents.filter((document) => document.type === type) as unknown as DocumentOf<Type>[]; // the filter has just said so

describe('the demo school', () => {
  it('holds only documents that a person or service of the school could have written', () => {
    const refusals = content.documents.map((document) => [document._id, validateWrite(document, null, writerOf(document))] as const);
    expect(refusals.filter(([, refusal]) => refusal !== null)).toEqual([]);
  });

  it('is the same for the same moment, and holds no document twice', () => {
    expect(schoolContent(courses, UNTIL)).toEqual(content);
    const ids = content.documents.map(({ _id }) => _id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has thirty learners, two teachers, a guardian of two, an employer and an admin, with passwords that the rule accepts', () => {
    const count = (kind: string) => demoAccounts.filter((account) => account.kind === kind).length;
    expect(['learner', 'teacher', 'guardian', 'employer', 'admin'].map(count)).toEqual([30, 2, 1, 1, 1]);
    expect(new Set(demoAccounts.map(({ password }) => password)).size).toBe(35);
    expect(demoAccounts.filter(({ password }) => password.length < 8)).toEqual([]);
    expect(new Set(fullDemoAccounts.map(({ id }) => id)).size).toBe(35);
    expect(fullDemoAccounts.every(({ id }) => /^[0-9a-z]{12}$/.test(id))).toBe(true);
  });

  it('tells of nothing that has not happened yet', () => {
    const future = content.documents.filter(({ createdAt }) => Date.parse(createdAt) > UNTIL);
    expect(future.map(({ _id }) => _id)).toEqual([]);
  });

  it('has learners who finished a course, who fail, and who have not been heard from for days', () => {
    expect(ofType('enrolment').filter(({ completedAt }) => completedAt !== null).length).toBeGreaterThanOrEqual(2);
    expect(ofType('grade').filter(({ result }) => result?.passed === false).length).toBeGreaterThanOrEqual(5);
    const silent = ofType('contact').filter(({ lastHeardAt }) => UNTIL - Date.parse(lastHeardAt) > 5 * 86_400_000);
    expect(silent.length).toBeGreaterThanOrEqual(3);
  });

  it('has grades that the grading service gives for the answers: of an exam the score alone', () => {
    const attempts = new Map(ofType('attempt').map((attempt) => [attempt._id, attempt]));
    for (const { attemptId, courseId, quizId, result } of ofType('grade')) {
      const quiz = courses.find(({ card }) => card.id === courseId)?.quizzes.get(quizId);
      const attempt = attempts.get(attemptId);
      if (quiz === undefined || attempt === undefined) throw new Error(attemptId);
      const marked = gradeQuiz({ questions: quiz.questions, answers: attempt.answers, passingScore: quiz.passingScore });
      expect(result).toEqual(quiz.exam ? { ...marked, questions: {} } : marked);
      expect(attempt.provisional === null).toBe(quiz.exam);
    }
  });

  it('calls a course completed where the rules of progress do, and has learners who need help', () => {
    const standings: string[] = [];
    const winners = content.revisions.filter((each) => each._rev?.startsWith('3-') === true && each['_deleted'] !== true);
    const progresses = [...ofType('progress'), ...(winners as unknown as DocumentOf<'progress'>[])]; // resolvedConflict joins progress
    for (const enrolment of ofType('enrolment')) {
      const { learnerId, courseId } = enrolment;
      const mine = <Each extends { readonly learnerId: string }>(all: readonly Each[]) =>
        all.filter((each) => each.learnerId === learnerId);
      const outline = ofType('outline').find((each) => each.courseId === courseId);
      const progress = mine(progresses).find((each) => each.courseId === courseId) ?? null;
      if (outline === undefined || progress === null) throw new Error(enrolment._id);
      const work = { outline, progress, attempts: mine(ofType('attempt')), grades: mine(ofType('grade')) };
      expect(courseProgress(work).state === 'finished', enrolment._id).toBe(enrolment.completedAt !== null);
      standings.push(learnerStanding({ ...work, contacts: mine(ofType('contact')) }).standing);
    }
    const count = (standing: string) => standings.filter((each) => each === standing).length;
    expect(count('needs-help')).toBeGreaterThanOrEqual(3);
    expect(count('finished')).toBeGreaterThanOrEqual(4);
    expect(count('working')).toBeGreaterThanOrEqual(30);
  });

  it('has conflicts of two devices whose winner is what the merge of both says', () => {
    expect(content.revisions).toHaveLength(10);
    for (const start of [0, 5]) {
      const [base, one, other, merged, deleted] = content.revisions.slice(start, start + 5) as unknown as DocumentOf<'progress'>[]; // as resolvedConflict orders them
      if (!base || !one || !other || !merged || !deleted) throw new Error('five revisions');
      const body = (document: DocumentOf<'progress'>) => contentDigest(document);
      expect(body(merged)).toBe(body(mergeDocuments('progress', [other, one])));
      expect(body(one)).not.toBe(body(other));
      expect(validateWrite(merged, one, writerOf(merged))).toBeNull();
      expect(validateWrite({ _id: deleted._id, _deleted: true }, other, writerOf(merged))).toBeNull();
    }
  });
});

describe('a learner’s history', () => {
  it.each(['2026-01-01T00:00:00.000Z', '2026-02-28T21:30:00.000Z', '2026-05-04T05:00:00.000Z', '2027-12-25T12:00:00.000Z'])(
    'is in the order of time and ends before the school begins, at %s',
    (moment) => {
      const until = Date.parse(moment);
      for (const learner of learners) {
        const steps = simulate(learner, courses.slice(0, 3), until, seeded(learner.username));
        const times = steps.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times.every((time) => time < until)).toBe(true);
      }
    },
  );
});
