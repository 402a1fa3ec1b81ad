import { contentDigest } from '../../documents/digest.ts';
import type { DocumentTypeName } from '../../documents/registry.ts';
import { everyKind } from '../../questions/every-kind.fixture.ts';
import { MAX_FILE_SIZE } from '../../questions/limits.ts';
import { personas, strangers } from '../access/personas.fixture.ts';
import { answerFileWith, attemptWith, SAMPLE_TIME, sampleDocument, timedAttempt } from './sample-documents.fixture.ts';
import type { UserContext } from './validate-update.ts';
import { type ValidationCase, withForeignHistory } from './validation-case.fixture.ts';

const writes = (type: DocumentTypeName, partition: string, userCtx: UserContext, who: string): ValidationCase => ({
  name: `${who} writes ${type} in ${partition}`,
  newDoc: sampleDocument(type, partition, userCtx.name ?? ''),
  oldDoc: null,
  userCtx,
  expected: 'accepted',
});

const { learner, teacher, employer, admin, author, grading, presence, auditor, courier, receipts, hub } = personas;
const { serverAdmin, classmate, coTeacher } = strangers;

const brings = (type: DocumentTypeName, partition: string, signer: string): ValidationCase => ({
  name: `a hub hands in ${type} in ${partition} by ${signer}`,
  newDoc: sampleDocument(type, partition, signer),
  oldDoc: null,
  userCtx: hub,
  expected: 'accepted',
});

const progress = sampleDocument('progress', 'learner-ada', 'ada');
const attempt = sampleDocument('attempt', 'learner-ada', 'ada');
const { _id: _attemptId, ...answered } = attempt;
const newer = { ...answered, deviceModel: 'a field of a newer program' };
const tombstone = (id: string) => ({ _id: id, _deleted: true });
const announcement = sampleDocument('announcement', 'class-7a', 'tembo');
const assignment = sampleDocument('assignment', 'class-7a', 'tembo');
const changedTitle = {
  seen: { 'copy-1': 1 },
  cells: { title: [{ value: 'Halves, for Tuesday', by: 'copy-1', n: 1, personId: 'juma', at: SAMPLE_TIME }] },
  removed: {},
  decisions: {},
};
const job = sampleDocument('job', 'public', 'acme');
const lesson = sampleDocument('lesson', 'course-maths-7', 'amina');
const quiz = sampleDocument('quiz', 'course-maths-7', 'amina');
const grade = sampleDocument('grade', 'learner-ada', 'ada');

/** Every type by each of its writers, and the changes that people make every day. */
export const acceptedWrites: readonly ValidationCase[] = [
  writes('school', 'public', admin, 'an admin'),
  writes('course', 'public', author, 'its author'),
  writes('course', 'public', admin, 'an admin'),
  writes('issuer-key', 'public', admin, 'an admin'),
  writes('job', 'public', employer, 'an employer'),
  writes('job', 'public', admin, 'an admin'),
  writes('category', 'school', admin, 'an admin'),
  writes('place', 'school', courier, 'the courier service'),
  writes('announcement', 'school', admin, 'an admin'),
  writes('announcement', 'school', teacher, 'a teacher'),
  writes('announcement', 'class-7a', teacher, 'a teacher of the class'),
  writes('settings', 'school', admin, 'an admin'),
  writes('achievement', 'school', admin, 'an admin'),
  writes('outline', 'course-maths-7', author, 'its author'),
  writes('outline', 'draft-maths-7', author, 'its author'),
  writes('lesson', 'course-maths-7', author, 'its author'),
  writes('lesson', 'draft-maths-7', author, 'its author'),
  writes('quiz', 'course-maths-7', author, 'its author'),
  writes('quiz', 'draft-maths-7', author, 'its author'),
  writes('answer-key', 'keys-maths-7', author, 'its author'),
  writes('class', 'class-7a', serverAdmin, 'the server'),
  writes('member', 'class-7a', serverAdmin, 'the server'),
  writes('assignment', 'class-7a', teacher, 'a teacher of the class'),
  writes('seating', 'register-7a', teacher, 'a teacher of the class'),
  writes('class-sign-in', 'register-7a', teacher, 'a teacher of the class'),
  writes('class-sign-in', 'register-7a', coTeacher, 'another teacher of the class'),
  writes('class-code', 'register-7a', teacher, 'a teacher of the class'),
  writes('course-draft', 'draft-maths-7', author, 'its author'),
  writes('lesson-draft', 'draft-maths-7', author, 'its author'),
  writes('quiz-draft', 'draft-maths-7', author, 'its author'),
  writes('release', 'class-7a', teacher, 'a teacher of the class'),
  writes('exception', 'learner-ada', teacher, 'a teacher of the learner'),
  writes('roster-entry', 'register-7a', admin, 'an admin'),
  writes('attendance', 'register-7a', teacher, 'a teacher of the class'),
  writes('note', 'register-7a', teacher, 'a teacher of the class'),
  writes('profile', 'learner-ada', learner, 'the learner'),
  writes('enrolment', 'learner-ada', learner, 'the learner'),
  writes('progress', 'learner-ada', learner, 'the learner'),
  writes('lesson-event', 'learner-ada', learner, 'the learner'),
  writes('attempt', 'learner-ada', learner, 'the learner'),
  writes('answer-file', 'learner-ada', learner, 'the learner'),
  writes('grade', 'learner-ada', grading, 'the grading service'),
  writes('feedback', 'learner-ada', teacher, 'a teacher of the learner'),
  writes('contact', 'learner-ada', presence, 'the presence service'),
  writes('device-key', 'learner-ada', presence, 'the presence service'),
  writes('seal', 'learner-ada', learner, 'the learner'),
  writes('receipt', 'learner-ada', receipts, 'the service of receipts'),
  writes('application', 'employer-acme', learner, 'a learner'),
  writes('application-reply', 'employer-acme', employer, 'the employer'),
  writes('audit', 'staff', auditor, 'the audit service'),
  writes('audit', 'staff', admin, 'an admin'),
  writes('erasure', 'staff', admin, 'an admin'),
  // A hub hands in what its people did, under their names.
  ...(['profile', 'enrolment', 'progress', 'lesson-event', 'attempt', 'answer-file', 'seal'] as const).map((type) =>
    brings(type, 'learner-ben', 'ben'),
  ),
  brings('feedback', 'learner-ada', 'tembo'),
  brings('announcement', 'school', 'tembo'),
  brings('announcement', 'class-7a', 'tembo'),
  brings('assignment', 'class-7a', 'tembo'),
  brings('seating', 'register-7a', 'tembo'),
  brings('class-sign-in', 'register-7a', 'tembo'),
  brings('class-code', 'register-7a', 'tembo'),
  brings('attendance', 'register-7a', 'tembo'),
  brings('note', 'register-7a', 'tembo'),
  brings('exception', 'learner-ada', 'tembo'),
  brings('application', 'employer-acme', 'ada'),
  {
    name: 'a hub says by which keys it is known',
    newDoc: { ...sampleDocument('place', 'school', ''), _id: 'school:place:laptop-7a', placeId: 'laptop-7a', kind: 'hub' },
    oldDoc: null,
    userCtx: hub,
    expected: 'accepted',
  },
  {
    name: 'a hub hands in its teacher’s correction',
    newDoc: { ...announcement, body: 'At ten.' },
    oldDoc: announcement,
    userCtx: hub,
    expected: 'accepted',
  },
  { name: 'a hub hands in a deletion', newDoc: tombstone(announcement._id), oldDoc: announcement, userCtx: hub, expected: 'accepted' },
  {
    name: 'a hub says when it heard from a device',
    newDoc: {
      ...sampleDocument('contact', 'learner-ada', ''),
      _id: 'learner-ada:contact:laptop-7a-tablet-1',
      heardFrom: 'laptop-7a-tablet-1',
    },
    oldDoc: null,
    userCtx: hub,
    expected: 'accepted',
  },
  {
    name: 'a learner goes on with their progress',
    newDoc: { ...progress, resume: { value: { kind: 'lesson', id: 'halves' }, tick: 1, deviceId: 'tablet-1' } },
    oldDoc: progress,
    userCtx: learner,
    expected: 'accepted',
  },
  {
    name: 'a merge keeps the earlier origin of a progress',
    newDoc: { ...progress, createdAt: '2026-01-10T08:00:00.000Z', deviceId: 'phone-2' },
    oldDoc: progress,
    userCtx: learner,
    expected: 'accepted',
  },
  {
    name: 'a learner deletes the losing revision of their progress',
    newDoc: tombstone(progress._id),
    oldDoc: progress,
    userCtx: learner,
    expected: 'accepted',
  },
  {
    name: 'progress that was edited on the device arrives with its history',
    newDoc: withForeignHistory(progress),
    oldDoc: null,
    userCtx: learner,
    expected: 'accepted',
    hidesHistory: { stored: progress },
  },
  {
    name: 'an attempt of a newer program has fields that this one does not know',
    newDoc: { ...newer, _id: `learner-ada:attempt:maths-7:fractions-check:tablet-1:7:${contentDigest(newer)}` },
    oldDoc: null,
    userCtx: learner,
    expected: 'accepted',
  },
  {
    name: 'a quiz with a question of every kind',
    newDoc: { ...quiz, questions: everyKind.map(({ question }, i) => ({ ...question, id: `q${i}` })) },
    oldDoc: null,
    userCtx: author,
    expected: 'accepted',
  },
  {
    name: 'a quiz with a kind of question that only a newer program knows',
    newDoc: { ...quiz, questions: [{ kind: 'draw-a-graph', id: 'q1', points: 2, prompt: 'Draw it.', axes: ['x', 'y'] }] },
    oldDoc: null,
    userCtx: author,
    expected: 'accepted',
  },
  {
    name: 'a quiz with a pool, limits, times and a policy',
    newDoc: {
      ...quiz,
      sections: [{ id: 'pool', title: 'Warm up', questions: ['q1'], draw: 1, shuffle: true, seconds: 60 }],
      shuffleOptions: true,
      seconds: 600,
      attempts: 2,
      opensAt: SAMPLE_TIME,
      closesAt: '2026-01-16T08:00:00.000Z',
      review: { score: 'at-once', answers: 'after-close', feedback: 'released' },
    },
    oldDoc: null,
    userCtx: author,
    expected: 'accepted',
  },
  {
    name: 'a later version that corrects an earlier one',
    newDoc: {
      ...quiz,
      _id: 'course-maths-7:quiz:fractions-check:v2',
      version: 2,
      regrades: [{ version: 1, question: 'q1', how: 'everyone' }],
    },
    oldDoc: null,
    userCtx: author,
    expected: 'accepted',
  },
  {
    name: 'an attempt with its seed and its time',
    newDoc: timedAttempt({ spent: 61_000, sections: { pool: 61_000 }, allowed: 60_000, doubts: [{ what: 'closed', ms: 9_000, at: 4 }] }),
    oldDoc: null,
    userCtx: learner,
    expected: 'accepted',
  },
  {
    name: 'a grade that was given again',
    newDoc: {
      ...grade,
      needsReview: null,
      late: true,
      correctedBy: 2,
      result: { score: 1, maxScore: 1, passed: true, questions: {} },
      history: [{ until: SAMPLE_TIME, score: 0, maxScore: 1, passed: false }],
    },
    oldDoc: grade,
    userCtx: grading,
    expected: 'accepted',
  },
  {
    name: 'another teacher of the class takes back what was released',
    newDoc: tombstone('class-7a:release:maths-7:fractions-check'),
    oldDoc: sampleDocument('release', 'class-7a', 'tembo'),
    userCtx: coTeacher,
    expected: 'accepted',
  },
  {
    name: 'an attempt with an answer of every kind',
    newDoc: attemptWith({ ...Object.fromEntries(everyKind.map(({ answer }, i) => [`q${i}`, answer])) }),
    oldDoc: null,
    userCtx: learner,
    expected: 'accepted',
  },
  {
    name: 'an attempt with an answer of a kind that only a newer program knows',
    newDoc: attemptWith({ q1: { kind: 'draw-a-graph', path: [1, 2, 3] } }),
    oldDoc: null,
    userCtx: learner,
    expected: 'accepted',
  },
  {
    name: 'a grade whose essay waits for a person, and whose wrong choice cost points',
    newDoc: {
      ...grade,
      needsReview: null,
      result: {
        score: 1.5,
        maxScore: 7,
        passed: false,
        toMark: 5,
        questions: {
          q1: { points: 2, maxPoints: 2, correct: false, lost: 0.5 },
          q2: { points: 0, maxPoints: 5, correct: false, waits: true },
        },
      },
    },
    oldDoc: null,
    userCtx: grading,
    expected: 'accepted',
  },
  {
    name: 'a photo as large as one may be',
    newDoc: answerFileWith('A'.repeat(4 * Math.ceil(MAX_FILE_SIZE / 3))),
    oldDoc: null,
    userCtx: learner,
    expected: 'accepted',
  },
  {
    name: 'another learner has the same answers of their own',
    newDoc: sampleDocument('attempt', 'learner-ben', 'ben'),
    oldDoc: null,
    userCtx: classmate,
    expected: 'accepted',
  },
  {
    name: 'an author corrects a lesson',
    newDoc: { ...lesson, body: 'Fold it twice.' },
    oldDoc: lesson,
    userCtx: author,
    expected: 'accepted',
  },
  { name: 'an author deletes a lesson', newDoc: tombstone(lesson._id), oldDoc: lesson, userCtx: author, expected: 'accepted' },
  {
    name: 'a lesson carries a recording',
    newDoc: { ...lesson, _attachments: { 'halves.txt': { content_type: 'text/plain', data: 'aGFsdmVz' } } },
    oldDoc: null,
    userCtx: author,
    expected: 'accepted',
  },
  {
    name: 'a teacher corrects their announcement',
    newDoc: { ...announcement, body: 'At ten.' },
    oldDoc: announcement,
    userCtx: teacher,
    expected: 'accepted',
  },
  {
    name: 'a teacher deletes their announcement',
    newDoc: tombstone(announcement._id),
    oldDoc: announcement,
    userCtx: teacher,
    expected: 'accepted',
  },
  {
    name: 'another teacher of the class changes an assignment',
    newDoc: { ...assignment, edits: changedTitle },
    oldDoc: assignment,
    userCtx: coTeacher,
    expected: 'accepted',
  },
  {
    name: 'another teacher of the class, who merged two versions, deletes the one that lost',
    newDoc: tombstone(assignment._id),
    oldDoc: assignment,
    userCtx: coTeacher,
    expected: 'accepted',
  },
  {
    name: 'another teacher’s assignment that reached them by the laptop, before it reached the school',
    newDoc: withForeignHistory({ ...assignment, edits: changedTitle }),
    oldDoc: null,
    userCtx: coTeacher,
    expected: 'accepted',
    hidesHistory: { stored: assignment },
  },
  {
    name: 'an admin takes an assignment down',
    newDoc: tombstone(assignment._id),
    oldDoc: assignment,
    userCtx: admin,
    expected: 'accepted',
  },
  { name: 'an employer deletes their job', newDoc: tombstone(job._id), oldDoc: job, userCtx: employer, expected: 'accepted' },
  { name: 'an admin deletes a job', newDoc: tombstone(job._id), oldDoc: job, userCtx: admin, expected: 'accepted' },
  {
    name: 'an author writes again what was deleted',
    newDoc: lesson,
    oldDoc: tombstone(lesson._id),
    userCtx: author,
    expected: 'accepted',
  },
  { name: 'the server takes an attempt down', newDoc: tombstone(attempt._id), oldDoc: attempt, userCtx: serverAdmin, expected: 'accepted' },
];
