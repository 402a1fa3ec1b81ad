import type * as v from 'valibot';
import {
  assignmentSchema,
  attendanceSchema,
  classSchema,
  memberSchema,
  noteSchema,
  releaseSchema,
  rosterEntrySchema,
  seatingSchema,
} from './class.ts';
import { classCodeSchema, classSignInSchema } from './class-sign-in.ts';
import {
  answerKeySchema,
  courseDraftSchema,
  lessonDraftSchema,
  lessonSchema,
  outlineSchema,
  quizDraftSchema,
  quizSchema,
} from './course.ts';
import {
  answerFileSchema,
  applicationReplySchema,
  applicationSchema,
  attemptSchema,
  contactSchema,
  deviceKeySchema,
  enrolmentSchema,
  exceptionSchema,
  feedbackSchema,
  gradeSchema,
  lessonEventSchema,
  profileSchema,
  progressSchema,
  receiptSchema,
  sealSchema,
} from './learner.ts';
import type { PartitionKind } from './partitions.ts';
import {
  achievementSchema,
  announcementSchema,
  auditSchema,
  categorySchema,
  courseSchema,
  erasureSchema,
  issuerKeySchema,
  jobSchema,
  placeDocumentSchema,
  schoolSchema,
  settingsSchema,
} from './school.ts';

/**
 * How documents of a type change:
 * - `append-only`: written once; its id ends with the digest of its content.
 * - `merges`: changed by its owner on several devices, or by several people; a pure merge joins them.
 * - `edited`: changed by one kind of person at a time; the ordinary rules of revisions.
 */
export type Mutability = 'append-only' | 'merges' | 'edited';

/** A part of a document's key, and what it has to be. What an id says and what the document says never differ. */
export type KeyPart =
  /** Always this text. */
  | { readonly is: string }
  /** Repeats a field. */
  | { readonly field: string }
  /** `v` and the field `version`. */
  | { readonly version: true }
  /** The digest of the content. */
  | { readonly digest: true }
  /** Chosen by its maker: a ULID or a short name. */
  | { readonly free: true };

export interface DocumentType {
  readonly partitions: readonly PartitionKind[];
  readonly mutability: Mutability;
  readonly schema: v.GenericSchema<unknown, { type: string }>;
  readonly key: readonly KeyPart[];
  /** The field that repeats the partition's key. */
  readonly owner?: string;
  /** Where it is written once, never changed and never deleted, though its id carries no digest. */
  readonly permanent?: readonly PartitionKind[];
  /** Teaching material: it may be long. A person's own records are short. */
  readonly content?: true;
  /** May carry attachments. Nothing else does: an attachment escapes every schema. */
  readonly attachments?: true;
  /** The field that names another document of the same partition and key. */
  readonly answersTo?: { readonly field: string; readonly type: string };
}

const is = (text: string): KeyPart => ({ is: text });
const field = (name: string): KeyPart => ({ field: name });
const version: KeyPart = { version: true };
const digest: KeyPart = { digest: true };
const free: KeyPart = { free: true };
const byDevice = [field('deviceId'), field('seq'), digest] as const;

function define<const T extends Record<string, DocumentType>>(types: T): T {
  return types;
}

/** Every type of document, where it lives and how it changes. Adding a type begins here. */
export const documentTypes = define({
  school: { partitions: ['public'], mutability: 'edited', schema: schoolSchema, key: [is('card')] },
  course: {
    partitions: ['public'],
    mutability: 'edited',
    schema: courseSchema,
    key: [field('courseId')],
    content: true,
    attachments: true,
  },
  'issuer-key': { partitions: ['public'], mutability: 'edited', schema: issuerKeySchema, key: [field('kid')] },
  job: { partitions: ['public'], mutability: 'edited', schema: jobSchema, key: [free] },
  category: { partitions: ['school'], mutability: 'edited', schema: categorySchema, key: [field('category')] },
  announcement: { partitions: ['school', 'class'], mutability: 'edited', schema: announcementSchema, key: [free] },
  settings: { partitions: ['school'], mutability: 'edited', schema: settingsSchema, key: [is('main')] },
  achievement: { partitions: ['school'], mutability: 'edited', schema: achievementSchema, key: [free] },
  place: { partitions: ['school'], mutability: 'edited', schema: placeDocumentSchema, key: [field('placeId')] },
  outline: {
    partitions: ['course', 'draft'],
    mutability: 'edited',
    schema: outlineSchema,
    key: [is('main')],
    owner: 'courseId',
    content: true,
  },
  lesson: {
    partitions: ['course', 'draft'],
    mutability: 'edited',
    schema: lessonSchema,
    key: [field('lessonId')],
    owner: 'courseId',
    content: true,
    attachments: true,
  },
  quiz: {
    partitions: ['course', 'draft'],
    mutability: 'edited',
    schema: quizSchema,
    key: [field('quizId'), version],
    owner: 'courseId',
    permanent: ['course'],
    content: true,
  },
  'answer-key': {
    partitions: ['keys'],
    mutability: 'edited',
    schema: answerKeySchema,
    key: [field('quizId'), version],
    owner: 'courseId',
    content: true,
  },
  'course-draft': {
    partitions: ['draft'],
    mutability: 'merges',
    schema: courseDraftSchema,
    key: [is('main')],
    owner: 'courseId',
    content: true,
  },
  'lesson-draft': {
    partitions: ['draft'],
    mutability: 'merges',
    schema: lessonDraftSchema,
    key: [field('lessonId')],
    owner: 'courseId',
    content: true,
  },
  'quiz-draft': {
    partitions: ['draft'],
    mutability: 'merges',
    schema: quizDraftSchema,
    key: [field('quizId')],
    owner: 'courseId',
    content: true,
  },
  class: { partitions: ['class'], mutability: 'edited', schema: classSchema, key: [is('card')], owner: 'classId' },
  member: { partitions: ['class'], mutability: 'edited', schema: memberSchema, key: [field('accountId')], owner: 'classId' },
  assignment: { partitions: ['class'], mutability: 'merges', schema: assignmentSchema, key: [free], owner: 'classId' },
  release: {
    partitions: ['class'],
    mutability: 'edited',
    schema: releaseSchema,
    key: [field('courseId'), field('quizId')],
    owner: 'classId',
  },
  'roster-entry': {
    partitions: ['register'],
    mutability: 'edited',
    schema: rosterEntrySchema,
    key: [field('accountId')],
    owner: 'classId',
  },
  seating: { partitions: ['register'], mutability: 'merges', schema: seatingSchema, key: [field('accountId')], owner: 'classId' },
  'class-sign-in': {
    partitions: ['register'],
    mutability: 'merges',
    schema: classSignInSchema,
    key: [field('accountId')],
    owner: 'classId',
  },
  'class-code': { partitions: ['register'], mutability: 'merges', schema: classCodeSchema, key: [is('main')], owner: 'classId' },
  attendance: { partitions: ['register'], mutability: 'edited', schema: attendanceSchema, key: [field('day')], owner: 'classId' },
  note: { partitions: ['register'], mutability: 'edited', schema: noteSchema, key: [free], owner: 'classId' },
  profile: { partitions: ['learner'], mutability: 'merges', schema: profileSchema, key: [is('me')], owner: 'learnerId' },
  enrolment: { partitions: ['learner'], mutability: 'merges', schema: enrolmentSchema, key: [field('courseId')], owner: 'learnerId' },
  progress: { partitions: ['learner'], mutability: 'merges', schema: progressSchema, key: [field('courseId')], owner: 'learnerId' },
  'lesson-event': { partitions: ['learner'], mutability: 'append-only', schema: lessonEventSchema, key: byDevice, owner: 'learnerId' },
  attempt: {
    partitions: ['learner'],
    mutability: 'append-only',
    schema: attemptSchema,
    key: [field('courseId'), field('quizId'), ...byDevice],
    owner: 'learnerId',
  },
  'answer-file': { partitions: ['learner'], mutability: 'append-only', schema: answerFileSchema, key: byDevice, owner: 'learnerId' },
  grade: {
    partitions: ['learner'],
    mutability: 'edited',
    schema: gradeSchema,
    key: [field('courseId'), field('quizId'), free, free, free],
    owner: 'learnerId',
    answersTo: { field: 'attemptId', type: 'attempt' },
  },
  feedback: { partitions: ['learner'], mutability: 'append-only', schema: feedbackSchema, key: byDevice, owner: 'learnerId' },
  exception: { partitions: ['learner'], mutability: 'append-only', schema: exceptionSchema, key: byDevice, owner: 'learnerId' },
  contact: { partitions: ['learner'], mutability: 'edited', schema: contactSchema, key: [field('heardFrom')], owner: 'learnerId' },
  'device-key': {
    partitions: ['learner'],
    mutability: 'edited',
    schema: deviceKeySchema,
    key: [field('name')],
    owner: 'learnerId',
    permanent: ['learner'],
  },
  seal: { partitions: ['learner'], mutability: 'append-only', schema: sealSchema, key: [digest], owner: 'learnerId' },
  receipt: { partitions: ['learner'], mutability: 'append-only', schema: receiptSchema, key: [digest], owner: 'learnerId' },
  application: { partitions: ['employer'], mutability: 'append-only', schema: applicationSchema, key: byDevice, owner: 'employerId' },
  'application-reply': {
    partitions: ['employer'],
    mutability: 'edited',
    schema: applicationReplySchema,
    key: [free],
    owner: 'employerId',
  },
  erasure: { partitions: ['staff'], mutability: 'edited', schema: erasureSchema, key: [field('erased')], permanent: ['staff'] },
  audit: { partitions: ['staff'], mutability: 'edited', schema: auditSchema, key: [free], permanent: ['staff'] },
});

export type DocumentTypeName = keyof typeof documentTypes;

/** The document of a type, for example `DocumentOf<'attempt'>`. */
export type DocumentOf<Name extends DocumentTypeName> = v.InferOutput<(typeof documentTypes)[Name]['schema']>;

/** Any document: discriminated by `type`. */
export type Document = { [Name in DocumentTypeName]: DocumentOf<Name> }[DocumentTypeName];

export function isDocumentType(name: string): name is DocumentTypeName {
  // Not Object.hasOwn: CouchDB’s older JavaScript engines lack it, and this runs there too.
  return Object.keys(documentTypes).includes(name);
}
