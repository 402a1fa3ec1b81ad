import { newAttempt } from '../../documents/build/attempt.ts';
import { contentDigest } from '../../documents/digest.ts';
import type { DocumentTypeName } from '../../documents/registry.ts';
import { MAX_FILE_SIZE } from '../../questions/limits.ts';
import { personas, strangers } from '../access/personas.fixture.ts';
import type { UncheckedDocument } from '../access/write.ts';
import { answerFileWith, attemptWith, SAMPLE_TIME, sampleDocument, sampleJwk, sealWith, timedAttempt } from './sample-documents.fixture.ts';
import { MAX_CONTENT_SIZE, MAX_RECORD_SIZE } from './structure.ts';
import type { UserContext } from './validate-update.ts';
import { type ValidationCase, withForeignHistory } from './validation-case.fixture.ts';

const { nobody, learner, teacher, guardian, employer, admin, operator, author, grading, presence, hub } = personas;
const { classmate, coTeacher, hubElsewhere, otherEmployer, serverAdmin, teacherElsewhere } = strangers;

const forbidden = (
  name: string,
  userCtx: UserContext,
  newDoc: UncheckedDocument,
  oldDoc: UncheckedDocument | null = null,
): ValidationCase => ({
  name,
  newDoc,
  oldDoc,
  userCtx,
  expected: 'forbidden',
});
const hidden = (name: string, userCtx: UserContext, newDoc: UncheckedDocument, stored: UncheckedDocument): ValidationCase => ({
  ...forbidden(name, userCtx, withForeignHistory(newDoc)),
  hidesHistory: { stored },
});
const placeOfHub = (change: UncheckedDocument): UncheckedDocument => ({
  ...sampleDocument('place', 'school', ''),
  _id: 'school:place:laptop-7a',
  placeId: 'laptop-7a',
  ...change,
});
const tombstone = (doc: UncheckedDocument): UncheckedDocument => ({ _id: doc['_id'], _deleted: true });
const sealed = (doc: UncheckedDocument, prefix: string): UncheckedDocument => ({ ...doc, _id: `${prefix}:${contentDigest(doc)}` });
const without = (doc: UncheckedDocument, field: string): UncheckedDocument =>
  Object.fromEntries(Object.entries(doc).filter(([name]) => name !== field));
/** As it comes from the wire: an object literal cannot have a member called __proto__. */
const withMember = (json: string): Record<string, unknown> => JSON.parse(json) as Record<string, unknown>; // each text below is an object

const profile = sampleDocument('profile', 'learner-ada', 'ada');
const progress = sampleDocument('progress', 'learner-ada', 'ada');
const attempt = sampleDocument('attempt', 'learner-ada', 'ada');
const answerFile = sampleDocument('answer-file', 'learner-ada', 'ada');
const deviceKey = sampleDocument('device-key', 'learner-ada', '');
const seal = sampleDocument('seal', 'learner-ada', 'ada');
const grade = sampleDocument('grade', 'learner-ada', 'ada');
const exception = sampleDocument('exception', 'learner-ada', 'tembo');
const feedback = sampleDocument('feedback', 'learner-ada', 'tembo');
const announcement = sampleDocument('announcement', 'class-7a', 'tembo');
const { _id: _feedbackId, ...said } = feedback;
const feedbackOf8b = sealed({ ...said, classId: '8b' }, 'learner-ada:feedback:tablet-1:7');
const ofJuma = sampleDocument('announcement', 'class-7a', 'juma');
const job = sampleDocument('job', 'public', 'acme');
const lesson = sampleDocument('lesson', 'course-maths-7', 'amina');
const quiz = sampleDocument('quiz', 'course-maths-7', 'amina');
const audit = sampleDocument('audit', 'staff', 'head');
const card = sampleDocument('course', 'public', 'amina');
const seating = sampleDocument('seating', 'register-7a', 'tembo');
const classSignIn = sampleDocument('class-sign-in', 'register-7a', 'tembo');
const classCode = sampleDocument('class-code', 'register-7a', 'tembo');
const withCode = (value: UncheckedDocument) => ({ value, tick: 2, deviceId: 'tablet-1' });
const verifier = {
  password_scheme: 'pbkdf2',
  pbkdf2_prf: 'sha256',
  salt: 'ab'.repeat(16),
  iterations: 100_000,
  derived_key: 'cd'.repeat(32),
};
const attendance = sampleDocument('attendance', 'register-7a', 'tembo');

const assignment = sampleDocument('assignment', 'class-7a', 'tembo');
const editsOfSeating = { seen: { 'copy-1': 1 }, cells: {}, removed: {}, decisions: {} };
const withCell = (cell: string, entry: UncheckedDocument): UncheckedDocument => ({
  ...seating,
  edits: { ...editsOfSeating, cells: { [cell]: [{ value: 'Blue', by: 'copy-1', n: 1, personId: 'tembo', at: SAMPLE_TIME, ...entry }] } },
});

type Forgery = readonly [type: DocumentTypeName, partition: string, by: UserContext, who: string];

const forgeries: readonly Forgery[] = [
  ['profile', 'learner-ben', learner, 'a learner, in a classmate’s partition'],
  ['progress', 'learner-ben', learner, 'a learner, in a classmate’s partition'],
  ['enrolment', 'learner-ben', learner, 'a learner, in a classmate’s partition'],
  ['lesson-event', 'learner-ben', learner, 'a learner, in a classmate’s partition'],
  ['attempt', 'learner-ben', learner, 'a learner, in a classmate’s partition'],
  ['grade', 'learner-ada', learner, 'the learner, of their own work'],
  ['grade', 'learner-ada', teacher, 'a teacher'],
  ['grade', 'learner-ada', admin, 'an admin'],
  ['grade', 'learner-ada', presence, 'another service'],
  ['contact', 'learner-ada', learner, 'the learner'],
  ['feedback', 'learner-ada', learner, 'the learner'],
  ['feedback', 'learner-ada', guardian, 'a guardian'],
  ['feedback', 'learner-ada', teacherElsewhere, 'a teacher of another class'],
  ['feedback', 'learner-zoe', teacher, 'a teacher, to another class’s learner'],
  ['exception', 'learner-ada', learner, 'the learner, for themselves'],
  ['exception', 'learner-ada', guardian, 'a guardian'],
  ['exception', 'learner-ada', admin, 'an admin'],
  ['exception', 'learner-ada', teacherElsewhere, 'a teacher of another class'],
  ['exception', 'learner-zoe', teacher, 'a teacher, for another class’s learner'],
  ['release', 'class-7a', learner, 'a learner of the class'],
  ['release', 'class-8b', teacher, 'a teacher of another class'],
  ['quiz-draft', 'draft-maths-7', teacher, 'a teacher who gives it'],
  ['quiz-draft', 'draft-art-8', author, 'the author of another course'],
  ['attempt', 'learner-ada', teacher, 'a teacher'],
  ['answer-file', 'learner-ben', learner, 'a learner, in a classmate’s partition'],
  ['answer-file', 'learner-ada', teacher, 'a teacher'],
  ['attempt', 'learner-ada', guardian, 'a guardian'],
  ['attempt', 'learner-ada', admin, 'an admin'],
  ['attempt', 'learner-ada', grading, 'the grading service'],
  ['member', 'class-7a', teacher, 'a teacher of the class'],
  ['member', 'class-7a', learner, 'a learner of the class'],
  ['member', 'class-7a', admin, 'an admin without the server'],
  ['class', 'class-7a', teacher, 'a teacher of the class'],
  ['class', 'class-7a', admin, 'an admin without the server'],
  ['assignment', 'class-7a', learner, 'a learner of the class'],
  ['assignment', 'class-8b', teacher, 'a teacher of another class'],
  ['announcement', 'school', learner, 'a learner'],
  ['announcement', 'class-7a', learner, 'a learner of the class'],
  ['announcement', 'class-8b', teacher, 'a teacher of another class'],
  ['attendance', 'register-7a', learner, 'a learner'],
  ['attendance', 'register-8b', teacher, 'a teacher of another class'],
  ['seating', 'register-7a', learner, 'a learner of the class'],
  ['seating', 'register-8b', teacher, 'a teacher of another class'],
  ['class-sign-in', 'register-7a', learner, 'the learner'],
  ['class-sign-in', 'register-7a', classmate, 'a classmate'],
  ['class-sign-in', 'register-7a', admin, 'an admin who does not teach it'],
  ['class-sign-in', 'register-8b', teacher, 'a teacher of another class'],
  ['class-sign-in', 'register-7a', hubElsewhere, 'the hub of another class'],
  ['class-code', 'register-7a', learner, 'a learner of the class'],
  ['class-code', 'register-8b', teacher, 'a teacher of another class'],
  ['course-draft', 'draft-maths-7', teacher, 'a teacher who gives it'],
  ['course-draft', 'draft-art-8', author, 'the author of another course'],
  ['lesson-draft', 'draft-maths-7', admin, 'an admin'],
  ['lesson-draft', 'draft-art-8', author, 'the author of another course'],
  ['roster-entry', 'register-7a', teacher, 'a teacher of the class'],
  ['note', 'register-7a', guardian, 'a guardian'],
  ['lesson', 'course-maths-7', teacher, 'a teacher who gives it'],
  ['lesson', 'course-art-8', author, 'the author of another course'],
  ['quiz', 'draft-art-8', author, 'the author of another course'],
  ['outline', 'course-maths-7', learner, 'a learner'],
  ['answer-key', 'keys-maths-7', teacher, 'a teacher who gives the exam'],
  ['answer-key', 'keys-maths-7', grading, 'the grading service'],
  ['course', 'public', teacher, 'a teacher who gives it'],
  ['school', 'public', teacher, 'a teacher'],
  ['issuer-key', 'public', author, 'an author'],
  ['settings', 'school', teacher, 'a teacher'],
  ['category', 'school', operator, 'an operator'],
  ['achievement', 'school', learner, 'a learner'],
  ['place', 'school', admin, 'an admin'],
  ['place', 'school', teacher, 'a teacher'],
  ['place', 'school', presence, 'another service'],
  ['place', 'school', hub, 'a hub, of another place'],
  ['job', 'public', learner, 'a learner'],
  ['application', 'employer-acme', teacher, 'a teacher'],
  ['application-reply', 'employer-bolt', employer, 'another employer'],
  ['audit', 'staff', teacher, 'a teacher'],
  ['receipt', 'learner-ada', learner, 'the learner'],
  ['device-key', 'learner-ada', learner, 'the learner'],
  ['device-key', 'learner-ada', teacher, 'a teacher'],
  ['device-key', 'learner-ada', admin, 'an admin'],
  ['device-key', 'learner-ada', hub, 'a hub, which could then sign for its learners'],
  ['seal', 'learner-ben', learner, 'a learner, in a classmate’s partition'],
  ['seal', 'learner-ada', teacher, 'a teacher'],
  ['seal', 'learner-ada', presence, 'a service'],
  ['receipt', 'learner-ada', teacher, 'a teacher'],
  ['receipt', 'learner-ada', hub, 'the hub that handed the work in'],
  ['grade', 'learner-ada', hub, 'a hub'],
  ['contact', 'learner-ada', hub, 'a hub, as if the school had heard the device'],
  ...(['profile', 'enrolment', 'progress', 'lesson-event', 'attempt', 'answer-file', 'seal'] as const).map(
    (type): Forgery => [type, 'learner-ada', hubElsewhere, 'the hub of another class'],
  ),
  ['contact', 'learner-ada', hubElsewhere, 'the hub of another class'],
  ['feedback', 'learner-ada', hub, 'a hub in its own name'],
  ['announcement', 'class-7a', hub, 'a hub in its own name'],
  ['announcement', 'school', hub, 'a hub in its own name'],
  ['assignment', 'class-8b', hub, 'the hub of another class'],
  ['seating', 'register-8b', hub, 'the hub of another class'],
  ['class', 'class-7a', hub, 'a hub'],
  ['member', 'class-7a', hub, 'a hub'],
  ['roster-entry', 'register-7a', hub, 'a hub'],
  ['lesson', 'course-maths-7', hub, 'a hub'],
  ['answer-key', 'keys-maths-7', hub, 'a hub'],
  ['course-draft', 'draft-maths-7', hub, 'a hub'],
  ['job', 'public', hub, 'a hub'],
  ['settings', 'school', hub, 'a hub'],
  ['application', 'employer-acme', hub, 'a hub in its own name'],
  ['application-reply', 'employer-acme', hub, 'a hub'],
  ['audit', 'staff', hub, 'a hub'],
  ['erasure', 'staff', hub, 'a hub'],
];

/** Writes that the database refuses, each for the one reason in its name. */
export const refusedWrites: readonly ValidationCase[] = [
  ...forgeries.map(([type, partition, userCtx, who]) =>
    forbidden(`${type} in ${partition} written by ${who}`, userCtx, sampleDocument(type, partition, userCtx.name ?? '')),
  ),

  // A laptop that would have devices write to it as to the school, or as to a laptop of classes that it does not keep.
  forbidden('a hub that says it is the school', hub, placeOfHub({ kind: 'school' })),
  forbidden('a hub that says it keeps another’s class', hub, placeOfHub({ kind: 'hub', classes: ['7a', '8b'] })),

  // Nobody, and roles that grant nothing.
  { name: 'somebody who has not signed in', newDoc: job, oldDoc: null, userCtx: nobody, expected: 'unauthorized' },
  { name: 'roles without a name', newDoc: profile, oldDoc: null, userCtx: { name: null, roles: learner.roles }, expected: 'unauthorized' },
  forbidden('an account whose name is the learner’s and who is no learner', { name: 'ada', roles: ['school:greenhill'] }, attempt),
  forbidden('an unknown role that looks like a service', { name: 'x', roles: ['service:grading2', 'services:grading'] }, grade),

  // Another's name.
  forbidden('an announcement in another teacher’s name', teacher, sampleDocument('announcement', 'class-7a', 'juma')),
  forbidden('feedback in another teacher’s name', teacher, sampleDocument('feedback', 'learner-ada', 'juma')),
  forbidden('a job in another employer’s name', employer, sampleDocument('job', 'public', 'bolt')),
  forbidden('an application in another learner’s name', learner, sampleDocument('application', 'employer-acme', 'ben')),
  forbidden('an audit entry in another admin’s name', admin, sampleDocument('audit', 'staff', 'somebody')),
  forbidden('an attempt that names another learner than its partition', learner, { ...attempt, learnerId: 'ben' }),
  forbidden('a changed author', coTeacher, { ...announcement, authorId: 'juma' }, announcement),
  forbidden('an edit that leaves the author’s name on it', coTeacher, { ...announcement, body: 'No school.' }, announcement),
  forbidden('a changed time of creation', teacher, { ...announcement, createdAt: '2026-01-01T00:00:00.000Z' }, announcement),
  forbidden('a changed device', teacher, { ...announcement, deviceId: 'phone-9' }, announcement),
  forbidden('a job given to another employer', admin, { ...job, employerId: 'bolt' }, job),

  forbidden('feedback that a hub brings in the name of a teacher elsewhere', hub, sampleDocument('feedback', 'learner-ada', 'noor')),
  forbidden('attendance that a hub brings in the name of a teacher elsewhere', hub, sampleDocument('attendance', 'register-7a', 'noor')),
  forbidden('an announcement in the name of a teacher elsewhere', hub, sampleDocument('announcement', 'school', 'noor')),
  forbidden('an application in the name of a learner elsewhere', hub, sampleDocument('application', 'employer-acme', 'zoe')),
  forbidden('feedback that a hub brings in the name of a learner', hub, sampleDocument('feedback', 'learner-ada', 'ben')),
  forbidden('feedback of a class that the hub does not keep', hub, feedbackOf8b),
  forbidden('another teacher’s announcement deleted by a hub', hub, tombstone(ofJuma), ofJuma),
  forbidden('an attempt that a hub brings over the first', hub, { ...attempt, answers: {} }, attempt),
  forbidden('a grade changed by a hub', hub, { ...grade, needsReview: null }, grade),

  // What is written once.
  forbidden('an edited attempt', learner, { ...attempt, answers: {} }, attempt),
  forbidden('an attempt with its own digest over the first', learner, attempt, attempt),
  forbidden('a deleted attempt', learner, tombstone(attempt), attempt),
  forbidden('an attempt deleted by an admin', admin, tombstone(attempt), attempt),
  forbidden('deleted feedback', teacher, tombstone(feedback), feedback),
  forbidden('a grade changed by the learner', learner, { ...grade, needsReview: null }, grade),
  forbidden('a grade deleted by the learner', learner, tombstone(grade), grade),
  forbidden('a digest of other content', learner, { ...attempt, submittedAt: '2026-01-15T08:01:00.000Z' }),
  forbidden(
    'an attempt whose key names another quiz',
    learner,
    sealed(without(attempt, '_id'), 'learner-ada:attempt:maths-7:other-quiz:tablet-1:7'),
  ),
  forbidden(
    'an attempt whose key counts otherwise',
    learner,
    sealed(without(attempt, '_id'), 'learner-ada:attempt:maths-7:fractions-check:tablet-1:8'),
  ),
  forbidden('a published quiz that changes', author, { ...quiz, passingScore: 0.1 }, quiz),
  forbidden('a published quiz that is deleted', author, tombstone(quiz), quiz),
  forbidden('an audit entry that changes', admin, { ...audit, action: 'nothing' }, audit),
  forbidden('an audit entry that is deleted', admin, tombstone(audit), audit),
  hidden('an edited attempt with its history hidden', learner, { ...attempt, answers: {} }, attempt),
  hidden('a deleted attempt with its history hidden', learner, tombstone(attempt), attempt),
  hidden('a classmate’s progress with its history hidden', classmate, progress, progress),
  hidden('another teacher’s announcement with its history hidden', coTeacher, announcement, announcement),
  hidden('a learner’s grade with its history hidden', learner, grade, grade),

  // Deletions.
  forbidden('another teacher’s announcement deleted', coTeacher, tombstone(announcement), announcement),
  forbidden('another employer’s job deleted', otherEmployer, tombstone(job), job),
  forbidden('another teacher’s attendance deleted', coTeacher, tombstone(attendance), attendance),
  forbidden('a classmate’s progress deleted', classmate, tombstone(progress), progress),
  forbidden('a deletion that carries text', learner, { ...tombstone(progress), note: 'x'.repeat(500) }, progress),
  forbidden('a deletion that carries an attachment', learner, {
    ...tombstone(profile),
    _attachments: { 'a.txt': { content_type: 'text/plain', data: 'aGVsbG8=' } },
  }),
  forbidden('a deletion of a type that does not belong in the partition', employer, { _id: 'learner-ada:job:x', _deleted: true }),
  forbidden('a deletion of an unknown type', learner, { _id: 'learner-ada:diary:x', _deleted: true }),

  // Structure.
  forbidden('an unknown type', learner, { ...profile, _id: 'learner-ada:diary:today', type: 'diary' }),
  forbidden('a type that is a name objects inherit', learner, { ...profile, _id: 'learner-ada:constructor:me', type: 'constructor' }),
  forbidden('another type than the id says', learner, { ...profile, type: 'progress' }),
  forbidden('a type in a partition where it does not belong', learner, {
    ...job,
    _id: 'learner-ada:job:01kf0000000000000000000000',
    employerId: 'ada',
  }),
  forbidden('an id with too few parts', learner, sealed(without(attempt, '_id'), 'learner-ada:attempt:maths-7')),
  forbidden('a profile that is not the one profile', learner, { ...profile, _id: 'learner-ada:profile:you' }),
  forbidden('a catalogue entry that names another course', author, { ...card, courseId: 'art-8', open: true }),
  forbidden('a lesson that names another lesson', author, { ...lesson, lessonId: 'thirds' }),
  forbidden('a quiz that names another version', author, { ...quiz, version: 2 }),
  forbidden('a grade for another attempt than its key', grading, {
    ...grade,
    attemptId: 'learner-ben:attempt:maths-7:fractions-check:tablet-1:7:00',
  }),
  forbidden('an id that is none of a school’s', learner, { ...profile, _id: 'notes' }),
  forbidden('an id with a capital letter', learner, { ...profile, _id: 'learner-Ada:profile:me' }),
  forbidden('a wrong type of field', learner, { ...progress, lessons: [] }),
  forbidden('a missing field', learner, without(progress, 'lessons')),
  forbidden('a share above the whole', learner, { ...progress, lessons: { halves: { completedAt: null, seen: 1.5, seconds: {} } } }),
  forbidden('a time that is none', learner, { ...progress, createdAt: 'yesterday' }),
  forbidden('a version of the schema that nobody wrote', learner, { ...progress, schemaVersion: 2 }),
  forbidden('a lesson called constructor, that records do not look into', learner, { ...progress, lessons: { constructor: 'anything' } }),
  forbidden('a member called __proto__', learner, { ...progress, lessons: withMember('{"__proto__":{"seen":9}}') }),
  forbidden('a member called __proto__ deep in an unknown field', learner, { ...progress, more: withMember('{"a":[{"__proto__":1}]}') }),
  forbidden('a nest deeper than any document', learner, { ...progress, deep: withMember(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) }),
  forbidden('an oversized record', learner, { ...progress, ballast: 'x'.repeat(MAX_RECORD_SIZE) }),
  forbidden('an oversized lesson', author, { ...lesson, ballast: 'x'.repeat(MAX_CONTENT_SIZE) }),
  forbidden('an attachment in a learner’s document', learner, {
    ...profile,
    _attachments: { 'film.txt': { content_type: 'text/plain', data: 'aGVsbG8=' } },
  }),
  forbidden('an attachment in a job', employer, { ...job, _attachments: { 'a.html': { content_type: 'text/html', data: 'PGI+' } } }),
  forbidden('an assignment deleted by a teacher of another class', teacherElsewhere, tombstone(assignment), assignment),
  forbidden('a value that the document says it has not seen', teacher, withCell('note', { by: 'copy-1', n: 2 })),
  forbidden('a text where a cell holds another kind of thing', teacher, withCell('group', { value: ['Blue'] })),
  forbidden('a PIN in plain text', teacher, { ...classSignIn, code: withCode({ kind: 'pin', by: 'tembo', pin: '4711' }) }),
  forbidden('a PIN that one round guesses', teacher, {
    ...classSignIn,
    code: withCode({ kind: 'pin', by: 'tembo', verifier: { ...verifier, iterations: 1 } }),
  }),
  forbidden('a card with its secret', teacher, { ...classSignIn, card: withCode({ kind: 'card', by: 'tembo', digest: 'a secret' }) }),
  forbidden('a sign-in of somebody else under a learner’s name', teacher, { ...classSignIn, accountId: 'ben' }),
  forbidden('a class code that a child guesses', teacher, { ...classCode, code: withCode({ text: '7a', by: 'tembo' }) }),
  forbidden('a cell without a value', teacher, { ...seating, edits: { ...editsOfSeating, cells: { note: [] } } }),
  forbidden('a cell called constructor', teacher, { ...seating, edits: { ...editsOfSeating, cells: { constructor: [] } } }),
  forbidden(
    'more options in one answer than a question has',
    learner,
    newAttempt({
      createdAt: SAMPLE_TIME,
      deviceId: 'tablet-1',
      seq: 8,
      learnerId: 'ada',
      courseId: 'maths-7',
      quizId: 'fractions-check',
      quizVersion: 1,
      startedAt: SAMPLE_TIME,
      submittedAt: SAMPLE_TIME,
      answers: { q1: { kind: 'multiple', options: Array.from({ length: 21 }, (_, i) => `o${i}`) } },
      provisional: null,
    }),
  ),
  forbidden('an answer that is none of its kind', learner, attemptWith({ q1: { kind: 'hotspot', x: 0.5, y: 1001 } })),
  forbidden('an answer without a kind', learner, attemptWith({ q1: { text: 'halves' } })),
  forbidden('an answer whose kind is no name', learner, attemptWith({ q1: { kind: 'constructor of everything', text: 'x' } })),
  forbidden('an essay longer than anybody writes', learner, attemptWith({ q1: { kind: 'essay', text: 'x'.repeat(20_001) } })),
  forbidden('a question that is none of its kind', author, {
    ...quiz,
    questions: [{ kind: 'ordering', id: 'q1', points: 1, prompt: '?', items: [{ id: 'a', text: 'alone' }] }],
  }),
  ...(
    [
      ['a pool that draws more than it has', { sections: [{ id: 'pool', title: '', questions: ['q1'], draw: 2 }] }],
      ['a section of a question that is not there', { sections: [{ id: 'pool', title: '', questions: ['q9'] }] }],
      ['a question in two sections', { sections: ['a', 'b'].map((id) => ({ id, title: '', questions: ['q1'] })) }],
      ['no sections where it says that there are some', { sections: [] }],
      ['an end before its beginning', { opensAt: SAMPLE_TIME, closesAt: '2026-01-14T08:00:00.000Z' }],
      ['a time limit of nothing', { seconds: 0 }],
      ['no attempts', { attempts: 0 }],
      ['a policy that nobody knows', { review: { score: 'perhaps' } }],
      ['a correction that nobody knows', { regrades: [{ version: 1, question: 'q1', how: 'double' }] }],
    ] as const
  ).map(([what, change]) => forbidden(`a quiz with ${what}`, author, { ...quiz, ...change })),
  forbidden('an attempt that took less than no time', learner, timedAttempt({ spent: -1, allowed: null, doubts: [] })),
  forbidden('an exception in another teacher’s name', teacher, sampleDocument('exception', 'learner-ada', 'juma')),
  forbidden('an exception that changes', teacher, { ...exception, attempts: 9 }, exception),
  forbidden('an exception that goes', teacher, tombstone(exception), exception),
  forbidden('a release in another teacher’s name', teacher, sampleDocument('release', 'class-7a', 'juma')),
  forbidden('a photo that is larger than one may be', learner, answerFileWith('A'.repeat(4 * Math.ceil(MAX_FILE_SIZE / 3) + 4))),
  forbidden('a photo that is no base64', learner, answerFileWith('<svg>not a photo')),
  forbidden('an answer’s file of a type that runs', learner, answerFileWith('aGFsdmVz', 'text/html')),
  forbidden('another photo under the same name', learner, { ...answerFile, data: 'dGhpcmRz' }, answerFile),
  forbidden('a device key that changes', presence, { ...deviceKey, publicJwk: { ...sampleJwk, x: 'another' } }, deviceKey),
  forbidden('a device key that is deleted', presence, tombstone(deviceKey), deviceKey),
  forbidden('a seal that changes', learner, { ...seal, covers: ['0'.repeat(20)] }, seal),
  forbidden('a seal that covers nothing', learner, sealWith({ covers: [] })),
  forbidden('a seal without a signature', learner, sealWith({ signature: 'none' })),
  forbidden('a photo that changes', learner, { ...answerFile, data: 'dGhpcmRz' }),
  forbidden('a broken structure by the server itself', serverAdmin, { ...progress, lessons: 'none' }),
];
