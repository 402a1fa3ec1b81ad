import type { UncheckedDocument } from '../access/write.ts';

/** The members of CouchDB's own that a write may carry. */
const OWN_MEMBERS = ['_id', '_rev', '_deleted', '_revisions', '_attachments'];
const TOMBSTONE_MEMBERS = ['_id', '_rev', '_deleted', '_revisions'];

/** How deep objects and arrays may nest: canonical JSON and the merges recurse. */
const MAX_DEPTH = 24;

/**
 * Names that objects inherit. Schemas pass such members by unseen (valibot's records skip them), so a document that
 * has one anywhere is refused.
 */
const INHERITED_NAMES = ['__proto__', 'constructor', 'prototype'];

/** What is wrong with a tombstone; null when nothing is. It says that a document is gone, and carries nothing: no text, no attachment. */
export function tombstoneError(doc: UncheckedDocument): string | null {
  const extra = Object.keys(doc).find((name) => !TOMBSTONE_MEMBERS.includes(name));
  return extra === undefined ? null : `A deletion carries nothing else: ${JSON.stringify(extra.slice(0, 80))}`;
}

/** What is wrong with the names and the depth of a document's members, before any schema reads it; null when nothing is. */
export function membersError(doc: UncheckedDocument): string | null {
  const foreign = Object.keys(doc).find((name) => name.startsWith('_') && !OWN_MEMBERS.includes(name));
  if (foreign !== undefined) return `Not a member that a document has: ${JSON.stringify(foreign.slice(0, 80))}`;
  // A list and not a recursion: a hostile document may nest deeper than the stack.
  const pending: { readonly value: unknown; readonly depth: number }[] = [{ value: doc, depth: 1 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (value === null || typeof value !== 'object') continue;
    if (depth > MAX_DEPTH) return `A document nests at most ${MAX_DEPTH} deep`;
    for (const [name, each] of Object.entries(value)) {
      if (INHERITED_NAMES.includes(name)) return `No member of a document is called ${name}`;
      pending.push({ value: each, depth: depth + 1 });
    }
  }
  return null;
}
