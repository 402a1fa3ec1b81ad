import { newAnswerFile } from '../../documents/build/answer-file.ts';
import { newApplication } from '../../documents/build/application.ts';
import { newAttempt } from '../../documents/build/attempt.ts';
import { newException } from '../../documents/build/exception.ts';
import { newFeedback } from '../../documents/build/feedback.ts';
import { newGrade } from '../../documents/build/grade.ts';
import { newEnrolment, newProfile, newProgress } from '../../documents/build/learner-state.ts';
import { newLessonEvent } from '../../documents/build/lesson-event.ts';
import { newReceipt } from '../../documents/build/receipt.ts';
import { newSeal } from '../../documents/build/seal.ts';
import { contentDigest } from '../../documents/digest.ts';
import type { Edits } from '../../documents/edits.ts';
import { docId } from '../../documents/ids.ts';
import { parsePartition, partitionId } from '../../documents/partitions.ts';
import { type Document, type DocumentTypeName, documentTypes } from '../../documents/registry.ts';
import type { UncheckedDocument } from '../access/write.ts';

/** Where a sample goes and whose name it bears. */
export interface Placing {
  /** The key of its partition; empty for `public`, `school` and `staff`. */
  readonly key: string;
  readonly signer: string;
}

export const SAMPLE_TIME = '2026-01-15T08:00:00.000Z';
const origin = { createdAt: SAMPLE_TIME, deviceId: 'tablet-1' } as const;
const common = { schemaVersion: 1, ...origin } as const;
const counted = { ...origin, seq: 7 } as const;
const ULID = '01kf0000000000000000000000';

export function sampleAttempt(learnerId: string) {
  return newAttempt({
    ...counted,
    learnerId,
    courseId: 'maths-7',
    quizId: 'fractions-check',
    quizVersion: 1,
    startedAt: SAMPLE_TIME,
    submittedAt: '2026-01-15T08:09:00.000Z',
    answers: { q1: { kind: 'single', option: 'b' }, q2: { kind: 'numeric', text: '٢٤٠' } },
    provisional: null,
  });
}

/** An attempt with these answers, which may be none that an attempt can have. Its id fits. */
export function attemptWith(answers: Readonly<Record<string, unknown>>): UncheckedDocument {
  const { _id, ...rest } = sampleAttempt('ada');
  return sealed({ ...rest, answers }, _id);
}

/** An attempt with this timing, which may be none that an attempt can have. Its id fits. */
export function timedAttempt(timing: unknown): UncheckedDocument {
  const { _id, ...rest } = sampleAttempt('ada');
  return sealed({ ...rest, seed: 'k3', quizDigest: '0123456789abcdef0123', answeredAt: SAMPLE_TIME, timing }, _id);
}

/** A public key of a device. */
export const sampleJwk = { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) } as const;

/** A seal with these fields, which may be none that one can have. Its id fits. */
export function sealWith(fields: UncheckedDocument): UncheckedDocument {
  const { _id, ...rest } = sampleDocument('seal', 'learner-ada', 'ada');
  return sealed({ ...rest, ...fields }, _id);
}

/** An answer's file with this content, which may be none that it can have. Its id fits. */
export function answerFileWith(data: string, mediaType = 'image/jpeg'): UncheckedDocument {
  const { _id, ...rest } = sampleDocument('answer-file', 'learner-ada', 'ada');
  return sealed({ ...rest, data, mediaType }, _id);
}

function sealed(content: UncheckedDocument, id: string): UncheckedDocument {
  return { ...content, _id: id.replace(/[^:]+$/, contentDigest(content)) };
}

const content = (key: string) => ({ ...common, courseId: key, version: 1 });
const question = { kind: 'true-false', id: 'q1', points: 1, prompt: 'One half is 0.5.' } as const;

/** Cells as one person wrote them in one saving. */
function edited(personId: string, values: Readonly<Record<string, unknown>>): Edits {
  const cells = Object.entries(values).map(([cell, value]) => [cell, [{ value, by: 'copy-1', n: 1, personId, at: SAMPLE_TIME }]]);
  return { seen: { 'copy-1': 1 }, cells: Object.fromEntries(cells), removed: {}, decisions: {} };
}

/** One valid document of each type, for any partition of the type's kinds. */
const samples: { readonly [Type in DocumentTypeName]: (placing: Placing, partition: string) => Document } = {
  school: () => ({
    ...common,
    _id: 'public:school:card',
    type: 'school',
    slug: 'greenhill',
    name: 'Greenhill',
    motto: '',
    languages: ['en', 'sw'],
  }),
  course: () => ({
    ...content('maths-7'),
    _id: 'public:course:maths-7',
    type: 'course',
    title: 'Numbers that work',
    summary: 'Fractions, percentages and letters for numbers.',
    language: 'en',
    programme: 'school',
    category: 'mathematics',
    tier: 'youth',
    grade: 7,
    level: 'beginner',
    tags: ['fractions'],
    featured: true,
    open: false,
    lessonCount: 1,
    quizCount: 1,
    minutes: 20,
    authorIds: ['amina'],
  }),
  'issuer-key': () => ({ ...common, _id: 'public:issuer-key:k1', type: 'issuer-key', kid: 'k1', publicJwk: { kty: 'EC', crv: 'P-256' } }),
  job: ({ signer }) => ({
    ...common,
    _id: `public:job:${ULID}`,
    type: 'job',
    employerId: signer,
    employerName: 'Acme',
    title: 'Bookkeeper',
    place: 'Nakuru',
    description: 'Keep the books of a small shop.',
    courseIds: ['bookkeeping-shop'],
    closesAt: null,
  }),
  category: () => ({
    ...common,
    _id: 'school:category:music',
    type: 'category',
    category: 'music',
    names: { en: 'Music', sw: 'Muziki', ar: 'موسيقى' },
  }),
  announcement: ({ signer }, partition) => ({
    ...common,
    _id: `${partition}:announcement:${ULID}`,
    type: 'announcement',
    authorId: signer,
    authorName: 'A teacher',
    title: 'Rain',
    body: 'School starts at nine tomorrow.',
  }),
  settings: () => ({ ...common, _id: 'school:settings:main', type: 'settings', timeZone: 'Africa/Nairobi', passingScore: 0.6 }),
  achievement: () => ({ ...common, _id: 'school:achievement:first-quiz', type: 'achievement', names: { en: 'First quiz' }, points: 10 }),
  outline: ({ key }, partition) => ({
    ...content(key),
    _id: `${partition}:outline:main`,
    type: 'outline',
    sections: [{ id: 'fractions', title: 'Fractions', items: [{ kind: 'lesson', id: 'halves', title: 'Halves', minutes: 20 }] }],
  }),
  lesson: ({ key }, partition) => ({
    ...content(key),
    _id: `${partition}:lesson:halves`,
    type: 'lesson',
    lessonId: 'halves',
    title: 'Halves',
    summary: 'Two equal parts.',
    minutes: 20,
    language: 'en',
    body: 'Fold a sheet of paper once.',
    figures: { 'halves.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' },
  }),
  quiz: ({ key }, partition) => ({
    ...content(key),
    _id: `${partition}:quiz:fractions-check:v1`,
    type: 'quiz',
    quizId: 'fractions-check',
    title: 'Fractions',
    passingScore: 0.6,
    exam: false,
    questions: [{ ...question, key: { value: true }, explanation: 'One of two equal parts.' }],
  }),
  'answer-key': ({ key }) => ({
    ...content(key),
    _id: `keys-${key}:answer-key:fractions-exam:v1`,
    type: 'answer-key',
    quizId: 'fractions-exam',
    keys: { q1: { value: true } },
    explanations: {},
  }),
  'course-draft': ({ key, signer }) => ({
    ...common,
    _id: `draft-${key}:course-draft:main`,
    type: 'course-draft',
    courseId: key,
    authorId: signer,
    edits: edited(signer, { title: 'Numbers that work', 'section.fractions.title': 'Fractions', 'section.fractions.order': 'a0' }),
  }),
  'lesson-draft': ({ key, signer }) => ({
    ...common,
    _id: `draft-${key}:lesson-draft:halves`,
    type: 'lesson-draft',
    courseId: key,
    lessonId: 'halves',
    authorId: signer,
    edits: edited(signer, { title: 'Halves', 'block.b1.text': 'Fold a sheet of paper once.', 'block.b1.order': 'a0' }),
  }),
  'quiz-draft': ({ key, signer }) => ({
    ...common,
    _id: `draft-${key}:quiz-draft:fractions-check`,
    type: 'quiz-draft',
    courseId: key,
    quizId: 'fractions-check',
    authorId: signer,
    edits: edited(signer, {
      title: 'Fractions',
      rules: { seconds: 600, attempts: 2 },
      'section.warm-up.title': 'Warm up',
      'section.warm-up.rules': { draw: 1 },
      'question.q1.body': { kind: 'true-false', prompt: '' },
      'question.q1.section': 'warm-up',
      'question.q1.order': 'a0',
    }),
  }),
  class: ({ key }) => ({
    ...common,
    _id: `class-${key}:class:card`,
    type: 'class',
    classId: key,
    name: '7 A',
    grade: 7,
    courseIds: ['maths-7'],
  }),
  member: ({ key, signer }) => ({
    ...common,
    _id: docId(partitionId('class', key), 'member', signer),
    type: 'member',
    classId: key,
    accountId: signer,
    displayName: 'Somebody',
    role: 'teacher',
  }),
  assignment: ({ key, signer }) => ({
    ...common,
    _id: `class-${key}:assignment:${ULID}`,
    type: 'assignment',
    classId: key,
    authorId: signer,
    courseId: 'maths-7',
    item: { kind: 'lesson', id: 'halves' },
    title: 'Halves, for Monday',
    dueAt: null,
  }),
  seating: ({ key, signer }) => ({
    ...common,
    _id: `register-${key}:seating:ada`,
    type: 'seating',
    classId: key,
    accountId: 'ada',
    authorId: signer,
    edits: edited(signer, { group: 'Blue', seat: 'Front left', note: '' }),
  }),
  release: ({ key, signer }) => ({
    ...common,
    _id: `class-${key}:release:maths-7:fractions-check`,
    type: 'release',
    classId: key,
    authorId: signer,
    courseId: 'maths-7',
    quizId: 'fractions-check',
  }),
  'class-sign-in': ({ key, signer }) => ({
    ...common,
    _id: `register-${key}:class-sign-in:ada`,
    type: 'class-sign-in',
    classId: key,
    accountId: 'ada',
    code: {
      value: {
        kind: 'pictures',
        by: signer,
        verifier: {
          password_scheme: 'pbkdf2',
          pbkdf2_prf: 'sha256',
          salt: 'ab'.repeat(16),
          iterations: 100_000,
          derived_key: 'cd'.repeat(32),
        },
      },
      tick: 1,
      deviceId: 'tablet-1',
    },
    card: { value: { kind: 'card', by: signer, digest: 'ef'.repeat(32) }, tick: 1, deviceId: 'tablet-1' },
  }),
  'class-code': ({ key, signer }) => ({
    ...common,
    _id: `register-${key}:class-code:main`,
    type: 'class-code',
    classId: key,
    code: { value: { text: 'k7pm-4xq9', by: signer }, tick: 0, deviceId: 'tablet-1' },
  }),
  'roster-entry': ({ key }) => ({
    ...common,
    _id: `register-${key}:roster-entry:ada`,
    type: 'roster-entry',
    classId: key,
    accountId: 'ada',
    fullName: 'Ada Wanjiru',
    guardianIds: ['grace'],
  }),
  attendance: ({ key, signer }) => ({
    ...common,
    _id: `register-${key}:attendance:2026-01-15`,
    type: 'attendance',
    classId: key,
    authorId: signer,
    day: '2026-01-15',
    present: { ada: 'present', ben: 'late' },
  }),
  note: ({ key, signer }) => ({
    ...common,
    _id: `register-${key}:note:${ULID}`,
    type: 'note',
    classId: key,
    authorId: signer,
    learnerId: 'ada',
    heading: 'Reading',
    body: 'Sits better at the front.',
  }),
  profile: ({ key }) => newProfile({ ...origin, learnerId: key, displayName: 'Ada', language: 'sw' }),
  enrolment: ({ key }) => newEnrolment({ ...origin, learnerId: key, courseId: 'maths-7' }),
  progress: ({ key }) => newProgress({ ...origin, learnerId: key, courseId: 'maths-7' }),
  'lesson-event': ({ key }) => newLessonEvent({ ...counted, learnerId: key, courseId: 'maths-7', itemId: 'halves', action: 'opened' }),
  attempt: ({ key }) => sampleAttempt(key),
  'answer-file': ({ key }) =>
    newAnswerFile({
      ...counted,
      learnerId: key,
      courseId: 'maths-7',
      quizId: 'fractions-check',
      questionId: 'q1',
      mediaType: 'text/plain',
      data: 'aGFsdmVz',
    }),
  grade: ({ key }) =>
    newGrade({ ...origin, deviceId: 'server', attempt: sampleAttempt(key), result: null, agrees: null, needsReview: 'no-key' }),
  feedback: ({ key, signer }) =>
    newFeedback({
      ...counted,
      learnerId: key,
      classId: '7a',
      authorId: signer,
      authorName: 'A teacher',
      aboutId: null,
      body: 'Well done.',
    }),
  place: () => ({
    ...common,
    _id: 'school:place:p1',
    type: 'place',
    placeId: 'p1',
    kind: 'school',
    name: 'Greenhill',
    signing: [{ keyId: 'k'.repeat(43), publicKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } }],
    opening: [],
    classes: null,
    revokedAt: null,
  }),
  exception: ({ key, signer }) =>
    newException({
      ...counted,
      learnerId: key,
      classId: '7a',
      authorId: signer,
      authorName: 'A teacher',
      courseId: 'maths-7',
      quizId: 'fractions-check',
      attempts: 1,
      extraTime: 0.5,
      closesAt: null,
      reason: 'Was ill.',
      replaces: null,
    }),
  contact: ({ key }) => ({
    ...common,
    _id: `learner-${key}:contact:tablet-1`,
    type: 'contact',
    learnerId: key,
    heardFrom: 'tablet-1',
    firstHeardAt: SAMPLE_TIME,
    lastHeardAt: SAMPLE_TIME,
    clockOffsetMs: -3_600_000,
    received: 3,
  }),
  'device-key': ({ key }) => ({
    ...common,
    deviceId: 'server',
    _id: `learner-${key}:device-key:${contentDigest(sampleJwk)}`,
    type: 'device-key',
    learnerId: key,
    name: contentDigest(sampleJwk),
    publicJwk: sampleJwk,
  }),
  seal: ({ key }) => newSeal({ ...origin, learnerId: key, key: contentDigest(sampleJwk), ids: [sampleAttempt(key)._id] }, 'A'.repeat(86)),
  receipt: ({ key }) =>
    newReceipt({
      ...origin,
      deviceId: 'server',
      learnerId: key,
      hubId: 'laptop-7a',
      vouched: 'hub',
      ids: [sampleAttempt(key)._id],
      states: [{ id: `learner-${key}:profile:me`, rev: '1-abc' }],
    }),
  application: ({ key, signer }) =>
    newApplication({
      ...counted,
      employerId: key,
      jobId: `public:job:${ULID}`,
      applicantId: signer,
      applicantName: 'Ada',
      letter: 'I keep books.',
    }),
  'application-reply': ({ key }) => ({
    ...common,
    _id: `employer-${key}:application-reply:${ULID}`,
    type: 'application-reply',
    employerId: key,
    applicationId: `employer-${key}:application:tablet-1:7:00000000000000000000`,
    body: 'Come on Monday.',
  }),
  erasure: ({ signer }) => ({
    ...common,
    _id: 'staff:erasure:zoe',
    type: 'erasure',
    erased: 'zoe',
    target: 'learner-zoe',
    actorId: signer,
  }),
  audit: ({ signer }) => ({
    ...common,
    _id: `staff:audit:${ULID}`,
    type: 'audit',
    actorId: signer,
    action: 'export',
    target: 'class-7a',
    detail: null,
  }),
};

/** A valid document of a type in a partition, bearing a name. Throws where the type does not belong there. */
export function sampleDocument(type: DocumentTypeName, partition: string, signer: string): Document {
  const parsed = parsePartition(partition);
  const kinds: readonly string[] = documentTypes[type].partitions;
  if (parsed === null || !kinds.includes(parsed.kind)) throw new RangeError(`No ${type} in ${partition}`);
  return samples[type]({ key: parsed.key ?? '', signer }, partition);
}
