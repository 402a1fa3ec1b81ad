import * as v from 'valibot';
import { contentDigest } from '../../documents/digest.ts';
import type { ParsedDocId } from '../../documents/ids.ts';
import { type DocumentTypeName, documentTypes } from '../../documents/registry.ts';
import type { UncheckedDocument } from '../access/write.ts';

/** The largest document, as JSON, in UTF-16 code units: content may be long, a person's own record is short. */
export const MAX_CONTENT_SIZE = 1_000_000;
export const MAX_RECORD_SIZE = 64_000;

const CONTENT_PARTITIONS = ['course', 'draft', 'keys', 'public'];

/** What is wrong with the structure of a document that is not a tombstone; null when nothing is. */
export function structureError(id: ParsedDocId, doc: UncheckedDocument): string | null {
  const type = id.type as DocumentTypeName;
  const { partitions, schema, keyParts, mutability, owner } = documentTypes[type] as (typeof documentTypes)[DocumentTypeName] & {
    owner?: string;
  };
  const { kind, key } = id.partition;
  if (!(partitions as readonly string[]).includes(kind)) return `A document of type ${type} does not belong in ${id.partitionId}`;
  if (id.key.length !== keyParts) return `The id of a document of type ${type} has ${keyParts} part(s) after its type`;

  const content = CONTENT_PARTITIONS.includes(kind);
  if (!content && '_attachments' in doc) return `A document of type ${type} has no attachments`;
  const limit = content ? MAX_CONTENT_SIZE : MAX_RECORD_SIZE;
  const size = JSON.stringify(doc).length;
  if (size > limit) return `A document of type ${type} is at most ${limit} characters; this one is ${size}`;

  const parsed = v.safeParse(schema, doc, { abortEarly: true });
  if (!parsed.success) {
    const issue = parsed.issues[0];
    return `${v.getDotPath(issue) ?? type}: ${issue.message}`;
  }
  if (owner !== undefined && doc[owner] !== key) return `The field ${owner} must name its partition, ${key}`;
  if (mutability === 'append-only' && id.key.at(-1) !== contentDigest(doc)) {
    return `The id of a document of type ${type} must end with the digest of its content`;
  }
  return null;
}
