import * as v from 'valibot';
import type { CouchAdmin } from '../couch-admin.ts';
import { readDocument, writeDocument } from '../couch-documents.ts';
import { SERVER_DATABASE } from '../database.ts';
import {
  type AccountKind,
  type AccountOutcome,
  accountDocumentId,
  accountRecord,
  isAccountRole,
  isDisplayName,
  randomAccountId,
  refuse,
  reservationId,
} from './account.ts';
import { isStrongPassword } from './password.ts';
import { isUsername, normaliseUsername } from './sign-in-name.ts';

export interface NewAccount {
  /** The school's short name. */
  readonly slug: string;
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
  readonly kind: AccountKind;
  /** Beside `school:<slug>` and the kind: `operator`, `guards:<learner>`, `authors:<course>`, … */
  readonly roles?: readonly string[];
}

/** What stands under a reserved name. */
export const reservationSchema = v.looseObject({ accountId: v.string() });

/**
 * Creates an account. The sign-in name is reserved first, by a document whose id is the name, so that two accounts can
 * never share one; a reservation without an account is what is left of an interrupted call, and this call takes it over.
 */
export async function createAccount(
  couch: CouchAdmin,
  { slug, username: typed, password, displayName, kind, roles = [] }: NewAccount,
  newId: () => string = randomAccountId,
): Promise<AccountOutcome> {
  const username = normaliseUsername(typed);
  if (!isUsername(username)) return refuse('invalid-username');
  if (!isDisplayName(displayName)) return refuse('invalid-name');
  if (!roles.every(isAccountRole)) return refuse('invalid-role');
  if (!isStrongPassword(password, username)) return refuse('weak-password');
  if ((await readDocument(couch, SERVER_DATABASE, `school:${slug}`)) === null) return refuse('unknown-school');

  const accountId = await reserve(couch, slug, username, newId());
  const content = {
    name: accountId,
    roles: [...new Set([`school:${slug}`, kind, ...roles])],
    darasa: { school: slug, username, displayName, kind },
  };
  // The store replaces the password by its verifier. Whoever writes this document first has the account.
  const outcome = await writeDocument(couch, '_users', { _id: accountDocumentId(accountId), type: 'user', ...content, password });
  return outcome === 'conflict' ? refuse('username-taken') : { ok: true, account: accountRecord(content) };
}

/** Reserves a name and answers the id of the account that has it: the one proposed, or that of an earlier reservation. */
export async function reserve(couch: CouchAdmin, slug: string, username: string, proposedId: string): Promise<string> {
  const id = reservationId(slug, username);
  const outcome = await writeDocument(couch, SERVER_DATABASE, { _id: id, accountId: proposedId });
  if (outcome !== 'conflict') return proposedId;
  const held = await readDocument(couch, SERVER_DATABASE, id);
  // Freed between the two questions: rare enough to ask the database again from the start.
  return held === null ? reserve(couch, slug, username, proposedId) : v.parse(reservationSchema, held).accountId;
}
