import * as v from 'valibot';
import type { ParsedDocId } from '../../documents/ids.ts';
import { identityError, placementError } from '../../documents/placement.ts';
import { type DocumentType, type DocumentTypeName, documentTypes } from '../../documents/registry.ts';
import type { UncheckedDocument } from '../access/write.ts';
import { membersError, tombstoneError } from './members.ts';

/**
 * The largest document, as JSON without CouchDB's own members, in UTF-16 code units. Teaching material may be long; a
 * person's record holds at most an attempt at the longest quiz there can be.
 */
export const MAX_CONTENT_SIZE = 1_000_000;
export const MAX_RECORD_SIZE = 250_000;

function contentSize(doc: UncheckedDocument): number {
  // CouchDB's members do not count: the history in `_revisions` grows with every edit.
  return JSON.stringify(doc, (name, value: unknown) => (name.startsWith('_') ? undefined : value)).length;
}

/** What is wrong with the structure of a document or a tombstone; null when nothing is. */
export function structureError(id: ParsedDocId, doc: UncheckedDocument): string | null {
  const misplaced = placementError(id);
  if (misplaced !== null) return misplaced;
  // CouchDB refuses such a value itself; PouchDB takes any that is truthy for a deletion.
  if (doc['_deleted'] !== undefined && typeof doc['_deleted'] !== 'boolean') return '_deleted is true or false';
  if (doc['_deleted'] === true) return tombstoneError(doc);

  const type = id.type as DocumentTypeName; // placementError has said so
  const { schema, content, attachments }: DocumentType = documentTypes[type];
  const strange = membersError(doc);
  if (strange !== null) return strange;
  if (attachments !== true && '_attachments' in doc) return `A document of type ${type} has no attachments`;
  const limit = content === true ? MAX_CONTENT_SIZE : MAX_RECORD_SIZE;
  const size = contentSize(doc);
  if (size > limit) return `A document of type ${type} is at most ${limit} characters; this one is ${size}`;

  const parsed = v.safeParse(schema, doc, { abortEarly: true });
  if (!parsed.success) {
    const issue = parsed.issues[0];
    return `${v.getDotPath(issue) ?? type}: ${issue.message}`;
  }
  return identityError(id, doc);
}
