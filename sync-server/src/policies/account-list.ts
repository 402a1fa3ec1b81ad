import type { AccountRecord } from '@darasa/couchdb/provisioning';
import type { AccountsQuery, AdminAccount, AdminAccounts } from '@darasa/shared/protocol';
import * as v from 'valibot';

/** The ids that roles with a prefix name. */
export const keysOf = (roles: readonly string[], prefix: string): string[] =>
  roles.filter((role) => role.startsWith(prefix)).map((role) => role.slice(prefix.length));

/** An account as its school's admin sees it. */
export function adminAccount({ id, username, displayName, kind, disabled, roles }: Omit<AccountRecord, 'school'>): AdminAccount {
  return {
    id,
    username,
    displayName,
    kind,
    disabled,
    classIds: [...keysOf(roles, 'learns:'), ...keysOf(roles, 'teaches:')],
    guards: keysOf(roles, 'guards:'),
    authors: keysOf(roles, 'authors:'),
    operator: roles.includes('operator'),
  };
}

const cursorSchema = v.tuple([v.string(), v.string()]);

/** One page of a school's accounts by name. Null for an `after` that no page gave. */
export function accountPage(all: readonly AdminAccount[], { search, kind, classId, limit, after }: AccountsQuery): AdminAccounts | null {
  const wanted = fold(search ?? '');
  const found = all
    .filter((account) => kind === undefined || account.kind === kind)
    .filter((account) => classId === undefined || account.classIds.includes(classId))
    .filter(({ displayName, username }) => fold(displayName).includes(wanted) || fold(username).includes(wanted))
    .sort((a, b) => compare([a.displayName, a.id], [b.displayName, b.id]));
  const from = after === undefined ? undefined : readCursor(after);
  if (from === null) return null;
  const left = from === undefined ? found : found.filter(({ displayName, id }) => compare([displayName, id], from) > 0);
  const accounts = limit === undefined ? left : left.slice(0, limit);
  const last = accounts.at(-1);
  const next = last !== undefined && accounts.length < left.length ? writeCursor([last.displayName, last.id]) : null;
  return { accounts, total: found.length, next };
}

/** Names as a person looks for them: `amina` finds `Āmina`. */
export const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();

function compare([name, id]: readonly [string, string], [otherName, otherId]: readonly [string, string]): number {
  return name.localeCompare(otherName) || (id < otherId ? -1 : id > otherId ? 1 : 0);
}

const writeCursor = (place: readonly [string, string]): string => Buffer.from(JSON.stringify(place)).toString('base64url');

function readCursor(text: string): [string, string] | null {
  try {
    const parsed = v.safeParse(cursorSchema, JSON.parse(Buffer.from(text, 'base64url').toString()));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
