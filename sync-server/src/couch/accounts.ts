import { accountDocumentId, accountDocumentSchema, type CouchAdmin, findAccountId } from '@darasa/couchdb/provisioning';
import * as v from 'valibot';
import { type CouchClient, documentPath } from './couch-client.ts';

/** A document of `_users` with the verifier of its password, in CouchDB's own format. */
export type StoredAccount = v.InferOutput<typeof accountDocumentSchema>;

export interface Accounts {
  byId(accountId: string): Promise<StoredAccount | null>;
  byUsername(school: string, username: string): Promise<StoredAccount | null>;
  ofSchool(school: string): Promise<StoredAccount[]>;
}

export function accounts(couch: CouchClient, admin: CouchAdmin): Accounts {
  const byId = (accountId: string): Promise<StoredAccount | null> =>
    couch.find(accountDocumentSchema, documentPath('_users', accountDocumentId(accountId)));
  return {
    byId,
    async byUsername(school, username) {
      const accountId = await findAccountId(admin, school, username);
      return accountId === null ? null : byId(accountId);
    },
    async ofSchool(school) {
      const prefix = accountDocumentId('');
      const query = { include_docs: 'true', startkey: JSON.stringify(prefix), endkey: JSON.stringify(`${prefix}\ufff0`) };
      const reply = v.object({ rows: v.array(v.object({ doc: v.unknown() })) });
      const { rows } = await couch.ask(reply, 'GET', '/_users/_all_docs', { query });
      // Accounts that were made in the dashboard, without a school, are not ours to list.
      const parsed = rows.map(({ doc }) => v.safeParse(accountDocumentSchema, doc));
      return parsed.flatMap((each) => (each.success && each.output.darasa.school === school ? [each.output] : []));
    },
  };
}
