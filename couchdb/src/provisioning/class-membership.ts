import { docId, partitionId } from '@darasa/shared/documents';
import { type AccountOutcome, refuse } from './accounts/account.ts';
import { readAccount } from './accounts/find-account.ts';
import { updateAccount } from './accounts/update-account.ts';
import type { CouchAdmin } from './couch-admin.ts';
import { deleteDocument, readDocument, writeDocument } from './couch-documents.ts';
import { schoolDatabase } from './database.ts';

export interface ClassMembership {
  readonly classId: string;
  readonly accountId: string;
  readonly role: 'learner' | 'teacher';
}

const roleOf = ({ classId, role }: ClassMembership): string => `${role === 'learner' ? 'learns' : 'teaches'}:${classId}`;
const memberId = ({ classId, accountId }: ClassMembership): string => docId(partitionId('class', classId), 'member', accountId);

/**
 * Puts a person in a class: the member document, which everybody in the class sees, and then the role, which gives access.
 * Interrupted between the two, the class shows a member who cannot read it yet, never a reader whom nobody sees; calling
 * again completes it.
 */
export async function addToClass(
  couch: CouchAdmin,
  membership: ClassMembership,
  now: () => Date = () => new Date(),
): Promise<AccountOutcome> {
  const { classId, accountId, role } = membership;
  const account = await readAccount(couch, accountId);
  if (account === null) return refuse('unknown-account');

  const database = schoolDatabase(account.school);
  const before = await readDocument(couch, database, memberId(membership));
  if (before === null || before['role'] !== role || before['displayName'] !== account.displayName) {
    const outcome = await writeDocument(couch, database, {
      createdAt: now().toISOString(),
      deviceId: 'server',
      ...before,
      _id: memberId(membership),
      type: 'member',
      schemaVersion: 1,
      classId,
      accountId,
      displayName: account.displayName,
      role,
    });
    if (outcome === 'conflict') return refuse('changed-meanwhile');
  }
  if (account.roles.includes(roleOf(membership))) return { ok: true, account };
  return updateAccount(couch, { id: accountId, addRoles: [roleOf(membership)] });
}

/** Takes a person out of a class: first the role, so that access ends, then the member document. What they did stays. */
export async function removeFromClass(couch: CouchAdmin, membership: ClassMembership): Promise<AccountOutcome> {
  const outcome = await updateAccount(couch, { id: membership.accountId, removeRoles: [roleOf(membership)] });
  if (!outcome.ok) return outcome;
  const database = schoolDatabase(outcome.account.school);
  const member = await readDocument(couch, database, memberId(membership));
  if (member !== null) await deleteDocument(couch, database, member._id, member._rev);
  return outcome;
}
