import * as v from 'valibot';
import type { CouchAdmin } from '../couch-admin.ts';
import { readDocument } from '../couch-documents.ts';
import { SERVER_DATABASE } from '../database.ts';
import { type AccountRecord, accountDocumentId, accountDocumentSchema, accountRecord, reservationId } from './account.ts';
import { reservationSchema } from './create-account.ts';
import { isUsername, normaliseUsername } from './sign-in-name.ts';

/** The id of the account with a sign-in name, as a person typed it; null when nobody has it. */
export async function findAccountId(couch: CouchAdmin, slug: string, typed: string): Promise<string | null> {
  const username = normaliseUsername(typed);
  if (!isUsername(username)) return null;
  const reservation = await readDocument(couch, SERVER_DATABASE, reservationId(slug, username));
  return reservation === null ? null : v.parse(reservationSchema, reservation).accountId;
}

/** The account with an id; null when there is none. */
export async function readAccount(couch: CouchAdmin, accountId: string): Promise<AccountRecord | null> {
  const document = await readDocument(couch, '_users', accountDocumentId(accountId));
  return document === null ? null : accountRecord(v.parse(accountDocumentSchema, document));
}
