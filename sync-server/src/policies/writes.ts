import { ERASED, erasureIdFor } from '@darasa/shared/documents';
import { type Person, type UncheckedDocument, validateWrite } from '@darasa/shared/rules';

export type WriteVerdict =
  /** Passed on to the database. */
  | { readonly verdict: 'pass' }
  /** A revision that the database has already: nothing is left to do. */
  | { readonly verdict: 'known' }
  | { readonly verdict: 'refused'; readonly error: 'forbidden' | 'unauthorized' | 'bad_request'; readonly reason: string };

/** What the policy has to know of the database. */
export interface WriteLookups {
  /** The current revisions of documents that live, by id. */
  current(ids: readonly string[]): Promise<ReadonlyMap<string, UncheckedDocument>>;
  /** Which of these revisions the database has not, as `_revs_diff` answers. */
  missing(revisions: Readonly<Record<string, readonly string[]>>): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
}

/**
 * Decides about each document that a person wants to write, in order.
 *
 * The rules are asked first as if there were no earlier revision. Whoever may not write such a document at all is
 * refused before the database is asked, so that a refusal does not tell whether the document exists.
 *
 * What was erased for good is refused whatever else holds: a device that still has it does not bring it back.
 *
 * With `newEdits` false (replication) a revision that is there already is no edit, however immutable its document: the
 * device sends it again because the reply was lost, or because it came by another way too.
 */
export async function judgeWrites(
  docs: readonly unknown[],
  person: Person | null,
  newEdits: boolean,
  { current, missing }: WriteLookups,
): Promise<WriteVerdict[]> {
  const atFirst = docs.map((doc) => {
    if (!isDocument(doc)) return { doc: null, verdict: NO_DOCUMENT };
    // The database refuses the whole batch for one revision that is none.
    return hasRevisions(doc, newEdits) ? { doc, verdict: judge(doc, null, person) } : { doc: null, verdict: NO_REVISION };
  });
  const candidates = atFirst.flatMap(({ doc, verdict }) => (doc !== null && verdict.verdict === 'pass' ? [doc] : []));
  if (candidates.length === 0) return atFirst.map(({ verdict }) => verdict);

  const ids = [...new Set(candidates.map((doc) => String(doc['_id'])))];
  const erasures = new Set(ids.flatMap((id) => erasureIdFor(id) ?? []));
  const [before, absent] = await Promise.all([current([...ids, ...erasures]), newEdits ? null : missing(revisionsOf(candidates))]);
  return atFirst.map(({ doc, verdict }) => {
    if (doc === null || verdict.verdict !== 'pass') return verdict;
    const [id, rev] = [String(doc['_id']), doc['_rev']];
    if (before.has(erasureIdFor(id) ?? '')) return WAS_ERASED;
    if (absent !== null && typeof rev === 'string' && absent.get(id)?.has(rev) !== true) return { verdict: 'known' };
    const old = before.get(id);
    return old === undefined ? verdict : judge(doc, old, person);
  });
}

const NO_DOCUMENT: WriteVerdict = { verdict: 'refused', error: 'bad_request', reason: 'Document must be a JSON object' };

const WAS_ERASED: WriteVerdict = { verdict: 'refused', error: 'forbidden', reason: ERASED };

const NO_REVISION: WriteVerdict = { verdict: 'refused', error: 'bad_request', reason: 'Invalid rev format' };
/** CouchDB reads 32 characters as hexadecimal, and others as they are. */
const REVISION = /^[1-9]\d{0,8}-(?:[0-9a-f]{32}|(?!.{32}$)\w{1,64})$/;

/** Whether the revision of a document, and its history where it has one, are such. In replication it must have one. */
function hasRevisions(doc: UncheckedDocument, newEdits: boolean): boolean {
  const { _rev: rev, _revisions: history } = doc;
  if (rev !== undefined && !(typeof rev === 'string' && REVISION.test(rev))) return false;
  if (!newEdits && rev === undefined) return false;
  if (history === undefined) return true;
  if (typeof history !== 'object' || history === null || !('start' in history) || !('ids' in history)) return false;
  const { start, ids } = history;
  return (
    Array.isArray(ids) &&
    ids.length > 0 &&
    ids.length <= 1_000 &&
    ids.every((id) => REVISION.test(`1-${id}`)) &&
    typeof start === 'number' &&
    Number.isSafeInteger(start) &&
    start >= ids.length &&
    (rev === undefined || rev === `${start}-${ids[0]}`)
  );
}

function isDocument(doc: unknown): doc is UncheckedDocument {
  return typeof doc === 'object' && doc !== null && !Array.isArray(doc);
}

function judge(doc: UncheckedDocument, oldDoc: UncheckedDocument | null, person: Person | null): WriteVerdict {
  const refusal = validateWrite(doc, oldDoc, person);
  if (refusal === null) return { verdict: 'pass' };
  if ('unauthorized' in refusal) return { verdict: 'refused', error: 'unauthorized', reason: refusal.unauthorized };
  return { verdict: 'refused', error: 'forbidden', reason: refusal.forbidden };
}

function revisionsOf(docs: readonly UncheckedDocument[]): Record<string, string[]> {
  const revisions: Record<string, string[]> = {};
  for (const doc of docs) {
    if (typeof doc['_rev'] !== 'string') continue;
    const id = String(doc['_id']);
    revisions[id] = [...(revisions[id] ?? []), doc['_rev']];
  }
  return revisions;
}
