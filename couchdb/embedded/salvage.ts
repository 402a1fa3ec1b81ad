import { isJsonObject, type JsonObject } from './json.ts';
import { levelKey } from './level.ts';
import { readableOf } from './leveldb/folder.ts';
import type { Attachment, RevisionTree } from './pouch.ts';
import { revisionsOf } from './revision-tree.ts';

/** What is left of a damaged database. */
export interface Salvage {
  /** Every leaf whose body and files can be read, as replication would bring it. */
  readonly documents: readonly JsonObject[];
  /** How many leaves the records name whose content cannot be read. */
  readonly unreadable: number;
}

/** A key as `readableOf` has it. */
const rawKey = (part: string, name: string): string => Buffer.from(levelKey(part, name)).toString('latin1');

/** Reads the documents out of the files of a database's leveldb (`folder`), changing nothing there. Every byte that it trusts has passed its checksum. */
export async function salvage(folder: string): Promise<Salvage> {
  const readable = await readableOf(folder);
  const records = rawKey('document-store', '');
  const documents: JsonObject[] = [];
  let unreadable = 0;
  for (const [key, value] of readable) {
    if (!key.startsWith(records)) continue;
    const record = parsed(value);
    // Written by PouchDB, and whole by its checksum.
    const { id, rev_tree, rev_map } = record as { id: string; rev_tree: RevisionTree; rev_map: Record<string, number> };
    for (const { rev, isLeaf, isDeleted, ancestors } of revisionsOf(rev_tree).values()) {
      if (!isLeaf) continue;
      const sequence = String(rev_map[rev] ?? '').padStart(16, '0');
      const body = readable.get(rawKey('by-sequence', sequence));
      const document = body === undefined ? null : withFiles(parsed(body), readable);
      if (document === null) unreadable += 1;
      else {
        const hashes = [rev, ...ancestors].map((each) => each.slice(each.indexOf('-') + 1));
        const _revisions = { start: Number.parseInt(rev, 10), ids: hashes };
        documents.push({ ...document, _id: id, _rev: rev, ...(isDeleted ? { _deleted: true } : {}), _revisions });
      }
    }
  }
  return { documents, unreadable };
}

function parsed(value: Buffer): JsonObject {
  const json: unknown = JSON.parse(value.toString('utf8'));
  return isJsonObject(json) ? json : {};
}

/** Null when the content of a file is not there. */
function withFiles(body: JsonObject, readable: ReadonlyMap<string, Buffer>): JsonObject | null {
  // PouchDB's own form; an empty file is not stored.
  const files = Object.entries((body['_attachments'] ?? {}) as Record<string, Attachment>);
  if (files.length === 0) return body;
  const whole: Record<string, JsonObject> = {};
  for (const [name, { digest, length, stub, ...rest }] of files) {
    const content = length === 0 ? Buffer.alloc(0) : readable.get(rawKey('attach-binary-store', digest ?? ''));
    if (content === undefined) return null;
    whole[name] = { ...rest, data: content.toString('base64') };
  }
  return { ...body, _attachments: whole };
}
