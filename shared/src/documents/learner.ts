import * as v from 'valibot';
import { FILE_TYPES, MAX_FILE_SIZE } from '../questions/limits.ts';
import { anyAnswerSchema } from '../questions/schemas.ts';
import {
  count,
  docRef,
  documentSchema,
  instant,
  key,
  language,
  line,
  paragraph,
  points,
  ratio,
  record,
  register,
  totalPoints,
  version,
} from './fields.ts';

/** Documents of the partitions `learner-<id>` and `employer-<id>`. */

/** Documents that one receipt names, of each kind. */
export const MAX_RECEIVED = 300;

/** `learner-<id>:profile:me` */
export const profileSchema = documentSchema('profile', {
  learnerId: key,
  displayName: register(line),
  avatar: register(line),
  bio: register(paragraph),
  language: register(language),
});

/** `learner-<id>:enrolment:<courseId>`. It is the learner's own record; what opens a closed course is the class or the school. */
export const enrolmentSchema = documentSchema('enrolment', {
  learnerId: key,
  courseId: key,
  status: register(v.picklist(['active', 'withdrawn'])),
  enrolledAt: instant,
  completedAt: v.nullable(instant),
});

/** `learner-<id>:progress:<courseId>`: how far a learner is, over all devices. */
export const progressSchema = documentSchema('progress', {
  learnerId: key,
  courseId: key,
  lessons: record(
    key,
    v.looseObject({
      completedAt: v.nullable(instant),
      /** The farthest part of the lesson that was seen. */
      seen: ratio,
      /** Seconds spent, by device: each device only ever raises its own. */
      seconds: record(key, count),
    }),
  ),
  resume: v.nullable(register(v.looseObject({ kind: v.picklist(['lesson', 'quiz']), id: key }))),
});

/** `learner-<id>:lesson-event:<deviceId>:<seq>:<digest>`: something a learner did, in the order of the device's counter. */
export const lessonEventSchema = documentSchema('lesson-event', {
  learnerId: key,
  courseId: key,
  itemId: key,
  action: v.picklist(['opened', 'completed', 'quiz-started']),
  seq: count,
});

/** What grading says of one question. `correct` means full points. */
export const questionResultSchema = v.looseObject({
  points,
  maxPoints: points,
  correct: v.boolean(),
  /** Points that wrong choices cost; the score has them taken off. */
  lost: v.optional(points),
  /** A person has to mark it: its points are none so far. */
  waits: v.optional(v.boolean()),
});
export type QuestionResult = v.InferOutput<typeof questionResultSchema>;

export const gradeResultSchema = v.looseObject({
  score: totalPoints,
  maxScore: totalPoints,
  passed: v.boolean(),
  /** Points that a person has still to give: score and verdict are without them. */
  toMark: v.optional(totalPoints),
  questions: record(key, questionResultSchema),
});
export type GradeResult = v.InferOutput<typeof gradeResultSchema>;

const milliseconds = v.pipe(v.number(), v.safeInteger());

/**
 * What the device knows of the time that an attempt took, in milliseconds: see `rules/quiz/time.ts`. `doubts` inform whoever
 * looks; nothing is taken from a learner because of them.
 */
const attemptTimingSchema = v.looseObject({
  spent: count,
  /** By section, where sections have limits. */
  sections: v.optional(record(key, count)),
  /** What was allowed, extra time included; null where the quiz has no limit. */
  allowed: v.nullable(count),
  /** The device's clock minus the school's, where the school was heard from while the attempt was in hand. */
  offsetMs: v.optional(milliseconds),
  doubts: v.pipe(
    v.array(
      v.looseObject({
        /** Closed and opened again; the clock was put forward or back while the app was open; put back while it was closed; a break that the learner says was none. */
        what: v.picklist(['closed', 'clock-jumped', 'clock-went-back', 'break-denied']),
        /** By how much. */
        ms: milliseconds,
        /** How much time had been spent. */
        at: count,
      }),
    ),
    v.maxLength(40),
  ),
});
export type AttemptTiming = v.InferOutput<typeof attemptTimingSchema>;

/** `learner-<id>:attempt:<courseId>:<quizId>:<deviceId>:<seq>:<digest>`: a submitted attempt, never changed. */
export const attemptSchema = documentSchema('attempt', {
  learnerId: key,
  courseId: key,
  quizId: key,
  quizVersion: version,
  seq: count,
  startedAt: instant,
  submittedAt: instant,
  answers: record(key, anyAnswerSchema),
  /** The device's own grade; null for an exam, whose key the device has not. */
  provisional: v.nullable(gradeResultSchema),
  /** What pools were drawn and orders shuffled by; absent from programs that knew of neither. */
  seed: v.optional(key),
  /** The digest of the quiz as it was taken, so that two documents of one version are never confused. */
  quizDigest: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{20}$/, 'must be a digest'))),
  /** When the last answer was given, on the device's clock. */
  answeredAt: v.optional(instant),
  timing: v.optional(attemptTimingSchema),
});

/** In base64, four characters for three bytes. */
const fileData = v.pipe(
  v.string(),
  v.minLength(4),
  v.maxLength(4 * Math.ceil(MAX_FILE_SIZE / 3)),
  v.check((data) => data.length % 4 === 0 && isBase64(data), 'must be base64'),
);

/** Character by character: a pattern over a text this long can exhaust the stack of CouchDB's JavaScript. */
function isBase64(data: string): boolean {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  for (let i = 0; i < data.length - padding; i += 1) {
    const code = data.charCodeAt(i);
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    if (!letter && !(code >= 47 && code <= 57) && code !== 43) return false;
  }
  return true;
}

/**
 * `learner-<id>:answer-file:<deviceId>:<seq>:<digest>`: a photo or file of an answer, which names it by this id, and so by the
 * digest of its content. It arrives before its attempt or after it.
 */
export const answerFileSchema = documentSchema('answer-file', {
  learnerId: key,
  courseId: key,
  quizId: key,
  questionId: key,
  mediaType: v.picklist(FILE_TYPES),
  data: fileData,
  seq: count,
});

/** `learner-<id>:grade:<the key of the attempt>`: what the grading service says of it. */
export const gradeSchema = documentSchema('grade', {
  learnerId: key,
  courseId: key,
  quizId: key,
  quizVersion: version,
  attemptId: docRef,
  result: v.nullable(gradeResultSchema),
  /** Whether the device's provisional grade was the same; null where there was none. */
  agrees: v.nullable(v.boolean()),
  /**
   * Why there is no result, where there is none: `no-key`; `unknown-quiz`, also for a quiz that the learner may not read;
   * `already-sat`, of an exam after the first attempt.
   */
  needsReview: v.nullable(v.picklist(['already-sat', 'no-key', 'unknown-quiz'])),
  /** Whether the last answer came after the quiz had closed for this learner, by the device's clock as corrected. A teacher decides what that means. */
  late: v.optional(v.boolean()),
  /** The version of the quiz by whose corrections it was graded again. */
  correctedBy: v.optional(version),
  /** What it was before each time that it was graded again, the earliest first. */
  history: v.optional(
    v.pipe(
      v.array(
        v.looseObject({ until: instant, score: totalPoints, maxScore: totalPoints, passed: v.boolean(), correctedBy: v.optional(version) }),
      ),
      v.maxLength(100),
    ),
  ),
});

/**
 * `learner-<id>:exception:<deviceId>:<seq>:<digest>`: what a teacher allows one learner in one quiz, beyond what holds for all.
 * Several add up (`rules/quiz/allowance.ts`). One that is taken back is named by a later one.
 */
export const exceptionSchema = documentSchema('exception', {
  learnerId: key,
  classId: key,
  authorId: key,
  authorName: line,
  courseId: key,
  quizId: key,
  /** More attempts than others have. */
  attempts: v.pipe(count, v.maxValue(20)),
  /** More time than others have, as a share of the limits: 0.5 is half as much again. */
  extraTime: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
  /** A later end, and an end where there is none is none. */
  closesAt: v.nullable(instant),
  reason: line,
  /** The exception that this one takes back; what it allows itself counts. */
  replaces: v.nullable(docRef),
  seq: count,
});

/** `learner-<id>:feedback:<deviceId>:<seq>:<digest>`: a teacher's words to a learner. */
export const feedbackSchema = documentSchema('feedback', {
  learnerId: key,
  classId: key,
  authorId: key,
  authorName: line,
  aboutId: v.nullable(docRef),
  body: paragraph,
  seq: count,
});

/** `learner-<id>:contact:<deviceId>`: when the server last heard from a device, on the server's clock. */
export const contactSchema = documentSchema('contact', {
  learnerId: key,
  heardFrom: key,
  firstHeardAt: instant,
  lastHeardAt: instant,
  /** The device's clock minus the server's, in milliseconds, when it was last heard. */
  clockOffsetMs: v.pipe(v.number(), v.safeInteger()),
  /** Documents received from the device since it was first heard. */
  received: count,
});

/**
 * `learner-<id>:receipt:<digest>`: what of a learner reached the school by the hand of a class laptop, and not with the learner's own
 * token. A service of the school writes it; to the learner's device it says: this is at the school.
 */
export const receiptSchema = documentSchema('receipt', {
  learnerId: key,
  /** `hub:<hubId>` */
  by: v.pipe(v.string(), v.regex(/^hub:[a-z0-9-]{1,40}$/, 'must be hub:<hubId>')),
  /** Who says that the learner did it: the hub alone, or the learner's device by a signature over the ids. */
  vouched: v.picklist(['hub', 'device']),
  receivedAt: instant,
  /** What is written once: the ids name the content. */
  ids: v.pipe(v.array(docRef), v.maxLength(MAX_RECEIVED)),
  /** What changes: each document with the revision that arrived. */
  states: v.pipe(v.array(v.looseObject({ id: docRef, rev: line })), v.maxLength(MAX_RECEIVED)),
});

const hexDigest = v.pipe(v.string(), v.regex(/^[0-9a-f]{20}$/, 'must be a digest'));

/**
 * `learner-<id>:device-key:<name>`: the public key that a device of the learner's signed in with, at the school itself. A service of the
 * school writes it, so that whoever reads a seal can check it. Its name is the digest of the key.
 */
export const deviceKeySchema = documentSchema('device-key', {
  learnerId: key,
  name: hexDigest,
  publicJwk: v.looseObject({ kty: v.literal('EC'), crv: v.literal('P-256'), x: line, y: line }),
});

/** `learner-<id>:seal:<digest>`: a signature of the learner's device over work that is written once. */
export const sealSchema = documentSchema('seal', {
  learnerId: key,
  /** The name of the device's key. */
  key: hexDigest,
  /** The digests that end the ids of the documents: who signs them signs their content. */
  covers: v.pipe(v.array(hexDigest), v.minLength(1), v.maxLength(100)),
  /** ES256, as base64url. */
  signature: v.pipe(v.string(), v.regex(/^[\w-]{86}$/, 'must be a signature')),
});

/** `employer-<id>:application:<deviceId>:<seq>:<digest>` */
export const applicationSchema = documentSchema('application', {
  employerId: key,
  jobId: docRef,
  applicantId: key,
  applicantName: line,
  letter: paragraph,
  seq: count,
});

/** `employer-<id>:application-reply:<ulid>` */
export const applicationReplySchema = documentSchema('application-reply', { employerId: key, applicationId: docRef, body: paragraph });
