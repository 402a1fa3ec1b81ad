import type { UserContext } from './auth/accounts.ts';
import type { Database, SecurityObject } from './database.ts';
import { badRequest, forbidden, unauthorized } from './errors.ts';
import { isJsonObject, isStringArray } from './json.ts';

export function isServerAdmin(caller: UserContext): boolean {
  return caller.roles.includes('_admin');
}

function isNamed(caller: UserContext, group: { names?: string[]; roles?: string[] } | undefined): boolean {
  if (!group) return false;
  if (caller.name !== null && group.names?.includes(caller.name)) return true;
  return caller.roles.some((role) => group.roles?.includes(role));
}

export function isDatabaseAdmin(caller: UserContext, security: SecurityObject): boolean {
  return isServerAdmin(caller) || isNamed(caller, security.admins);
}

/** A database whose members are not set at all is open to everybody, as in CouchDB. */
export function isMember(caller: UserContext, security: SecurityObject): boolean {
  const { members } = security;
  const isPublic = (members?.names ?? []).length === 0 && (members?.roles ?? []).length === 0;
  return isPublic || isDatabaseAdmin(caller, security) || isNamed(caller, members);
}

export function requireMember(caller: UserContext, database: Database): void {
  if (isMember(caller, database.properties.security)) return;
  if (caller.name === null) throw unauthorized('You are not authorized to access this db.');
  throw forbidden('You are not allowed to access this db.');
}

export function requireServerAdmin(caller: UserContext): void {
  if (!isServerAdmin(caller)) throw unauthorized('You are not a server admin.');
}

export function requireDatabaseAdmin(caller: UserContext, database: Database): void {
  if (!isDatabaseAdmin(caller, database.properties.security)) throw unauthorized('You are not a db or server admin.');
}

/** Reads a `_security` object; CouchDB wants lists of strings where it looks at them and leaves the rest alone. */
export function parseSecurity(body: unknown): SecurityObject {
  if (!isJsonObject(body)) throw badRequest('Request body must be a JSON object');
  for (const group of ['admins', 'members'] as const) {
    const value = body[group];
    if (value === undefined) continue;
    if (!isJsonObject(value)) throw badRequest(`${group} must be a JSON object`);
    for (const list of ['names', 'roles'] as const) {
      if (value[list] !== undefined && !isStringArray(value[list])) throw badRequest(`${list} must be a JSON list of strings`);
    }
  }
  return body;
}
