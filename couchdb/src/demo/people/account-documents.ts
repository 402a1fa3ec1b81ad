import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { accountDocumentId, reservationId } from '../../provisioning/accounts/account.ts';
import type { StoredDocument } from '../../provisioning/couch-documents.ts';
import { DEMO_SLUG } from '../demo-slug.ts';
import type { FullDemoAccount } from './demo-accounts.ts';

const derive = promisify(pbkdf2);

/**
 * CouchDB 3.5 takes 600,000 rounds for a new password, a fifth of a second each. These passwords are printed for everybody to read,
 * so a thousand rounds protect them as well, and 35 accounts are ready at once.
 */
const ITERATIONS = 1_000;

/** The `_users` document of a demo account, with its verifier as CouchDB 3.5 makes it: PBKDF2 with HMAC-SHA-256, in hexadecimal. */
export async function accountDocument({ id, username, password, name, kind, roles }: FullDemoAccount): Promise<StoredDocument> {
  const salt = randomBytes(16).toString('hex');
  const key = await derive(password, salt, ITERATIONS, 32, 'sha256');
  return {
    _id: accountDocumentId(id),
    type: 'user',
    name: id,
    roles,
    darasa: { school: DEMO_SLUG, username, displayName: name, kind },
    password_scheme: 'pbkdf2',
    pbkdf2_prf: 'sha256',
    iterations: ITERATIONS,
    salt,
    derived_key: key.toString('hex'),
  };
}

/** What reserves a demo account's sign-in name. */
export function reservationDocument({ id, username }: FullDemoAccount): StoredDocument {
  return { _id: reservationId(DEMO_SLUG, username), accountId: id };
}
