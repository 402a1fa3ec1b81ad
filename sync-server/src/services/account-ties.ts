import {
  type AccountOutcome,
  type AccountRecord,
  addToClass,
  type CouchAdmin,
  readAccount,
  removeFromClass,
  schoolDatabase,
} from '@darasa/couchdb/provisioning';
import { classCardId } from '@darasa/shared/documents';
import type { AccountChangeRequest, AdminAccount } from '@darasa/shared/protocol';
import type { CouchClient } from '../couch/couch-client.ts';
import { readDocuments } from '../couch/school-documents.ts';
import { RequestProblem } from '../middleware/errors.ts';
import { keysOf } from '../policies/account-list.ts';

/** What ties an account to its school's classes, learners and courses. */
export interface Ties {
  readonly kind?: AdminAccount['kind'];
  readonly classIds?: readonly string[] | undefined;
  readonly guards?: readonly string[] | undefined;
}

/** Classes and learners that an account is to be tied to have to be the school's own. Throws 400. */
export async function checkTies(
  { couch, admin }: { readonly couch: CouchClient; readonly admin: CouchAdmin },
  school: string,
  { kind, classIds = [], guards = [] }: Ties,
): Promise<void> {
  if (classIds.length > 0) {
    if (kind !== undefined && kind !== 'learner' && kind !== 'teacher')
      throw new RequestProblem(400, 'bad_request', 'classIds: only learners and teachers have classes');
    const cards = await readDocuments(couch, schoolDatabase(school), classIds.map(classCardId));
    const unknown = classIds.find((id) => !cards.has(classCardId(id)));
    if (unknown !== undefined) throw new RequestProblem(400, 'bad_request', `classIds: there is no class ${unknown}`);
  }
  for (const id of guards) {
    const learner = await readAccount(admin, id);
    if (learner === null || learner.school !== school || learner.kind !== 'learner')
      throw new RequestProblem(400, 'bad_request', `guards: there is no learner ${id}`);
  }
}

/** The roles that a change gives and takes, but for those of classes: they go with the roster (`placeInClasses`). */
export function rolesChange(before: AccountRecord, change: AccountChangeRequest): { addRoles: string[]; removeRoles: string[] } {
  const addRoles: string[] = [];
  const removeRoles: string[] = [];
  for (const [prefix, wanted] of [
    ['guards:', change.guards],
    ['authors:', change.authors],
  ] as const) {
    if (wanted === undefined) continue;
    addRoles.push(...wanted.map((id) => prefix + id));
    removeRoles.push(...keysOf(before.roles, prefix).flatMap((id) => (wanted.includes(id) ? [] : [prefix + id])));
  }
  if (change.operator !== undefined) (change.operator ? addRoles : removeRoles).push('operator');
  return { addRoles, removeRoles };
}

/** Makes these the account's classes, and says its name as it is now on the roster of each. */
export async function placeInClasses(admin: CouchAdmin, account: AccountRecord, classIds: readonly string[]): Promise<AccountOutcome> {
  const role = account.kind === 'teacher' ? 'teacher' : 'learner';
  const before = classesOfAccount(account);
  let outcome: AccountOutcome = { ok: true, account };
  for (const classId of before.filter((id) => !classIds.includes(id))) {
    if (outcome.ok) outcome = await removeFromClass(admin, { classId, accountId: account.id, role });
  }
  for (const classId of classIds) {
    if (outcome.ok) outcome = await addToClass(admin, { classId, accountId: account.id, role });
  }
  return outcome;
}

/** The classes that an account learns in or teaches. */
export const classesOfAccount = ({ roles }: AccountRecord): string[] => [...keysOf(roles, 'learns:'), ...keysOf(roles, 'teaches:')];
