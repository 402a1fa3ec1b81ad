import type { ParsedDocId } from '../../documents/ids.ts';
import { placementError } from '../../documents/placement.ts';
import { type DocumentType, type DocumentTypeName, documentTypes } from '../../documents/registry.ts';
import type { Person } from './person.ts';

/** A document as it arrives, before anybody has checked it. */
export type UncheckedDocument = Readonly<Record<string, unknown>>;

interface WriteContext {
  readonly person: Person;
  readonly id: ParsedDocId;
  /** The partition's key; empty in `public`, `school` and `staff`. */
  readonly key: string;
  readonly newDoc: UncheckedDocument;
  /** What the write replaces; null when there is nothing, or a tombstone. */
  readonly before: UncheckedDocument | null;
  readonly deleting: boolean;
}

type WriteRule = (context: WriteContext) => boolean;

const nobody: WriteRule = () => false;
const admin: WriteRule = ({ person }) => person.kinds.has('admin');
const teacher: WriteRule = ({ person }) => person.kinds.has('teacher');
const learner: WriteRule = ({ person }) => person.kinds.has('learner');
const employer: WriteRule = ({ person }) => person.kinds.has('employer');
const author: WriteRule = ({ person, key }) => person.authors.has(key);
/** A teacher of the class, and the hub that keeps it: it hands in what its teachers wrote. */
const classTeacher: WriteRule = ({ person, key }) => person.teaches.has(key) || person.keeps.has(key);
/** The learner, and a hub that hands in what the learner did there. The school writes down by whose hand it came (`receipt`). */
const ownLearner: WriteRule = ({ person, key }) =>
  (person.kinds.has('learner') && person.id === key) || (person.hub !== null && person.marks.has(key));
const deletion: WriteRule = ({ deleting }) => deleting;
const bringer: WriteRule = ({ person }) => person.hub !== null;
/** Written under one's own name, which a hub also bears of its people; deleted by the one whose name it bears. */
const signedBy =
  (field: string): WriteRule =>
  ({ person, newDoc, before, deleting }) =>
    deleting ? before === null || mayBear(person, field, before[field]) : mayBear(person, field, newDoc[field]);
/** A hub bears no name of its own: its teachers' on what authors sign, its learners' on what applicants do. */
function mayBear({ id, hub, hosts, marks }: Person, field: string, name: unknown): boolean {
  if (hub === null) return name === id;
  return typeof name === 'string' && (field === 'applicantId' ? marks : hosts).has(name);
}
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
const schoolSpeaker = any(admin, teacher, bringer);
const speaker: WriteRule = (context) => (context.id.partition.kind === 'class' ? classTeacher(context) : schoolSpeaker(context));
/** One's own, or an admin who takes somebody else's down. */
const ownOrModerated = any(signedBy('authorId'), all(admin, deletion));
const marker: WriteRule = ({ person, key, newDoc }) => {
  const classId = String(newDoc['classId']);
  return person.marks.has(key) && (person.teaches.has(classId) || person.keeps.has(classId));
};
/**
 * A hub says by which keys it is known itself, and of no other place: never that it is the school, nor that it keeps what it does not. Devices
 * encrypt work to places by these words.
 */
const ownPlace: WriteRule = ({ person, id, newDoc }) => {
  const classes = newDoc['classes'];
  const kept = classes === null || (Array.isArray(classes) && classes.every((each) => person.keeps.has(String(each))));
  return person.hub !== null && id.key[0] === person.hub && newDoc['kind'] === 'hub' && kept;
};
/** A hub says when it heard from a device under a name of its own, so that no two places write one document. */
const heardByHub: WriteRule = ({ person, key, id }) =>
  person.hub !== null && person.marks.has(key) && id.key[0]?.startsWith(`${person.hub}-`) === true;

/** Who may write which type of document. What is not granted here is refused. */
const writers: Record<DocumentTypeName, WriteRule> = {
  school: admin,
  course: any(courseAuthor, admin),
  'issuer-key': admin,
  job: any(all(employer, signedBy('employerId')), admin),
  category: admin,
  announcement: all(speaker, ownOrModerated),
  settings: admin,
  achievement: admin,
  // Its keys are believed by every device of the school.
  place: any(service('courier'), ownPlace),
  outline: author,
  lesson: author,
  quiz: author,
  'answer-key': author,
  // Class membership opens learners' work to a teacher and courses to a class, so nobody grants it with a token: the
  // server writes it from the school's roster, as CouchDB's server admin.
  class: nobody,
  member: nobody,
  // Several teachers of a class write these, and whoever merges their versions writes what the others wrote: each value says
  // whose it is.
  assignment: any(classTeacher, all(admin, deletion)),
  seating: classTeacher,
  // Who of the teachers made what they say themselves: see assignments.
  'class-sign-in': classTeacher,
  'class-code': classTeacher,
  'course-draft': author,
  'lesson-draft': author,
  'quiz-draft': author,
  // Any teacher of the class may take back what another released; nobody releases in another's name.
  release: all(classTeacher, any(deletion, signedBy('authorId'))),
  'roster-entry': admin,
  attendance: all(classTeacher, ownOrModerated),
  note: all(classTeacher, ownOrModerated),
  profile: ownLearner,
  enrolment: ownLearner,
  progress: ownLearner,
  'lesson-event': ownLearner,
  attempt: ownLearner,
  'answer-file': ownLearner,
  grade: service('grading'),
  feedback: all(marker, signedBy('authorId')),
  exception: all(marker, signedBy('authorId')),
  contact: any(service('presence'), heardByHub),
  receipt: service('receipts'),
  // No hub: with a key of its own making it could sign for its learners.
  'device-key': service('presence'),
  seal: ownLearner,
  application: all(any(learner, bringer), signedBy('applicantId')),
  'application-reply': ({ person, key }) => person.kinds.has('employer') && person.id === key,
  // Every admin, not its maker alone: an older backup lost it, and the device of any admin brings it back.
  erasure: admin,
  audit: any(service('audit'), all(admin, signedBy('actorId'))),
};

/** The fields that say who wrote a document: they never change once written. */
const AUTHORSHIP = ['authorId', 'employerId', 'learnerId', 'applicantId', 'createdAt', 'deviceId'] as const;

/**
 * Why a person may not make this change, in words for the person; null when they may.
 * `oldDoc` is the revision that `newDoc` replaces, null when there is none.
 */
export function refuseWrite(person: Person, id: ParsedDocId, newDoc: UncheckedDocument, oldDoc: UncheckedDocument | null): string | null {
  const misplaced = placementError(id);
  if (misplaced !== null) return misplaced;
  const type = id.type as DocumentTypeName; // placementError has said so
  const { mutability, permanent = [] }: DocumentType = documentTypes[type];
  const deleting = newDoc['_deleted'] === true;
  const before = oldDoc !== null && oldDoc['_deleted'] !== true ? oldDoc : null;

  const writtenOnce = mutability === 'append-only' || permanent.includes(id.partition.kind);
  // A change to what is written once, or a tombstone, which may come with its history hidden.
  if (writtenOnce && (deleting || before !== null)) return `A document of type ${type} is written once and never changed`;
  if (!writers[type]({ person, id, key: id.partition.key ?? '', newDoc, before, deleting })) {
    return `${person.id} may not ${deleting ? 'delete' : 'write'} ${type} in ${id.partitionId}`;
  }
  if (before === null || deleting || mutability !== 'edited') return null;
  const changed = AUTHORSHIP.find((field) => field in before && before[field] !== newDoc[field]);
  return changed === undefined ? null : `The field ${changed} of a document never changes`;
}
