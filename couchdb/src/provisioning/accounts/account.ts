import { randomFillSync } from 'node:crypto';
import { isKey, opaqueId } from '@darasa/shared/documents';
import * as v from 'valibot';

export const ACCOUNT_KINDS = ['learner', 'teacher', 'guardian', 'employer', 'admin'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** `org.couchdb.user:<accountId>` in `_users`. CouchDB keeps the password's verifier in further fields of its own. */
export const accountDocumentSchema = v.looseObject({
  _id: v.string(),
  _rev: v.string(),
  type: v.literal('user'),
  /** The account id: opaque and for ever, unlike the sign-in name. */
  name: v.string(),
  roles: v.array(v.string()),
  darasa: v.looseObject({
    school: v.string(),
    username: v.string(),
    displayName: v.string(),
    kind: v.picklist(ACCOUNT_KINDS),
    disabled: v.optional(v.boolean()),
    /** Of an account that is switched off: what CouchDB must not see until it is switched on. See `closing.ts`. */
    aside: v.optional(v.object({ roles: v.array(v.string()), verifier: v.record(v.string(), v.unknown()) })),
  }),
});
export type AccountDocument = v.InferOutput<typeof accountDocumentSchema>;

/** An account as the rest of the program sees it: without a verifier. */
export interface AccountRecord {
  readonly id: string;
  readonly school: string;
  readonly username: string;
  readonly displayName: string;
  readonly kind: AccountKind;
  /** Those of a disabled account too, though CouchDB does not see them. */
  readonly roles: readonly string[];
  readonly disabled: boolean;
}

export type AccountErrorTag =
  | 'unknown-school'
  | 'unknown-account'
  | 'invalid-username'
  | 'invalid-name'
  | 'invalid-role'
  | 'weak-password'
  | 'username-taken'
  | 'changed-meanwhile';

/** What became of a request about an account. Anything that CouchDB itself refuses is thrown as a CouchError. */
export type AccountOutcome =
  | { readonly ok: true; readonly account: AccountRecord }
  | { readonly ok: false; readonly error: AccountErrorTag };

export const refuse = (error: AccountErrorTag): AccountOutcome => ({ ok: false, error });

/** What a document of `_users` says, without its verifier. */
export function accountRecord({ name, roles, darasa }: Pick<AccountDocument, 'name' | 'roles' | 'darasa'>): AccountRecord {
  const { school, username, displayName, kind, disabled, aside } = darasa;
  return { id: name, school, username, displayName, kind, roles: aside?.roles ?? roles, disabled: disabled ?? false };
}

export const accountDocumentId = (accountId: string): string => `org.couchdb.user:${accountId}`;
export const reservationId = (slug: string, username: string): string => `username:${slug}:${username}`;

const PLAIN_ROLES: readonly string[] = [...ACCOUNT_KINDS, 'operator'];
const KEYED_ROLES: readonly string[] = ['learns', 'teaches', 'guards', 'authors'];

/**
 * Whether an account may be given a role. What follows from classes (`takes:`, `gives:`, `marks:`) is added at sign-in, services
 * have no accounts, and CouchDB's own roles (`_admin`) are not ours to give.
 */
export function isAccountRole(role: string): boolean {
  const [prefix = '', key, ...rest] = role.split(':');
  if (key === undefined) return PLAIN_ROLES.includes(prefix);
  return KEYED_ROLES.includes(prefix) && rest.length === 0 && isKey(key);
}

export function isDisplayName(name: string): boolean {
  return /\S/.test(name) && name.length <= 200;
}

/** A new account id: 12 characters, 60 random bits. */
export const randomAccountId = (): string => opaqueId((bytes) => randomFillSync(bytes));
