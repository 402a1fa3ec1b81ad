import { parseDocId } from '../../documents/ids.ts';
import { isDocumentType } from '../../documents/registry.ts';
import { type Person, personFrom } from '../access/person.ts';
import { refuseWrite, type UncheckedDocument } from '../access/write.ts';
import { structureError } from './structure.ts';

/** Why a write is refused. `unauthorized`: nobody is signed in; `forbidden`: somebody is, and may not. */
export type Refusal = { readonly unauthorized: string } | { readonly forbidden: string };

/**
 * Decides whether a document may be written: structure first, then authority. The same function runs on the device
 * before it writes, in the proxy before it passes a write on, and in the database as `validate_doc_update`.
 *
 * A server admin (`_admin`) may delete and change what others may not, but not break a document's structure.
 */
export function validateWrite(newDoc: UncheckedDocument, oldDoc: UncheckedDocument | null, person: Person | null): Refusal | null {
  if (person === null) return { unauthorized: 'Sign in to write' };
  const id = typeof newDoc['_id'] === 'string' ? parseDocId(newDoc['_id']) : null;
  if (id === null) return { forbidden: `Not a document id of a school: ${JSON.stringify(newDoc['_id'])}` };
  if (!isDocumentType(id.type)) return { forbidden: `Unknown type of document: ${id.type}` };

  if (newDoc['_deleted'] !== true) {
    const error = structureError(id, newDoc);
    if (error !== null) return { forbidden: error };
  }
  if (person.serverAdmin) return null;
  const reason = refuseWrite(person, id, newDoc, oldDoc);
  return reason === null ? null : { forbidden: reason };
}

interface UserContext {
  readonly name: string | null;
  readonly roles: readonly string[];
}

/** `validate_doc_update` as CouchDB calls it. Throws `{forbidden}` or `{unauthorized}`, as CouchDB expects. */
export function validateDocUpdate(newDoc: UncheckedDocument, oldDoc: UncheckedDocument | null, userCtx: UserContext): void {
  const person = userCtx.name === null && userCtx.roles.length === 0 ? null : personFrom(userCtx.name ?? '', userCtx.roles);
  const refusal = validateWrite(newDoc, oldDoc, person);
  // CouchDB reads the members of the thrown object; an Error would lose them.
  if (refusal !== null) throw refusal;
}
