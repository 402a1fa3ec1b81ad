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
import { reserve } from './create-account.ts';
import { isStrongPassword } from './password.ts';
import { isUsername, normaliseUsername } from './sign-in-name.ts';

/** What to change; what is not named stays. */
export interface AccountChange {
  readonly id: string;
  readonly username?: string;
  readonly password?: string;
  readonly displayName?: string;
  /** A disabled account cannot sign in or refresh. */
  readonly disabled?: boolean;
  readonly addRoles?: readonly string[];
  readonly removeRoles?: readonly string[];
}

/** The fields in which CouchDB keeps a password's verifier. A new password makes all of them anew. */
const VERIFIER_FIELDS: readonly string[] = ['derived_key', 'salt', 'iterations', 'password_scheme', 'pbkdf2_prf', 'password_sha'];

/** Changes an account. A new sign-in name is reserved before it is used, and the old one freed after. */
export async function updateAccount(couch: CouchAdmin, change: AccountChange): Promise<AccountOutcome> {
  const document = await readDocument(couch, '_users', accountDocumentId(change.id));
  if (document === null) return refuse('unknown-account');
  const before = v.parse(accountDocumentSchema, document);
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
  const disabled = change.disabled ?? before.darasa.disabled;
  const darasa = { ...before.darasa, username, displayName, ...(disabled === undefined ? {} : { disabled }) };
  const kept = change.password === undefined ? before : withoutVerifier(before);
  const next = { ...kept, roles, darasa, ...(change.password === undefined ? {} : { password: change.password }) };

  const outcome = await writeDocument(couch, '_users', { ...next, _id: before._id });
  if (outcome === 'conflict') return refuse('changed-meanwhile');
  if (renamed) await free(couch, reservationId(school, before.darasa.username), change.id);
  return { ok: true, account: accountRecord({ name: before.name, roles, darasa }) };
}

function withoutVerifier<T extends Readonly<Record<string, unknown>>>(document: T): T {
  // The verifier's fields are none of the schema's: what the type names is still there.
  return Object.fromEntries(Object.entries(document).filter(([field]) => !VERIFIER_FIELDS.includes(field))) as T;
}

async function free(couch: CouchAdmin, id: string, accountId: string): Promise<void> {
  const held = await readDocument(couch, SERVER_DATABASE, id);
  if (held !== null && held['accountId'] === accountId) await deleteDocument(couch, SERVER_DATABASE, id, held._rev);
}
