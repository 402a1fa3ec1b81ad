import type { ParsedDocId } from '../../documents/ids.ts';
import { type DocumentTypeName, documentTypes } from '../../documents/registry.ts';
import type { Person } from './person.ts';

/** A document as it arrives, before anybody has checked it. */
export type UncheckedDocument = Readonly<Record<string, unknown>>;

interface WriteContext {
  readonly person: Person;
  readonly id: ParsedDocId;
  /** The partition's key; empty in `public`, `school` and `staff`. */
  readonly key: string;
  readonly newDoc: UncheckedDocument;
}

type WriteRule = (context: WriteContext) => boolean;

const admin: WriteRule = ({ person }) => person.kinds.has('admin');
const author: WriteRule = ({ person, key }) => person.authors.has(key);
const classTeacher: WriteRule = ({ person, key }) => person.teaches.has(key);
const ownLearner: WriteRule = ({ person, key }) => person.kinds.has('learner') && person.id === key;
const signedBy =
  (field: string): WriteRule =>
  ({ person, newDoc }) =>
    newDoc['_deleted'] === true || newDoc[field] === person.id;
const service =
  (name: string): WriteRule =>
  ({ person }) =>
    person.services.has(name);
const all =
  (...rules: WriteRule[]): WriteRule =>
  (context) =>
    rules.every((rule) => rule(context));
const any =
  (...rules: WriteRule[]): WriteRule =>
  (context) =>
    rules.some((rule) => rule(context));

const courseAuthor: WriteRule = ({ person, id }) => person.authors.has(id.key[0] ?? '');
const schoolSpeaker = any(admin, ({ person }) => person.kinds.has('teacher'));
const speaker: WriteRule = (context) => (context.id.partition.kind === 'class' ? classTeacher(context) : schoolSpeaker(context));

/** Who may write which type of document. What is not granted here is refused. */
const writers: Record<DocumentTypeName, WriteRule> = {
  school: admin,
  course: any(courseAuthor, admin),
  'issuer-key': admin,
  job: any(all(({ person }) => person.kinds.has('employer'), signedBy('employerId')), admin),
  category: admin,
  announcement: all(speaker, signedBy('authorId')),
  settings: admin,
  achievement: admin,
  outline: author,
  lesson: author,
  quiz: author,
  'answer-key': author,
  // Class membership opens learners' work to a teacher, so a teacher cannot grant it: the school's roster does.
  class: () => false,
  member: () => false,
  assignment: all(classTeacher, signedBy('authorId')),
  'roster-entry': admin,
  attendance: all(classTeacher, signedBy('authorId')),
  note: all(classTeacher, signedBy('authorId')),
  profile: ownLearner,
  enrolment: ownLearner,
  progress: ownLearner,
  'lesson-event': ownLearner,
  attempt: ownLearner,
  grade: service('grading'),
  feedback: all(
    ({ person, key, newDoc }) => person.marks.has(key) && person.teaches.has(String(newDoc['classId'])),
    signedBy('authorId'),
  ),
  contact: service('presence'),
  application: all(({ person }) => person.kinds.has('learner'), signedBy('applicantId')),
  'application-reply': ({ person, key }) => person.kinds.has('employer') && person.id === key,
  audit: any(service('audit'), admin),
};

/** The fields that say who wrote a document: they never change once written. */
const AUTHORSHIP = ['authorId', 'employerId', 'learnerId', 'applicantId', 'createdAt', 'deviceId'] as const;

/**
 * Why a person may not make this change, in words for the person; null when they may.
 * `oldDoc` is the revision that `newDoc` replaces, null when there is none.
 */
export function refuseWrite(person: Person, id: ParsedDocId, newDoc: UncheckedDocument, oldDoc: UncheckedDocument | null): string | null {
  const type = id.type as DocumentTypeName;
  const { mutability } = documentTypes[type];
  const deleting = newDoc['_deleted'] === true;
  const before = oldDoc !== null && oldDoc['_deleted'] !== true ? oldDoc : null;

  // A tombstone that comes with its history hidden, or a change to what is written once.
  if (mutability === 'append-only' && (deleting || before !== null)) return `A document of type ${type} is written once and never changed`;
  if (!writers[type]({ person, id, key: id.partition.key ?? '', newDoc })) return `${person.id} may not write ${type} in ${id.partitionId}`;
  if (before === null) return null;

  if (mutability === 'edited') {
    if (deleting && 'authorId' in before && before['authorId'] !== person.id && !person.kinds.has('admin')) {
      return `Only its author may delete this ${type}`;
    }
    for (const field of AUTHORSHIP) {
      if (!deleting && field in before && before[field] !== newDoc[field]) return `The field ${field} of a document never changes`;
    }
  }
  if (type === 'quiz' && id.partition.kind === 'course') return 'A published version of a quiz never changes: publish the next version';
  return null;
}
