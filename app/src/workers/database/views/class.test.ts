import { type DocumentOf, newAttempt, newProgress } from '@darasa/shared/documents';
import { recordLesson } from '@darasa/shared/rules';
import { expect, test } from 'vitest';
import { courseDocuments } from '../testing/school.fixture.ts';
import { type ClassMember, classCard, classView, overall } from './class.ts';
import type { CourseMaterial } from './learning.ts';

const [course, outline] = courseDocuments('maths', false) as [DocumentOf<'course'>, DocumentOf<'outline'>]; // in this order
const material: CourseMaterial = { course, outline, readable: true, lessonsHere: 2 };
const at = '2026-01-05T08:00:00.000Z';
const card: DocumentOf<'class'> = {
  _id: 'class-7a:class:card',
  type: 'class',
  schemaVersion: 1,
  createdAt: at,
  deviceId: 'demo',
  classId: '7a',
  name: '7A',
  grade: 7,
  courseIds: ['maths'],
};

function member(accountId: string, lessons: readonly string[], scores: readonly boolean[]): ClassMember {
  const inCourse = { learnerId: accountId, courseId: 'maths', deviceId: 'phone', createdAt: at };
  const visit = (lessonId: string) => ({ lessonId, deviceId: 'phone', seen: 1, seconds: 60, completedAt: at });
  const progress = lessons.reduce((doc, lessonId) => recordLesson(doc, visit(lessonId)), newProgress(inCourse));
  const attempts = scores.map((passed, index) =>
    newAttempt({
      ...inCourse,
      quizId: 'check',
      quizVersion: 1,
      seq: index + 1,
      startedAt: at,
      submittedAt: at,
      answers: {},
      provisional: { score: passed ? 2 : 0, maxScore: 2, passed, questions: {} },
    }),
  );
  return {
    accountId,
    displayName: accountId.toUpperCase(),
    work: { learnerId: accountId, enrolments: [], progress: lessons.length === 0 ? [] : [progress], attempts, grades: [] },
    contacts: [],
  };
}

test('a class shows who has not started, works, has finished or needs help, and why', () => {
  const members = [
    member('nobody', [], []),
    member('worker', ['first'], []),
    member('done', ['first', 'second'], [true]),
    member('stuck', ['first'], [false, false]),
  ];
  const view = classView(card, members, [material], at);
  expect(view.learners.map(({ accountId, standing, because }) => [accountId, standing, because.fact, because.number])).toEqual([
    ['done', 'finished', 'all', 1],
    ['nobody', 'not-started', 'nothing', 0],
    ['stuck', 'needs-help', 'failed', 2],
    ['worker', 'working', 'progress', 33],
  ]);
  expect(view.courses).toEqual([{ courseId: 'maths', title: 'Course maths', finished: 1, working: 2, notStarted: 1 }]);
  expect(classCard(view)).toMatchObject({ learners: 4, needHelp: 1, notStarted: 1 });
});

test('over several courses help wins, and finished and not started have to be so in all', () => {
  expect(overall(['finished', 'needs-help'])).toBe('needs-help');
  expect(overall(['finished', 'not-started'])).toBe('working');
  expect(overall(['finished', 'finished'])).toBe('finished');
  expect(overall(['not-started', 'not-started'])).toBe('not-started');
  expect(overall([])).toBe('not-started');
});

test('thirty learners with a history are shown in the time of a few frames', () => {
  const members = Array.from({ length: 30 }, (_, index) => member(`learner${index}`, ['first', 'second'], Array(20).fill(false)));
  const began = performance.now();
  classView(card, members, [material, material, material], at);
  expect(performance.now() - began).toBeLessThan(250);
});
