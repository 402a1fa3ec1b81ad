import { parseDocId } from '../../documents/ids.ts';
import { type Person, personFrom } from '../access/person.ts';
import { refuseWrite, type UncheckedDocument } from '../access/write.ts';
import { structureError } from './structure.ts';

/** Why a write is refused. `unauthorized`: nobody is signed in; `forbidden`: somebody is, and may not. */
export type Refusal = { readonly unauthorized: string } | { readonly forbidden: string };

/**
 * Decides whether a document may be written: structure first, then authority. The same function runs on the device
 * before it writes, in the proxy before it passes a write on, and in the database as `validate_doc_update`.
 *
 * A server admin (`_admin`) may delete and change what others may not, but not break a document's structure. A service
 * writes what its role grants and nothing else.
 *
 * `oldDoc` is the revision that `newDoc` says it replaces. Under `new_edits=false` a writer may hide that history, and the
 * database then passes null: what is written once is safe by the digest in its id, and a signed document can only be
 * written over under the writer's own name. Whoever can (the proxy) passes the current revision instead.
 */
export function validateWrite(newDoc: UncheckedDocument, oldDoc: UncheckedDocument | null, person: Person | null): Refusal | null {
  if (person === null) return { unauthorized: 'Sign in to write' };
  const id = typeof newDoc['_id'] === 'string' ? parseDocId(newDoc['_id']) : null;
  if (id === null) return { forbidden: `Not a document id of a school: ${String(JSON.stringify(newDoc['_id'])).slice(0, 80)}` };

  const error = structureError(id, newDoc);
  if (error !== null) return { forbidden: error };
  if (person.serverAdmin) return null;
  const reason = refuseWrite(person, id, newDoc, oldDoc);
  return reason === null ? null : { forbidden: reason };
}

/** Who writes, as CouchDB says it. */
export interface UserContext {
  readonly name: string | null;
  readonly roles: readonly string[];
}

/** `validate_doc_update` as CouchDB calls it. Throws `{forbidden}` or `{unauthorized}`, as CouchDB expects. */
export function validateDocUpdate(newDoc: UncheckedDocument, oldDoc: UncheckedDocument | null, userCtx: UserContext): void {
  // Roles without a name are nobody's, save the server admin's own (CouchDB's internal writes have no name).
  const nobody = !userCtx.name && !userCtx.roles.includes('_admin');
  const refusal = validateWrite(newDoc, oldDoc, nobody ? null : personFrom(userCtx.name ?? '', userCtx.roles));
  // CouchDB reads the members of the thrown object; an Error would lose them.
  if (refusal !== null) throw refusal;
}
