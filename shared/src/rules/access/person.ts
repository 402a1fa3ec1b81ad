import { isKey } from '../../documents/partitions.ts';

/**
 * A person as the proxy and the database's validation functions both see them: an account id and role strings.
 *
 * Role strings, as they stand in an account's `roles` and in the access token's claim `_couchdb.roles`:
 *
 * | role | means |
 * |---|---|
 * | `school:<slug>` | belongs to the school |
 * | `learner`, `teacher`, `guardian`, `employer`, `admin` | what they are there |
 * | `operator` | may use the raw database through the admin gateway |
 * | `learns:<class>`, `teaches:<class>` | class membership |
 * | `guards:<learner>` | is a guardian of the learner |
 * | `authors:<course>` | writes the course |
 * | `takes:<course>`, `gives:<course>` | from the classes: learns or teaches with the course; a guardian takes what the guarded learners' classes follow |
 * | `marks:<learner>,<learner>` | from the classes: the learners whose work a teacher sees |
 * | `hub:<hub>` | is a class laptop (hub), not a person: it hands in what others did |
 * | `keeps:<class>,<class>` | the classes that a hub keeps; `gives:` and `marks:` follow from them as from a teacher's |
 * | `hosts:<teacher>,<teacher>` | the teachers of these classes, whose documents a hub hands in |
 * | `service:<name>` | one of the server's own services |
 * | `_admin` | CouchDB's server admin |
 */
export interface Person {
  readonly id: string;
  readonly school: string | null;
  readonly kinds: ReadonlySet<string>;
  readonly learns: ReadonlySet<string>;
  readonly teaches: ReadonlySet<string>;
  readonly guards: ReadonlySet<string>;
  readonly authors: ReadonlySet<string>;
  readonly takes: ReadonlySet<string>;
  readonly gives: ReadonlySet<string>;
  readonly marks: ReadonlySet<string>;
  /** The id of the hub that this is; null for a person. */
  readonly hub: string | null;
  readonly keeps: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly serverAdmin: boolean;
}

export const PERSON_KINDS = ['learner', 'teacher', 'guardian', 'employer', 'admin', 'operator'] as const;
export type PersonKind = (typeof PERSON_KINDS)[number];

/** Reads a person from an account id and role strings. Unknown roles grant nothing, nor do names that are no keys. */
export function personFrom(id: string, roles: readonly string[]): Person {
  const after = (prefix: string): string[] =>
    roles.filter((role) => role.startsWith(prefix)).flatMap((role) => role.slice(prefix.length).split(',').filter(isKey));
  return {
    id,
    school: after('school:')[0] ?? null,
    kinds: new Set(roles.filter((role) => (PERSON_KINDS as readonly string[]).includes(role))),
    learns: new Set(after('learns:')),
    teaches: new Set(after('teaches:')),
    guards: new Set(after('guards:')),
    authors: new Set(after('authors:')),
    takes: new Set(after('takes:')),
    gives: new Set(after('gives:')),
    marks: new Set(after('marks:')),
    hub: after('hub:')[0] ?? null,
    keeps: new Set(after('keeps:')),
    hosts: new Set(after('hosts:')),
    services: new Set(after('service:')),
    serverAdmin: roles.includes('_admin'),
  };
}
