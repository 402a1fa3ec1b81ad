import type { UserContext } from './auth/accounts.ts';
import { makeVerifier } from './auth/passwords.ts';
import type { Database } from './database.ts';
import { CouchError, forbidden, notFound } from './errors.ts';
import { isStringArray, type JsonObject } from './json.ts';
import type { StoredDocument } from './pouch.ts';
import { isDatabaseAdmin } from './security.ts';

const prefix = 'org.couchdb.user:';

export function isUsersDatabase(database: Database): boolean {
  return database.name === '_users';
}

/** Replaces a plain password by CouchDB's verifier fields. */
export async function withVerifier<T extends JsonObject>(document: T, iterations: number): Promise<T> {
  const password = document['password'];
  if (password === undefined || password === null) return document;
  if (typeof password !== 'string') throw forbidden(`Password value of '${JSON.stringify(password)}' is invalid.`);
  const { password: _plain, ...rest } = document;
  // The same document without one field that its type does not name, and with fields that it allows.
  return { ...rest, ...(await makeVerifier(password, iterations)) } as unknown as T;
}

/** CouchDB's own rules for the documents of `_users`. Returns the refusal, if any. */
export function userDocumentProblem(
  document: StoredDocument | JsonObject,
  before: JsonObject | undefined,
  caller: UserContext,
  isAdmin: boolean,
): CouchError | undefined {
  if (document['_deleted'] === true) {
    const own = caller.name !== null && caller.name === before?.['name'];
    return isAdmin || own ? undefined : forbidden('Only admins may delete other user docs.');
  }
  const { type, name, roles } = document;
  if (type !== 'user') return forbidden('doc.type must be user');
  if (!name) return forbidden('doc.name is required');
  if (!roles) return forbidden('doc.roles must exist');
  if (!Array.isArray(roles)) return forbidden('doc.roles must be an array');
  if (!isStringArray(roles)) return forbidden('doc.roles can only contain strings');
  if (typeof name !== 'string' || document['_id'] !== prefix + name) return forbidden('Doc ID must be of the form org.couchdb.user:name');
  if (before && before['_deleted'] !== true && before['name'] !== name) return forbidden('Usernames can not be changed.');
  return verifierProblem(document) ?? (isAdmin ? undefined : ownChangeProblem(name, roles, before, caller)) ?? nameProblem(name, roles);
}

function verifierProblem(document: JsonObject): CouchError | undefined {
  const scheme = document['password_scheme'];
  if (scheme !== undefined && !['simple', 'pbkdf2', 'simple+pbkdf2'].includes(String(scheme))) {
    return forbidden(`Password scheme \`${String(scheme)}\` not supported.`);
  }
  if (document['password_sha'] !== undefined && !document['salt']) return forbidden('Users with password_sha must have a salt.');
  if (scheme !== 'pbkdf2') return undefined;
  if (typeof document['iterations'] !== 'number') return forbidden('iterations must be a number.');
  if (typeof document['derived_key'] !== 'string') return forbidden('derived_key must be a string.');
  return undefined;
}

function ownChangeProblem(name: string, roles: string[], before: JsonObject | undefined, caller: UserContext): CouchError | undefined {
  if (!before || before['_deleted'] === true) return roles.length > 0 ? forbidden('Only _admin may set roles') : undefined;
  if (caller.name !== name) return forbidden('You may only update your own user document.');
  const roleList = (value: unknown) => JSON.stringify(isStringArray(value) ? value.toSorted() : []);
  return roleList(before['roles']) === roleList(roles) ? undefined : forbidden('Only _admin may edit roles');
}

function nameProblem(name: string, roles: string[]): CouchError | undefined {
  if (roles.some((role) => role.startsWith('_') && role !== '_metrics')) {
    return forbidden('No system roles (starting with underscore) in users db.');
  }
  if (name.startsWith('_')) return forbidden('Username may not start with underscore.');
  if (name.includes(':')) return forbidden('Character `:` is not allowed in usernames.');
  return undefined;
}

/** A user's document is shown to that user and to admins; for the others it does not exist. */
export function requireOwnUserDocument(database: Database, id: string, caller: UserContext): void {
  if (!isUsersDatabase(database) || isDatabaseAdmin(caller, database.properties.security)) return;
  if (caller.name !== null && id === prefix + caller.name) return;
  throw notFound('missing');
}

/** Lists of `_users` are for admins alone. */
export function requireUsersAdmin(database: Database, caller: UserContext): void {
  if (isUsersDatabase(database) && !isDatabaseAdmin(caller, database.properties.security)) {
    throw new CouchError(401, 'unauthorized', 'You are not a server admin.');
  }
}
