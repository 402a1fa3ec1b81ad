import { accountDocumentId, type CouchAdmin, reservationId, SERVER_DATABASE, verifierOf } from '@darasa/couchdb/provisioning';
import { canonicalJson } from '@darasa/shared/documents';
import type { HubPeople, HubPerson } from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { Accounts, StoredAccount } from '../couch/accounts.ts';
import type { RefreshTokens } from '../services/refresh-tokens.ts';

export interface PeopleParts {
  readonly admin: CouchAdmin;
  readonly accounts: Pick<Accounts, 'ofSchool'>;
  readonly refreshTokens: Pick<RefreshTokens, 'endAllOf' | 'noteEnded'>;
  readonly school: string;
}

/**
 * Makes the accounts of this laptop those that the school says: the same ids, sign-in names and verifiers. Whoever is not named any more
 * is signed out and goes; whoever has a new password is signed out. Each step may be made again.
 */
export async function keepPeople(parts: PeopleParts, { people, ended }: HubPeople): Promise<void> {
  const { accounts, refreshTokens, school } = parts;
  const before = new Map((await accounts.ofSchool(school)).map((account) => [account.name, account]));
  const named = new Set(people.map(({ id }) => id));
  // First those who go: their sign-in names may be somebody else's now.
  for (const account of before.values()) {
    if (named.has(account.name)) continue;
    await refreshTokens.endAllOf(account.name);
    await removeReservation(parts, account.darasa.username, account.name);
    await parts.admin.request('DELETE', accountPath(account.name), { query: { rev: account._rev }, accept: [404, 409] });
  }
  for (const person of people) await keepPerson(parts, person, before.get(person.id) ?? null);
  await refreshTokens.noteEnded(ended);
}

async function keepPerson(parts: PeopleParts, person: HubPerson, before: StoredAccount | null): Promise<void> {
  const { id, username, displayName, kind, roles, verifier } = person;
  const { admin, refreshTokens, school } = parts;
  if (before !== null && before.darasa.username !== username) await removeReservation(parts, before.darasa.username, id);
  await reserve(parts, username, id);
  const wanted = {
    ...verifier,
    _id: accountDocumentId(id),
    type: 'user',
    name: id,
    roles,
    darasa: { school, username, displayName, kind },
  };
  if (before !== null) {
    const { _rev, ...stored } = before;
    if (canonicalJson(stored) === canonicalJson(wanted)) return;
    if (canonicalJson(verifierOf(before)) !== canonicalJson(verifier)) await refreshTokens.endAllOf(id);
  }
  await admin.request('PUT', accountPath(id), { body: { ...wanted, ...(before === null ? {} : { _rev: before._rev }) }, accept: [409] });
}

const accountPath = (id: string): string => `/_users/${encodeURIComponent(accountDocumentId(id))}`;
const held = v.looseObject({ _rev: v.string(), accountId: v.string() });

async function reservationOf({ admin, school }: PeopleParts, username: string): Promise<v.InferOutput<typeof held> | null> {
  const { status, body } = await admin.request('GET', reservationPath(school, username), { accept: [404] });
  return status === 404 ? null : v.parse(held, body);
}

async function reserve(parts: PeopleParts, username: string, accountId: string): Promise<void> {
  const before = await reservationOf(parts, username);
  if (before?.accountId === accountId) return;
  const body = { accountId, ...(before === null ? {} : { _rev: before._rev }) };
  await parts.admin.request('PUT', reservationPath(parts.school, username), { body, accept: [409] });
}

async function removeReservation(parts: PeopleParts, username: string, accountId: string): Promise<void> {
  const before = await reservationOf(parts, username);
  if (before?.accountId !== accountId) return;
  await parts.admin.request('DELETE', reservationPath(parts.school, username), { query: { rev: before._rev }, accept: [404, 409] });
}

const reservationPath = (school: string, username: string): string =>
  `/${SERVER_DATABASE}/${encodeURIComponent(reservationId(school, username))}`;
