import * as v from 'valibot';
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

export const answerSchema = v.variant('kind', [
  v.looseObject({ kind: v.literal('single'), option: key }),
  v.looseObject({ kind: v.literal('multiple'), options: v.pipe(v.array(key), v.maxLength(20)) }),
  v.looseObject({ kind: v.literal('true-false'), value: v.boolean() }),
  /** What the learner typed, with the decimal sign of their language; grading reads it. */
  v.looseObject({ kind: v.literal('numeric'), text: line }),
  v.looseObject({ kind: v.literal('short-text'), text: line }),
]);

export type Answer = v.InferOutput<typeof answerSchema>;

/** What grading says of one question. `correct` means full points. */
export const questionResultSchema = v.looseObject({ points, maxPoints: points, correct: v.boolean() });
export type QuestionResult = v.InferOutput<typeof questionResultSchema>;

export const gradeResultSchema = v.looseObject({
  score: totalPoints,
  maxScore: totalPoints,
  passed: v.boolean(),
  questions: record(key, questionResultSchema),
});
export type GradeResult = v.InferOutput<typeof gradeResultSchema>;

/** `learner-<id>:attempt:<courseId>:<quizId>:<deviceId>:<seq>:<digest>`: a submitted attempt, never changed. */
export const attemptSchema = documentSchema('attempt', {
  learnerId: key,
  courseId: key,
  quizId: key,
  quizVersion: version,
  seq: count,
  startedAt: instant,
  submittedAt: instant,
  answers: record(key, answerSchema),
  /** The device's own grade; null for an exam, whose key the device has not. */
  provisional: v.nullable(gradeResultSchema),
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
