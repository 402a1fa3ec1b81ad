import * as v from 'valibot';
import { assignmentSchema, attendanceSchema, classSchema, memberSchema, noteSchema, rosterEntrySchema } from './class.ts';
import { answerKeySchema, lessonSchema, outlineSchema, quizSchema } from './course.ts';
import {
  applicationReplySchema,
  applicationSchema,
  attemptSchema,
  contactSchema,
  enrolmentSchema,
  feedbackSchema,
  gradeSchema,
  lessonEventSchema,
  profileSchema,
  progressSchema,
} from './learner.ts';
import type { PartitionKind } from './partitions.ts';
import {
  achievementSchema,
  announcementSchema,
  auditSchema,
  categorySchema,
  courseSchema,
  issuerKeySchema,
  jobSchema,
  schoolSchema,
  settingsSchema,
} from './school.ts';

/**
 * How documents of a type change:
 * - `append-only`: written once; its id ends with the digest of its content.
 * - `merges`: changed by its owner on several devices; a pure merge joins them.
 * - `edited`: changed by one kind of person at a time; the ordinary rules of revisions.
 */
export type Mutability = 'append-only' | 'merges' | 'edited';

interface DocumentType {
  readonly partitions: readonly PartitionKind[];
  readonly mutability: Mutability;
  readonly schema: v.GenericSchema<unknown, { type: string }>;
  /** How many parts the key has. */
  readonly keyParts: number;
  /** The field that repeats the partition's key. */
  readonly owner?: string;
}

function define<const T extends Record<string, DocumentType>>(types: T): T {
  return types;
}

/** Every type of document, where it lives and how it changes. Adding a type begins here. */
export const documentTypes = define({
  school: { partitions: ['public'], mutability: 'edited', schema: schoolSchema, keyParts: 1 },
  course: { partitions: ['public'], mutability: 'edited', schema: courseSchema, keyParts: 1 },
  'issuer-key': { partitions: ['public'], mutability: 'edited', schema: issuerKeySchema, keyParts: 1 },
  job: { partitions: ['public'], mutability: 'edited', schema: jobSchema, keyParts: 1 },
  category: { partitions: ['school'], mutability: 'edited', schema: categorySchema, keyParts: 1 },
  announcement: { partitions: ['school', 'class'], mutability: 'edited', schema: announcementSchema, keyParts: 1 },
  settings: { partitions: ['school'], mutability: 'edited', schema: settingsSchema, keyParts: 1 },
  achievement: { partitions: ['school'], mutability: 'edited', schema: achievementSchema, keyParts: 1 },
  outline: { partitions: ['course', 'draft'], mutability: 'edited', schema: outlineSchema, keyParts: 1, owner: 'courseId' },
  lesson: { partitions: ['course', 'draft'], mutability: 'edited', schema: lessonSchema, keyParts: 1, owner: 'courseId' },
  quiz: { partitions: ['course', 'draft'], mutability: 'edited', schema: quizSchema, keyParts: 2, owner: 'courseId' },
  'answer-key': { partitions: ['keys'], mutability: 'edited', schema: answerKeySchema, keyParts: 2, owner: 'courseId' },
  class: { partitions: ['class'], mutability: 'edited', schema: classSchema, keyParts: 1, owner: 'classId' },
  member: { partitions: ['class'], mutability: 'edited', schema: memberSchema, keyParts: 1, owner: 'classId' },
  assignment: { partitions: ['class'], mutability: 'edited', schema: assignmentSchema, keyParts: 1, owner: 'classId' },
  'roster-entry': { partitions: ['register'], mutability: 'edited', schema: rosterEntrySchema, keyParts: 1, owner: 'classId' },
  attendance: { partitions: ['register'], mutability: 'edited', schema: attendanceSchema, keyParts: 1, owner: 'classId' },
  note: { partitions: ['register'], mutability: 'edited', schema: noteSchema, keyParts: 1, owner: 'classId' },
  profile: { partitions: ['learner'], mutability: 'merges', schema: profileSchema, keyParts: 1, owner: 'learnerId' },
  enrolment: { partitions: ['learner'], mutability: 'merges', schema: enrolmentSchema, keyParts: 1, owner: 'learnerId' },
  progress: { partitions: ['learner'], mutability: 'merges', schema: progressSchema, keyParts: 1, owner: 'learnerId' },
  'lesson-event': { partitions: ['learner'], mutability: 'append-only', schema: lessonEventSchema, keyParts: 3, owner: 'learnerId' },
  attempt: { partitions: ['learner'], mutability: 'append-only', schema: attemptSchema, keyParts: 5, owner: 'learnerId' },
  grade: { partitions: ['learner'], mutability: 'edited', schema: gradeSchema, keyParts: 5, owner: 'learnerId' },
  feedback: { partitions: ['learner'], mutability: 'append-only', schema: feedbackSchema, keyParts: 3, owner: 'learnerId' },
  contact: { partitions: ['learner'], mutability: 'edited', schema: contactSchema, keyParts: 1, owner: 'learnerId' },
  application: { partitions: ['employer'], mutability: 'append-only', schema: applicationSchema, keyParts: 3, owner: 'employerId' },
  'application-reply': {
    partitions: ['employer'],
    mutability: 'edited',
    schema: applicationReplySchema,
    keyParts: 1,
    owner: 'employerId',
  },
  audit: { partitions: ['staff'], mutability: 'edited', schema: auditSchema, keyParts: 1 },
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
