import type { AdminClasses } from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { CouchClient } from './couch-client.ts';
import { readRange } from './school-documents.ts';

const classDoc = v.looseObject({ type: v.literal('class'), classId: v.string(), name: v.string(), courseIds: v.array(v.string()) });
const memberDoc = v.looseObject({ type: v.literal('member'), classId: v.string(), role: v.picklist(['learner', 'teacher']) });

/** The classes of a school, with how many are in each. */
export async function classesOf(couch: CouchClient, database: string): Promise<AdminClasses> {
  const docs = await readRange(couch, database, 'class-');
  const members = docs.flatMap((doc) => {
    const parsed = v.safeParse(memberDoc, doc);
    return parsed.success ? [parsed.output] : [];
  });
  const count = (classId: string, role: string): number =>
    members.filter((member) => member.classId === classId && member.role === role).length;
  const classes = docs.flatMap((doc) => {
    const parsed = v.safeParse(classDoc, doc);
    if (!parsed.success) return [];
    const { classId, name, courseIds } = parsed.output;
    return [{ classId, name, courseIds, learners: count(classId, 'learner'), teachers: count(classId, 'teacher') }];
  });
  return { classes };
}
