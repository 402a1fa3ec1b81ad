import { contentDigest } from './digest.ts';
import type { ParsedDocId } from './ids.ts';
import { type DocumentType, documentTypes, isDocumentType, type KeyPart } from './registry.ts';

/**
 * What is wrong with where an id puts a document; null when nothing is. It needs the id alone, so it holds for tombstones
 * too: nobody leaves one where no document of its type could be.
 */
export function placementError(id: ParsedDocId): string | null {
  if (!isDocumentType(id.type)) return `Unknown type of document: ${id.type}`;
  const { partitions, key }: DocumentType = documentTypes[id.type];
  if (!partitions.includes(id.partition.kind)) return `A document of type ${id.type} does not belong in ${id.partitionId}`;
  if (id.key.length !== key.length) return `The id of a document of type ${id.type} has ${key.length} part(s) after its type`;
  const wrong = key.findIndex((part, index) => 'is' in part && part.is !== id.key[index]);
  return wrong < 0 ? null : `The id of a document of type ${id.type} does not end with ${id.key[wrong]}`;
}

function partOf(part: KeyPart, doc: Readonly<Record<string, unknown>>): string | null {
  if ('is' in part) return part.is;
  if ('field' in part) return String(doc[part.field]);
  if ('version' in part) return `v${String(doc['version'])}`;
  return 'digest' in part ? contentDigest(doc) : null;
}

function nameOf(part: KeyPart): string {
  if ('field' in part) return `its ${part.field}`;
  return 'digest' in part ? 'the digest of its content' : 'its version';
}

/** How a document's content contradicts its id; null when it does not. The id is well placed and the document fits its schema. */
export function identityError(id: ParsedDocId, doc: Readonly<Record<string, unknown>>): string | null {
  if (!isDocumentType(id.type)) return `Unknown type of document: ${id.type}`;
  const { key, owner, answersTo }: DocumentType = documentTypes[id.type];
  if (owner !== undefined && doc[owner] !== id.partition.key) return `The field ${owner} must name its partition, ${id.partition.key}`;
  for (const [index, part] of key.entries()) {
    const expected = partOf(part, doc);
    if (expected !== null && expected !== id.key[index]) {
      return `Part ${index + 1} of the key of a document of type ${id.type} must be ${nameOf(part)}`;
    }
  }
  if (answersTo === undefined) return null;
  const named = `${id.partitionId}:${answersTo.type}:${id.key.join(':')}`;
  return doc[answersTo.field] === named ? null : `The field ${answersTo.field} must be ${named}`;
}
