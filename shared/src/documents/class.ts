import * as v from 'valibot';
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

/** `class-<id>:assignment:<ulid>` */
export const assignmentSchema = documentSchema('assignment', {
  classId: key,
  authorId: key,
  courseId: key,
  item: v.looseObject({ kind: v.picklist(['lesson', 'quiz']), id: key }),
  title,
  dueAt: v.nullable(instant),
});

/** `register-<id>:roster-entry:<accountId>` */
export const rosterEntrySchema = documentSchema('roster-entry', {
  classId: key,
  accountId: key,
  fullName: title,
  guardianIds: v.array(key),
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
