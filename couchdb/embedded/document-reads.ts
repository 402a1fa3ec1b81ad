import { notFound } from './errors.ts';
import type { JsonObject } from './json.ts';
import { type Pouch, type RevisionTree, revisionTree, type StoredDocument } from './pouch.ts';
import { generationOf, type Revision, revisionsOf, winnerFirst } from './revision-tree.ts';

export interface ReadSettings {
  readonly rev?: string | undefined;
  readonly latest?: boolean;
  readonly revs?: boolean;
  readonly revsInfo?: boolean;
  readonly conflicts?: boolean;
  readonly deletedConflicts?: boolean;
  readonly localSeq?: boolean;
  readonly attachments?: boolean;
  /** Revisions that the reader has: attachments that these hold already stay stubs. */
  readonly attsSince?: readonly string[] | undefined;
}

/** A document as CouchDB shows it: `_id` and `_rev` first. */
export async function readDocument(pouch: Pouch, id: string, settings: ReadSettings): Promise<StoredDocument> {
  const document = await pouch.get(id, {
    ...(settings.rev === undefined ? {} : { rev: settings.rev }),
    latest: settings.latest === true,
    revs: settings.revs === true || settings.attsSince !== undefined,
    revs_info: settings.revsInfo === true,
    conflicts: settings.conflicts === true,
    attachments: settings.attachments === true || settings.attsSince !== undefined,
  });
  if (settings.attsSince) stubKnownAttachments(document, settings.attsSince);
  if (settings.attsSince && !settings.revs) delete document._revisions;
  if (settings.deletedConflicts || settings.localSeq) await addTreeFields(pouch, document, settings);
  return inOrder(document);
}

export function inOrder(document: StoredDocument): StoredDocument {
  const { _id, _rev, ...rest } = document;
  return { _id, _rev, ...rest };
}

/** Leaves the data of attachments out that came no later than the newest common revision. */
function stubKnownAttachments(document: StoredDocument, known: readonly string[]): void {
  const { start, ids } = document._revisions ?? { start: 0, ids: [] };
  const age = ids.findIndex((hash, index) => known.includes(`${start - index}-${hash}`));
  const common = age < 0 ? 0 : start - age;
  for (const attachment of Object.values(document._attachments ?? {})) {
    if ((attachment.revpos ?? 0) > common || attachment.data === undefined) continue;
    attachment.length = Buffer.byteLength(attachment.data, 'base64');
    attachment.stub = true;
    delete attachment.data;
  }
}

async function addTreeFields(pouch: Pouch, document: StoredDocument, settings: ReadSettings): Promise<void> {
  const tree = (await revisionTree(pouch, document._id)) ?? [];
  const deleted = leavesOf(tree).filter(({ rev, isDeleted }) => isDeleted && rev !== document._rev);
  if (settings.deletedConflicts && deleted.length > 0) document['_deleted_conflicts'] = deleted.map(({ rev }) => rev);
  if (settings.localSeq) {
    const { results } = await pouch.changes({ doc_ids: [document._id] });
    document['_local_seq'] = results[0]?.seq;
  }
}

/** A document's leaves, the winner first. */
export function leavesOf(tree: RevisionTree): Revision[] {
  return [...revisionsOf(tree).values()].filter(({ isLeaf }) => isLeaf).sort(winnerFirst);
}

export type OpenRevision = { readonly ok: StoredDocument } | { readonly missing: string };

/** `open_revs`: the leaves, or the revisions named; with `latest`, the leaves that follow from them. */
export async function readRevisions(
  pouch: Pouch,
  id: string,
  wanted: readonly string[] | 'all',
  settings: ReadSettings,
): Promise<OpenRevision[]> {
  const tree = await revisionTree(pouch, id);
  if (wanted === 'all' && !tree) throw notFound('missing');
  const revisions = revisionsOf(tree ?? []);
  const chosen =
    wanted === 'all' ? leavesOf(tree ?? []).map(({ rev }) => rev) : chooseRevisions(revisions, wanted, settings.latest === true);
  const found: OpenRevision[] = [];
  for (const rev of new Set(chosen)) {
    if (!revisions.get(rev)?.isAvailable) found.push({ missing: rev });
    else found.push({ ok: await readDocument(pouch, id, { ...settings, latest: false, rev }) });
  }
  return found;
}

/** One revision, without a look at the tree first, which would cost half as much again. */
async function readRevision(pouch: Pouch, id: string, rev: string, settings: ReadSettings): Promise<OpenRevision> {
  try {
    return { ok: await readDocument(pouch, id, { ...settings, rev }) };
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'status' in error && error.status === 404) return { missing: rev };
    throw error;
  }
}

function chooseRevisions(revisions: Map<string, Revision>, wanted: readonly string[], latest: boolean): string[] {
  if (!latest) return [...wanted];
  return wanted.flatMap((rev) => {
    if (!revisions.has(rev)) return [rev];
    const following = [...revisions.values()].filter((leaf) => leaf.isLeaf && (leaf.rev === rev || leaf.ancestors.includes(rev)));
    return following.map((leaf) => leaf.rev);
  });
}

export interface MissingRevisions {
  readonly missing: string[];
  readonly possible_ancestors?: string[];
}

/** What a replicator must send: the revisions that are not stored, and which leaves they may follow. */
export async function missingRevisions(
  pouch: Pouch,
  asked: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, MissingRevisions>> {
  const found = new Map<string, MissingRevisions>();
  for (const [id, revs] of asked) {
    const tree = await revisionTree(pouch, id);
    const known = revisionsOf(tree ?? []);
    const missing = revs.filter((rev) => !known.has(rev));
    if (missing.length === 0) continue;
    const newest = Math.max(...missing.map(generationOf));
    const ancestors = leavesOf(tree ?? []).filter(({ rev }) => generationOf(rev) < newest);
    found.set(id, ancestors.length > 0 ? { missing, possible_ancestors: ancestors.map(({ rev }) => rev) } : { missing });
  }
  return found;
}

export interface BulkGetRequest {
  readonly id: unknown;
  readonly rev: unknown;
  readonly attsSince: readonly string[] | undefined;
}

/** One result of `_bulk_get`. */
export async function bulkGetResult(pouch: Pouch, { id, rev, attsSince }: BulkGetRequest, settings: ReadSettings): Promise<JsonObject> {
  const failure = (error: string, reason: string, shown: unknown) => ({ id, docs: [{ error: { id, rev: shown, error, reason } }] });
  if (id === undefined || id === null) {
    return { id: null, docs: [{ error: { id: null, rev: null, error: 'bad_request', reason: 'document id missed' } }] };
  }
  if (typeof id !== 'string') return failure('illegal_docid', 'Document id must be a string', rev ?? null);
  if (rev !== undefined && (typeof rev !== 'string' || !/^\d+-./.test(rev))) return failure('bad_request', 'Invalid rev format', rev);
  const options = { ...settings, attsSince };
  if (rev === undefined) {
    const tree = await revisionTree(pouch, id);
    const winner = leavesOf(tree ?? [])[0];
    if (!winner) return failure('not_found', 'missing', 'undefined');
    return { id, docs: [{ ok: await readDocument(pouch, id, { ...options, rev: winner.rev }) }] };
  }
  const found = settings.latest === true ? await readRevisions(pouch, id, [rev], options) : [await readRevision(pouch, id, rev, options)];
  return {
    id,
    docs: found.map((one) => ('ok' in one ? one : { error: { id, rev: one.missing, error: 'not_found', reason: 'missing' } })),
  };
}
