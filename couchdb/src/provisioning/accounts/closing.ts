import type { AccountDocument } from './account.ts';

/** The fields in which CouchDB keeps a password's verifier. A new password makes all of them anew. */
const VERIFIER_FIELDS: readonly string[] = ['derived_key', 'salt', 'iterations', 'password_scheme', 'pbkdf2_prf', 'password_sha'];

/**
 * The document of an account that is switched off. CouchDB knows nothing of our flag, so what lets somebody in is put aside where
 * CouchDB does not look: without a verifier no password is right, without its salt no cookie is good, and without roles nothing
 * opens. A token that was signed before runs out by itself.
 */
export function closed(account: AccountDocument): AccountDocument {
  const { roles, darasa } = account;
  const verifier = Object.fromEntries(Object.entries(account).filter(([field]) => VERIFIER_FIELDS.includes(field)));
  return { ...withoutVerifier(account), roles: [], darasa: { ...darasa, disabled: true, aside: { roles, verifier } } };
}

/** The document as it is when the account is open: for a closed one, what it will be again. */
export function opened(account: AccountDocument): AccountDocument {
  const { aside, ...darasa } = account.darasa;
  return aside === undefined ? account : { ...account, ...aside.verifier, roles: aside.roles, darasa };
}

/** Of an account's document what verifies its password, and nothing else. */
export function verifierOf(account: AccountDocument): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(account).flatMap(([field, value]): [string, string | number][] =>
      VERIFIER_FIELDS.includes(field) && (typeof value === 'string' || typeof value === 'number') ? [[field, value]] : [],
    ),
  );
}

export function withoutVerifier(account: AccountDocument): AccountDocument {
  // The verifier's fields are none of the schema's: what the type names is still there.
  return Object.fromEntries(Object.entries(account).filter(([field]) => !VERIFIER_FIELDS.includes(field))) as AccountDocument;
}
