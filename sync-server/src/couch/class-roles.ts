import { personFrom } from '@darasa/shared/rules';
import * as v from 'valibot';
import type { Accounts } from './accounts.ts';
import type { CouchClient } from './couch-client.ts';
import { readDocuments, readRange } from './school-documents.ts';

const card = v.looseObject({ courseIds: v.array(v.string()) });
const member = v.looseObject({ accountId: v.string(), role: v.string() });

export interface RolesParts {
  readonly couch: CouchClient;
  readonly accounts: Pick<Accounts, 'byIds'>;
  /** The school's database. */
  readonly database: string;
  readonly school: string;
}

/**
 * The roles that follow from classes: `takes:` and `gives:` from the courses that the person's classes follow, `marks:`
 * with the learners of the classes that the person teaches. A guardian takes what the guarded learners' classes follow,
 * and so reads the lessons that the child reads.
 */
export async function rolesFromClasses({ couch, accounts, database, school }: RolesParts, roles: readonly string[]): Promise<string[]> {
  const person = personFrom('', roles);
  const guarded = (await accounts.byIds([...person.guards])).filter(({ darasa }) => darasa.school === school);
  const learns = new Set([...person.learns, ...guarded.flatMap(({ name, roles: theirs }) => [...personFrom(name, theirs).learns])]);

  const cardId = (classId: string): string => `class-${classId}:class:card`;
  const cards = await readDocuments(couch, database, [...new Set([...learns, ...person.teaches])].map(cardId));
  const courses = (classIds: ReadonlySet<string>): Set<string> =>
    new Set(
      [...classIds].flatMap((classId) => {
        const parsed = v.safeParse(card, cards.get(cardId(classId)));
        return parsed.success ? parsed.output.courseIds : [];
      }),
    );

  const marked = new Set<string>();
  for (const classId of person.teaches) {
    for (const doc of await readRange(couch, database, `class-${classId}:member:`)) {
      const parsed = v.safeParse(member, doc);
      if (parsed.success && parsed.output.role === 'learner') marked.add(parsed.output.accountId);
    }
  }
  return [
    ...[...courses(learns)].map((course) => `takes:${course}`),
    ...[...courses(person.teaches)].map((course) => `gives:${course}`),
    ...(marked.size === 0 ? [] : [`marks:${[...marked].join(',')}`]),
  ];
}
