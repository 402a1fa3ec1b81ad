import { createHash } from 'node:crypto';
import { canonicalJson, type DocumentOf } from '@darasa/shared/documents';
import { mergeDocuments } from '@darasa/shared/rules';
import type { StoredDocument } from '../../provisioning/couch-documents.ts';

type Progress = DocumentOf<'progress'>;

/**
 * The revisions that two devices leave behind that worked on the same progress without hearing of one another, and the one
 * that met both and joined them:
 *
 *     1-base ─┬─ 2-one ─── 3-merged     the winner
 *             └─ 2-other ─ 3-deleted
 *
 * To be written with `new_edits: false`, as replication writes them. Revision ids follow from the content, so that writing
 * them twice changes nothing.
 */
export function resolvedConflict(base: Progress, one: Progress, other: Progress): StoredDocument[] {
  const first = revision(base, []);
  const left = revision(one, [first]);
  const right = revision(other, [first]);
  const merged = mergeDocuments('progress', [one, other]);
  const { _id } = base;
  const tombstone = { _id, _deleted: true };
  return [
    withHistory(base, [first]),
    withHistory(one, [left, first]),
    withHistory(other, [right, first]),
    withHistory(merged, [revision(merged, [left, first]), left, first]),
    withHistory(tombstone, [revision(tombstone, [right, first]), right, first]),
  ];
}

/** 32 hexadecimal characters, as CouchDB's own: here of the content and of what came before. */
function revision(content: Readonly<Record<string, unknown>>, history: readonly string[]): string {
  return createHash('md5')
    .update(canonicalJson([content, history]))
    .digest('hex');
}

function withHistory(content: StoredDocument, ids: readonly string[]): StoredDocument {
  return { ...content, _rev: `${ids.length}-${ids[0]}`, _revisions: { start: ids.length, ids } };
}
