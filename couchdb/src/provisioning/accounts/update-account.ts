import * as v from 'valibot';
import type { CouchAdmin } from '../couch-admin.ts';
import { deleteDocument, readDocument, writeDocument } from '../couch-documents.ts';
import { SERVER_DATABASE } from '../database.ts';
import {
  type AccountOutcome,
  accountDocumentId,
  accountDocumentSchema,
  accountRecord,
  isAccountRole,
  isDisplayName,
  refuse,
  reservationId,
} from './account.ts';
import { closed, opened, withoutVerifier } from './closing.ts';
import { reserve } from './create-account.ts';
import { isStrongPassword } from './password.ts';
import { isUsername, normaliseUsername } from './sign-in-name.ts';

/** What to change; what is not named stays. */
export interface AccountChange {
  readonly id: string;
  readonly username?: string;
  readonly password?: string;
  readonly displayName?: string;
  /** A disabled account cannot sign in or refresh, here or at CouchDB itself; switched on again it is what it was. */
  readonly disabled?: boolean;
  readonly addRoles?: readonly string[];
  readonly removeRoles?: readonly string[];
}

/** Changes an account. A new sign-in name is reserved before it is used, and the old one freed after. */
export async function updateAccount(couch: CouchAdmin, change: AccountChange): Promise<AccountOutcome> {
  const document = await readDocument(couch, '_users', accountDocumentId(change.id));
  if (document === null) return refuse('unknown-account');
  const before = opened(v.parse(accountDocumentSchema, document));
  const { school } = before.darasa;

  const username = change.username === undefined ? before.darasa.username : normaliseUsername(change.username);
  const displayName = change.displayName ?? before.darasa.displayName;
  if (!isUsername(username)) return refuse('invalid-username');
  if (!isDisplayName(displayName)) return refuse('invalid-name');
  if (![...(change.addRoles ?? []), ...(change.removeRoles ?? [])].every(isAccountRole)) return refuse('invalid-role');
  if (change.password !== undefined && !isStrongPassword(change.password, username)) return refuse('weak-password');

  const renamed = username !== before.darasa.username;
  if (renamed && (await reserve(couch, school, username, change.id)) !== change.id) return refuse('username-taken');

  const removed = new Set(change.removeRoles);
  const roles = [...new Set([...before.roles, ...(change.addRoles ?? [])])].filter((role) => !removed.has(role));
  const disabled = change.disabled ?? before.darasa.disabled ?? false;
  const { password } = change;
  const kept = password === undefined ? before : withoutVerifier(before);
  const next = { ...kept, roles, darasa: { ...before.darasa, username, displayName, disabled } };
  const shown = disabled ? closed(next) : next;

  const outcome = await writeDocument(couch, '_users', password === undefined ? shown : { ...shown, password });
  if (outcome === 'conflict') return refuse('changed-meanwhile');
  // The store has made a verifier of the new password, in the open: harmless without roles, and now put aside as well.
  if (disabled && password !== undefined) await updateAccount(couch, { id: change.id });
  if (renamed) await free(couch, reservationId(school, before.darasa.username), change.id);
  return { ok: true, account: accountRecord(next) };
}

async function free(couch: CouchAdmin, id: string, accountId: string): Promise<void> {
  const held = await readDocument(couch, SERVER_DATABASE, id);
  if (held !== null && held['accountId'] === accountId) await deleteDocument(couch, SERVER_DATABASE, id, held._rev);
}
