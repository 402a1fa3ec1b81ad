import {
  type Document,
  type DocumentOf,
  enrolmentId,
  newApplication,
  newAttempt,
  newEnrolment,
  newFeedback,
  newLessonDraft,
  newLessonEvent,
  newProfile,
  newProgress,
  newSeating,
  profileId,
  progressId,
} from '@darasa/shared/documents';
import { sampleDocument } from '@darasa/shared/fixtures';
import { bumpRegister, countOf, recordLesson, setCell } from '@darasa/shared/rules';
import type { Chance } from './chance.ts';

/** Where and when something is written: the device, its own count, and what its clock says, which may be years off. */
export interface Desk {
  readonly deviceId: string;
  readonly author: string;
  readonly createdAt: string;
  seq(): number;
  /** As whom the device writes into the cells of a document that has come so far (M10). */
  writer(id: string, countOf: (writer: string) => number): string;
  /** The document as the device shows it now; null when it holds none. */
  held(id: string): Readonly<Record<string, unknown>> | null;
}

/** A value of a register that somebody replaced, knowing it. It must not come back. */
export interface Replaced {
  readonly register: 'displayName' | 'bio';
  readonly value: string;
}

/** A value that somebody wrote into a cell, and those that they saw there and replaced. */
export interface CellWritten {
  readonly cell: string;
  readonly value: string;
  readonly replaces: readonly unknown[];
}

export interface Written {
  readonly doc: Document;
  readonly replaced?: Replaced;
  readonly completed?: string;
  readonly cell?: CellWritten;
}

type Kind = (desk: Desk, chance: Chance) => Written;
const COURSE = 'maths-7';
const QUIZ = { courseId: COURSE, quizId: 'fractions-check', quizVersion: 1 } as const;

const at = (desk: Desk) => ({ deviceId: desk.deviceId, createdAt: desk.createdAt });

const lessonEvent: Kind = (desk, chance) => ({
  doc: newLessonEvent({
    ...at(desk),
    seq: desk.seq(),
    learnerId: desk.author,
    courseId: COURSE,
    itemId: `lesson-${chance.below(9)}`,
    action: 'opened',
  }),
});

function attemptOf(desk: Desk, learnerId: string, chance: Chance): Document {
  const answers = { q1: { kind: 'single' as const, option: chance.of(['a', 'b', 'c']) } };
  return newAttempt({
    ...at(desk),
    ...QUIZ,
    seq: desk.seq(),
    learnerId,
    startedAt: desk.createdAt,
    submittedAt: desk.createdAt,
    answers,
    provisional: null,
  });
}

const attempt: Kind = (desk, chance) => ({ doc: attemptOf(desk, desk.author, chance) });
/** Nobody may hand in for somebody else. */
const forgedAttempt: Kind = (desk, chance) => ({ doc: attemptOf(desk, desk.author === 'ada' ? 'ben' : 'ada', chance) });

const progress: Kind = (desk, chance) => {
  const id = progressId(desk.author, COURSE);
  const before = (desk.held(id) as DocumentOf<'progress'> | null) ?? newProgress({ ...at(desk), learnerId: desk.author, courseId: COURSE }); // its builder wrote it
  const lessonId = `lesson-${chance.below(6)}`;
  const visit = {
    lessonId,
    deviceId: desk.deviceId,
    seen: 1,
    seconds: 1 + chance.below(60),
    completedAt: chance.happens(0.6) ? desk.createdAt : null,
  };
  return { doc: { ...recordLesson(before, visit), _id: id }, ...(visit.completedAt === null ? {} : { completed: lessonId }) };
};

const profile: Kind = (desk, chance) => {
  const id = profileId(desk.author);
  const begun = newProfile({ ...at(desk), learnerId: desk.author, displayName: desk.author, language: 'sw' });
  const before = (desk.held(id) as DocumentOf<'profile'> | null) ?? begun; // its builder wrote it
  const register = chance.of(['displayName', 'bio'] as const);
  const { tick, value } = before[register];
  const changed = bumpRegister(before[register], `${desk.author} ${chance.hex(6)}`, desk.deviceId);
  return { doc: { ...before, _id: id, [register]: changed }, ...(tick === 0 ? {} : { replaced: { register, value } }) };
};

const enrolment: Kind = (desk, chance) => {
  const id = enrolmentId(desk.author, COURSE);
  const begun = newEnrolment({ ...at(desk), learnerId: desk.author, courseId: COURSE });
  const before = (desk.held(id) as DocumentOf<'enrolment'> | null) ?? begun; // its builder wrote it
  const status = bumpRegister(before.status, chance.of(['active', 'withdrawn'] as const), desk.deviceId);
  return { doc: { ...before, _id: id, status } };
};

/** Into a partition that the learner may write and not read (A5). */
const application: Kind = (desk, chance) => ({
  doc: newApplication({
    ...at(desk),
    seq: desk.seq(),
    employerId: 'acme',
    jobId: 'public:job:01kf0000000000000000000000',
    applicantId: desk.author,
    applicantName: desk.author,
    letter: chance.hex(8),
  }),
});

const feedback: Kind = (desk, chance) => ({
  doc: newFeedback({
    ...at(desk),
    seq: desk.seq(),
    learnerId: chance.of(['ada', 'ben']),
    classId: '7a',
    authorId: desk.author,
    authorName: desk.author,
    aboutId: null,
    body: chance.hex(8),
  }),
});

/** A document of a type that one person edits at a time, new or changed. Some are begun on two devices at once. */
function edited(type: Parameters<typeof sampleDocument>[0], partition: string, change: (chance: Chance) => object, keys = 1): Kind {
  return (desk, chance) => {
    const sample = sampleDocument(type, partition, desk.author);
    const id = keys === 1 ? sample._id : sample._id.replace(/.$/, String(chance.below(keys)));
    const before = desk.held(id);
    // The sample with another text, which its schema takes.
    return { doc: { ...sample, ...at(desk), ...before, ...change(chance), _id: id } as Document };
  };
}

/** A cell of a document that several people edit. */
function celled(begin: (desk: Desk) => DocumentOf<'seating'> | DocumentOf<'lesson-draft'>, cells: readonly string[]): Kind {
  return (desk, chance) => {
    const begun = begin(desk);
    const before = (desk.held(begun._id) as typeof begun | null) ?? begun; // its builder wrote it
    const { edits } = before;
    const by = desk.writer(begun._id, (writer) => countOf(edits, writer));
    const [cell, value] = [chance.of(cells), chance.hex(8)];
    const replaces = (edits.cells[cell] ?? []).map((entry) => entry.value);
    const stamp = { by, n: countOf(edits, by) + 1, personId: desk.author, at: desk.createdAt };
    return { doc: { ...before, _id: begun._id, edits: setCell(edits, stamp, cell, value) } as Document, cell: { cell, value, replaces } };
  };
}

const seating = celled(
  (desk) => newSeating({ ...at(desk), classId: '7a', accountId: 'ada', authorId: desk.author }),
  ['group', 'seat', 'note'],
);
const draft = celled(
  (desk) => newLessonDraft({ ...at(desk), courseId: COURSE, lessonId: 'halves', authorId: desk.author }),
  ['title', 'summary', 'block.b1.text', 'block.b2.text'],
);

const text = (name: string) => (chance: Chance) => ({ [name]: chance.hex(6) });
const announcement = edited('announcement', 'class-7a', text('body'), 4);
const forgedAnnouncement = edited('announcement', 'school', text('body'), 4);
const note = edited('note', 'register-7a', text('body'), 3);
const lesson = edited('lesson', 'course-maths-7', text('summary'));
const catalogue = edited('course', 'public', (chance) => ({ open: chance.happens(0.5) }));
const settings = edited('settings', 'school', (chance) => ({ passingScore: chance.below(100) / 100 }));
const job = edited('job', 'public', text('place'), 3);

const learner = [lessonEvent, attempt, progress, progress, profile, profile, enrolment, application];
const KINDS: Readonly<Record<string, readonly Kind[]>> = {
  ada: learner,
  ben: learner,
  tembo: [announcement, note, lesson, feedback, seating, seating, draft],
  head: [catalogue, settings, draft],
  acme: [job],
  grace: [],
};

/** Something that this person does at this device; now and then something that nobody lets them. */
export function somethingBy(desk: Desk, chance: Chance): Written {
  const kinds = KINDS[desk.author] ?? [];
  if (kinds.length === 0 || chance.happens(0.06)) return chance.of([forgedAttempt, forgedAnnouncement])(desk, chance);
  return chance.of(kinds)(desk, chance);
}
