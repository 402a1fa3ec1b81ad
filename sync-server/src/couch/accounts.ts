import { accountDocumentId, accountDocumentSchema, type CouchAdmin, findAccountId } from '@darasa/couchdb/provisioning';
import * as v from 'valibot';
import { type CouchClient, documentPath } from './couch-client.ts';

/** A document of `_users` with the verifier of its password, in CouchDB's own format. */
export type StoredAccount = v.InferOutput<typeof accountDocumentSchema>;

export interface Accounts {
  byId(accountId: string): Promise<StoredAccount | null>;
  /** Those of the ids that there are, in no order that is promised. */
  byIds(accountIds: readonly string[]): Promise<StoredAccount[]>;
  byUsername(school: string, username: string): Promise<StoredAccount | null>;
  ofSchool(school: string): Promise<readonly StoredAccount[]>;
  /** Some accounts of any school: their ids are random. */
  some(): Promise<StoredAccount[]>;
}

/** How many accounts are some. */
const SOME = 50;

export function accounts(couch: CouchClient, admin: CouchAdmin): Accounts {
  const byId = (accountId: string): Promise<StoredAccount | null> =>
    couch.find(accountDocumentSchema, documentPath('_users', accountDocumentId(accountId)));
  const reply = v.object({ rows: v.array(v.looseObject({ doc: v.optional(v.unknown()) })) });
  // Accounts that were made in the dashboard, without a school, are none of ours.
  const parsed = ({ rows }: v.InferOutput<typeof reply>): StoredAccount[] =>
    rows.flatMap(({ doc }) => {
      const account = v.safeParse(accountDocumentSchema, doc);
      return account.success ? [account.output] : [];
    });
  const info = v.object({ update_seq: v.union([v.string(), v.number()]) });
  // Who types a name asks at each letter: thousands of documents are read again only when one of them has changed.
  let read: { readonly seq: string | number; readonly bySchool: ReadonlyMap<string, readonly StoredAccount[]> } | null = null;
  const prefix = accountDocumentId('');
  const everybody = { include_docs: 'true', startkey: JSON.stringify(prefix), endkey: JSON.stringify(`${prefix}\ufff0`) };
  return {
    byId,
    async byIds(accountIds) {
      if (accountIds.length === 0) return [];
      const json = { keys: accountIds.map(accountDocumentId) };
      return parsed(await couch.ask(reply, 'POST', '/_users/_all_docs', { query: { include_docs: 'true' }, json }));
    },
    async byUsername(school, username) {
      const accountId = await findAccountId(admin, school, username);
      return accountId === null ? null : byId(accountId);
    },
    async some() {
      return parsed(await couch.ask(reply, 'GET', '/_users/_all_docs', { query: { ...everybody, limit: String(SOME) } }));
    },
    async ofSchool(school) {
      // Asked before the documents are read: what changes between the two is read again next time, never missed.
      const { update_seq: seq } = await couch.ask(info, 'GET', '/_users');
      if (read?.seq === seq) return read.bySchool.get(school) ?? [];
      const bySchool = new Map<string, StoredAccount[]>();
      for (const account of parsed(await couch.ask(reply, 'GET', '/_users/_all_docs', { query: everybody }))) {
        const { school: theirs } = account.darasa;
        const others = bySchool.get(theirs);
        if (others === undefined) bySchool.set(theirs, [account]);
        else others.push(account);
      }
      read = { seq, bySchool };
      return bySchool.get(school) ?? [];
    },
  };
}
