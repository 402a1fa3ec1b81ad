import * as v from 'valibot';
import { editsSchema } from './edits.ts';
import { documentSchema, instant, key, line, paragraph, record, title } from './fields.ts';

/** Documents of the partitions `class-<id>` and `register-<id>`. */

/** `class-<id>:class:card` */
export const classSchema = documentSchema('class', {
  classId: key,
  name: title,
  grade: v.nullable(v.picklist([7, 8, 9])),
  /** The courses that the class follows: its learners take them, its teachers give them. */
  courseIds: v.array(key),
});

/** `class-<id>:member:<accountId>`: the roster, by the display names that classmates see. */
export const memberSchema = documentSchema('member', {
  classId: key,
  accountId: key,
  displayName: title,
  role: v.picklist(['learner', 'teacher']),
});

/** `class-<id>:release:<courseId>:<quizId>`: a teacher shows the class what a quiz keeps back until then. */
export const releaseSchema = documentSchema('release', { classId: key, authorId: key, courseId: key, quizId: key });

const itemKind = v.picklist(['lesson', 'quiz']);
const dueAt = v.nullable(instant);

/**
 * `class-<id>:assignment:<ulid>`. The plain fields are what learners see; where it was edited they repeat what its cells show.
 * It merges cell by cell: see `edits.ts`.
 */
export const assignmentSchema = documentSchema('assignment', {
  classId: key,
  /** Who set it: the one who decides where a merge cannot. */
  authorId: key,
  courseId: key,
  item: v.looseObject({ kind: itemKind, id: key }),
  title,
  dueAt,
  instructions: v.optional(paragraph),
  /** The learners it is for; null or absent: the whole class. */
  learnerIds: v.optional(v.nullable(v.array(key))),
  /** Taken back by a teacher, who may bring it back. */
  withdrawn: v.optional(v.boolean()),
  edits: v.optional(
    editsSchema({
      title,
      instructions: paragraph,
      dueAt,
      about: v.looseObject({ courseId: key, kind: itemKind, id: key }),
      for: v.picklist(['class', 'chosen']),
      'learner.chosen': v.boolean(),
    }),
  ),
});

/** `register-<id>:roster-entry:<accountId>` */
export const rosterEntrySchema = documentSchema('roster-entry', {
  classId: key,
  accountId: key,
  fullName: title,
  guardianIds: v.array(key),
});

/** `register-<id>:seating:<accountId>`: with whom a learner works and where they sit, as the class's teachers agree it. It merges. */
export const seatingSchema = documentSchema('seating', {
  classId: key,
  accountId: key,
  /** Who began it: the one who decides where a merge cannot. */
  authorId: key,
  edits: editsSchema({ group: line, seat: line, note: paragraph }),
});

/** `register-<id>:attendance:<yyyy-mm-dd>` */
export const attendanceSchema = documentSchema('attendance', {
  classId: key,
  authorId: key,
  day: v.pipe(v.string(), v.isoDate()),
  present: record(key, v.picklist(['present', 'absent', 'late', 'excused'])),
});

/** `register-<id>:note:<ulid>`: a teacher's private note. */
export const noteSchema = documentSchema('note', { classId: key, authorId: key, learnerId: key, heading: line, body: paragraph });
