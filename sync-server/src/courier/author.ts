import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { type CourierHeader, CourierProblem } from '@darasa/shared/courier';
import { thumbprintOf } from '@darasa/shared/protocol';
import { type CryptoKey, importJWK } from 'jose';
import type { Accounts, StoredAccount } from '../couch/accounts.ts';
import { rolesFromClasses } from '../couch/class-roles.ts';
import type { CouchClient } from '../couch/couch-client.ts';
import { type Principal, principalFrom } from '../policies/principal.ts';
import type { AccessTokens } from '../services/access-tokens.ts';

export interface AuthorParts {
  readonly couch: CouchClient;
  readonly accounts: Accounts;
  readonly accessTokens: Pick<AccessTokens, 'sign' | 'verify'>;
  /** The account for which a place of the school gave this pass to the device with this key; null where it does not stand (any more). */
  readonly holderOf: (pass: string, thumbprint: string) => Promise<StoredAccount | null>;
}

/** Who made a file of work on a device of theirs, and with which key it has to be signed. */
export interface Author {
  readonly principal: Principal;
  readonly signer: CryptoKey;
}

/**
 * The author of a file, with the rights that they have now: what the file brings is written with a token like that of a session of theirs, which
 * does not leave this server. Throws CourierProblem.
 */
export async function authorOf({ from, school }: CourierHeader, parts: AuthorParts): Promise<Author> {
  if (from.kind !== 'device') throw new CourierProblem('unknown-sender', 'Not made on a device of anybody’s');
  const { couch, accounts, accessTokens, holderOf } = parts;
  const account = await holderOf(from.pass, thumbprintOf(from.key));
  if (account === null || account.name !== from.accountId || account.darasa.school !== school)
    throw new CourierProblem('unknown-sender', 'The device is not signed in any more: sign in on it and make the file again');
  const database = schoolDatabase(school);
  const roles = [...account.roles, ...(await rolesFromClasses({ couch, accounts, database, school }, account.roles))];
  const token = await accessTokens.sign({ accountId: account.name, school, name: account.darasa.displayName, roles });
  const access = await accessTokens.verify(token);
  if (access === null) throw new Error('A token that was just signed does not verify');
  // A JWK with a public EC key is read as a key, never as bytes.
  const signer = (await importJWK({ ...from.key }, 'ES256')) as CryptoKey;
  return { principal: principalFrom(access, token), signer };
}
