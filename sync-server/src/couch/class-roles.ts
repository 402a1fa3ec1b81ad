import * as v from 'valibot';
import type { CouchClient } from './couch-client.ts';
import { readDocuments, readRange } from './school-documents.ts';

const card = v.looseObject({ courseIds: v.array(v.string()) });
const member = v.looseObject({ accountId: v.string(), role: v.string() });

/**
 * The roles that follow from a person's classes: `takes:` and `gives:` from the courses that the classes follow, and
 * `marks:` with the learners of the classes that the person teaches.
 */
export async function rolesFromClasses(couch: CouchClient, database: string, roles: readonly string[]): Promise<string[]> {
  const classesOf = (prefix: string): string[] => roles.filter((role) => role.startsWith(prefix)).map((role) => role.slice(prefix.length));
  const learns = classesOf('learns:');
  const teaches = classesOf('teaches:');
  const cardId = (classId: string): string => `class-${classId}:class:card`;
  const cards = await readDocuments(couch, database, [...new Set([...learns, ...teaches])].map(cardId));
  const courses = (classIds: readonly string[]): string[] =>
    classIds.flatMap((classId) => {
      const parsed = v.safeParse(card, cards.get(cardId(classId)));
      return parsed.success ? parsed.output.courseIds : [];
    });

  const marked = new Set<string>();
  for (const classId of teaches) {
    for (const doc of await readRange(couch, database, `class-${classId}:member:`)) {
      const parsed = v.safeParse(member, doc);
      if (parsed.success && parsed.output.role === 'learner') marked.add(parsed.output.accountId);
    }
  }
  return [
    ...[...new Set(courses(learns))].map((course) => `takes:${course}`),
    ...[...new Set(courses(teaches))].map((course) => `gives:${course}`),
    ...(marked.size === 0 ? [] : [`marks:${[...marked].join(',')}`]),
  ];
}
