import { openedAccount, verifierOf } from '@darasa/couchdb/provisioning';
import { classCardId } from '@darasa/shared/documents';
import type { HubPerson } from '@darasa/shared/protocol';
import { personFrom } from '@darasa/shared/rules';
import * as v from 'valibot';
import type { Accounts, StoredAccount } from '../couch/accounts.ts';
import type { CouchClient } from '../couch/couch-client.ts';
import { readDocuments } from '../couch/school-documents.ts';
import type { HubRecord } from './hub-records.ts';

type Served = HubRecord['served'][number];

const card = v.looseObject({ courseIds: v.array(v.string()) });

/** The learners and teachers of a hub's classes, those whose account is switched off too: what they did is kept. */
export async function rosterOf(accounts: Pick<Accounts, 'ofSchool'>, { school, classes }: HubRecord): Promise<StoredAccount[]> {
  const kept = new Set(classes);
  return (await accounts.ofSchool(school)).filter((account) => {
    const { learns, teaches } = personFrom(account.name, openedAccount(account).roles);
    return [...learns, ...teaches].some((classId) => kept.has(classId));
  });
}

/** Everybody of whom the hub may hold documents, and those of them who are on no roster any more. */
export function servedBy(
  hub: HubRecord,
  roster: readonly StoredAccount[],
): { readonly served: readonly Served[]; readonly leaving: readonly string[] } {
  const current = roster.map((account): Served => ({ id: account.name, role: account.darasa.kind === 'teacher' ? 'teacher' : 'learner' }));
  const ids = new Set(current.map(({ id }) => id));
  const gone = hub.served.filter(({ id }) => !ids.has(id));
  return { served: [...current, ...gone], leaving: gone.map(({ id }) => id) };
}

/** The roles of a hub's token: its classes, and what follows from them. */
export async function rolesOfHub(
  couch: CouchClient,
  database: string,
  { school, hubId, classes }: HubRecord,
  served: readonly Served[],
): Promise<string[]> {
  const cards = await readDocuments(couch, database, classes.map(classCardId));
  const courses = new Set(
    [...cards.values()].flatMap((doc) => {
      const parsed = v.safeParse(card, doc);
      return parsed.success ? parsed.output.courseIds : [];
    }),
  );
  const list = (name: string, keys: readonly string[]): string[] => (keys.length === 0 ? [] : [`${name}:${keys.join(',')}`]);
  const idsOf = (role: Served['role']): string[] => served.filter((each) => each.role === role).map(({ id }) => id);
  return [
    `school:${school}`,
    `hub:${hubId}`,
    ...list('keeps', classes),
    ...[...courses].map((course) => `gives:${course}`),
    ...list('marks', idsOf('learner')),
    ...list('hosts', idsOf('teacher')),
  ];
}

/** Somebody who may sign in at the hub, with no more than that takes. */
export function hubPerson(account: StoredAccount, classes: readonly string[]): HubPerson {
  const { username, displayName, kind } = account.darasa;
  return { id: account.name, username, displayName, kind, roles: rolesAtHub(account.roles, classes), verifier: verifierOf(account) };
}

/**
 * Of an account's roles those that a hub can serve: what somebody is in its classes. Other classes, guarded children and courses that a
 * teacher writes are not on the laptop, and what is written there could not be handed in.
 */
function rolesAtHub(roles: readonly string[], classes: readonly string[]): string[] {
  const inClasses = classes.flatMap((classId) => [`learns:${classId}`, `teaches:${classId}`]);
  return roles.filter((role) => role.startsWith('school:') || role === 'learner' || role === 'teacher' || inClasses.includes(role));
}
