import type { CouchAdmin } from './couch-admin.ts';

/** The server's own database: schools, reserved sign-in names, signing keys. Only CouchDB's server admins reach it. */
export const SERVER_DATABASE = 'darasa';

/** The database of a school. */
export function schoolDatabase(slug: string): `school-${string}` {
  return `school-${slug}`;
}

interface Security {
  readonly admins: { readonly names: readonly string[]; readonly roles: readonly string[] };
  readonly members: { readonly names: readonly string[]; readonly roles: readonly string[] };
}

export const SERVER_ADMINS_ONLY: Security = { admins: { names: [], roles: ['_admin'] }, members: { names: [], roles: ['_admin'] } };

/** The people of one school, and no admins but the server's: only those may write design documents. */
export function schoolMembersOnly(slug: string): Security {
  return { admins: { names: [], roles: [] }, members: { names: [], roles: [`school:${slug}`] } };
}

/** Creates a database that is not there. New databases are open to server admins alone until their security is set. */
export async function ensureDatabase(couch: CouchAdmin, name: string): Promise<void> {
  await couch.request('PUT', `/${encodeURIComponent(name)}`, { accept: [412] });
}

export async function setSecurity(couch: CouchAdmin, database: string, security: Security): Promise<void> {
  await couch.request('PUT', `/${encodeURIComponent(database)}/_security`, { body: security });
}
