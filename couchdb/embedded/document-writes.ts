import type { UserContext } from './auth/accounts.ts';
import type { Database } from './database.ts';
import { designDocumentProblem, designFunctions } from './design-documents.ts';
import { isRefusal } from './design-functions.ts';
import type { DraftDocument } from './document-syntax.ts';
import { CouchError, conflict, forbidden, unauthorized } from './errors.ts';
import { type Pouch, type RevisionTree, revisionTree, type StoredDocument } from './pouch.ts';
import { type Revision, revisionsOf } from './revision-tree.ts';
import { isDatabaseAdmin, isServerAdmin } from './security.ts';
import { isUsersDatabase, userDocumentProblem, withVerifier } from './users.ts';
import { groupSize } from './write-groups.ts';

/** What became of one document of a write. */
export type WriteResult =
  | { readonly ok: true; readonly id: string; readonly rev: string }
  | { readonly ok: false; readonly id: string; readonly rev: string | undefined; readonly refusal: CouchError };

export interface WriteSettings {
  readonly newEdits: boolean;
  readonly caller: UserContext;
  /** Work factor for passwords in `_users`. */
  readonly iterations: number;
  /** Longest body of one document, in bytes of JSON, attachments apart. */
  readonly maxDocumentSize: number;
}

interface Candidate {
  readonly index: number;
  readonly draft: DraftDocument;
  /** The stored document that this one follows. */
  readonly before: StoredDocument | undefined;
}

interface Write {
  readonly drafts: readonly DraftDocument[];
  readonly newEdits: boolean;
  readonly settings: WriteSettings;
  readonly resolve: (results: WriteResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/** The writes that wait while another one is under way. */
const queues = new WeakMap<Database, Write[]>();

/**
 * Writes documents as CouchDB does, results in the order of the request: conflicts first, then the database's rules for design
 * documents and accounts, then every `validate_doc_update` with the caller's own context; only what passes reaches the store. With
 * `newEdits` false the revisions are taken as they come, and rules are applied all the same.
 *
 * A write waits for the disk. Those that arrive meanwhile are judged each by itself and then reach the disk together, with one wait.
 */
export async function writeDocuments(
  database: Database,
  drafts: readonly DraftDocument[],
  settings: WriteSettings,
): Promise<WriteResult[]> {
  checkSizes(drafts, settings.maxDocumentSize);
  const queue = queues.get(database) ?? [];
  queues.set(database, queue);
  return new Promise((resolve, reject) => {
    const write: Write = { drafts, newEdits: settings.newEdits, settings, resolve, reject };
    queue.push(write);
    // Each write asks for a turn; the turn of one that an earlier turn took along has nothing left to do.
    const turn = database.write((pouch) => writeGroup(pouch, database, queue.splice(0, groupSize(queue))));
    turn.catch((error: unknown) => {
      const waiting = queue.indexOf(write);
      if (waiting >= 0) queue.splice(waiting, 1);
      reject(error);
    });
  });
}

interface JudgedWrite {
  readonly write: Write;
  readonly results: (WriteResult | undefined)[];
  readonly accepted: readonly Candidate[];
}

async function writeGroup(pouch: Pouch, database: Database, group: readonly Write[]): Promise<void> {
  const judged: JudgedWrite[] = [];
  for (const write of group) await judge(pouch, database, write).then((each) => judged.push(each), write.reject);
  const accepted = judged.flatMap((each) => each.accepted);
  try {
    if (accepted.length > 0) await store(pouch, judged);
  } catch (error) {
    const [only, ...others] = judged;
    if (others.length === 0) return only?.write.reject(error);
    // One's malformed document must not fail the others: each by itself, where what was stored already is known.
    for (const { write } of judged) await writeGroup(pouch, database, [write]);
    return;
  }
  if (accepted.some(({ draft }) => draft._id.startsWith('_design/'))) database.designFunctions = undefined;
  if (accepted.some(({ draft }) => !draft._id.startsWith('_local/'))) database.announce();
  for (const { write, results } of judged) write.resolve(results.map((result, index) => result ?? accept(write.drafts[index])));
}

async function judge(pouch: Pouch, database: Database, write: Write): Promise<JudgedWrite> {
  const results: (WriteResult | undefined)[] = write.drafts.map(() => undefined);
  const candidates = await findCandidates(pouch, database, write.drafts, write.settings, results);
  return { write, results, accepted: await validated(pouch, database, candidates, write.settings, results) };
}

function accept(draft: DraftDocument | undefined): WriteResult {
  return { ok: true, id: draft?._id ?? '', rev: draft?._rev ?? '' };
}

function refuse(draft: DraftDocument, refusal: CouchError): WriteResult {
  return { ok: false, id: draft._id, rev: draft._rev, refusal };
}

function checkSizes(drafts: readonly DraftDocument[], limit: number): void {
  for (const { _attachments, ...body } of drafts) {
    if (Buffer.byteLength(JSON.stringify(body)) > limit) throw new CouchError(413, 'document_too_large', body._id);
  }
}

async function findCandidates(
  pouch: Pouch,
  database: Database,
  drafts: readonly DraftDocument[],
  settings: WriteSettings,
  results: (WriteResult | undefined)[],
): Promise<Candidate[]> {
  const hasRules = isUsersDatabase(database) || (await validators(database, pouch)).length > 0;
  const inBatch = settings.newEdits ? new Set<string>() : ancestorsInBatch(drafts);
  const candidates: Candidate[] = [];
  for (const [index, draft] of drafts.entries()) {
    const hasStubs = Object.values(draft._attachments ?? {}).some(({ stub }) => stub);
    if (draft._id.startsWith('_local/') || !(hasRules || hasStubs)) {
      candidates.push({ index, draft, before: undefined });
      continue;
    }
    if (inBatch.has(`${draft._id}/${draft._rev ?? ''}`)) continue;
    const before = await predecessor(pouch, draft, settings.newEdits);
    if (before === 'conflict') results[index] = refuse(draft, conflict());
    else if (before === 'known') results[index] = accept(draft);
    else {
      const refusal = await completeStubs(pouch, draft, before);
      if (refusal) results[index] = refuse(draft, refusal);
      else candidates.push({ index, draft, before });
    }
  }
  return candidates;
}

/** Revisions of the batch that another one of the batch already follows: CouchDB stores the leaf alone. */
function ancestorsInBatch(drafts: readonly DraftDocument[]): Set<string> {
  const found = new Set<string>();
  for (const { _id, _revisions } of drafts) {
    for (const [age, hash] of _revisions?.ids.entries() ?? []) {
      if (age > 0 && _revisions) found.add(`${_id}/${_revisions.start - age}-${hash}`);
    }
  }
  return found;
}

async function predecessor(
  pouch: Pouch,
  draft: DraftDocument,
  newEdits: boolean,
): Promise<StoredDocument | undefined | 'conflict' | 'known'> {
  const tree = await revisionTree(pouch, draft._id);
  const revisions = tree ? revisionsOf(tree) : new Map<string, Revision>();
  if (!newEdits) {
    if (draft._rev !== undefined && revisions.has(draft._rev)) return 'known';
    const history = draft._revisions?.ids.map((hash, age) => `${(draft._revisions?.start ?? 0) - age}-${hash}`).slice(1) ?? [];
    const joint = history.find((rev) => revisions.has(rev));
    const nearest = joint === undefined ? undefined : [joint, ...(revisions.get(joint)?.ancestors ?? [])];
    const stored = nearest?.find((rev) => revisions.get(rev)?.isAvailable);
    return stored === undefined ? undefined : pouch.get(draft._id, { rev: stored, revs: true });
  }
  if (draft._rev === undefined) return hasLiveLeaf(tree, revisions) ? 'conflict' : undefined;
  const followed = revisions.get(draft._rev);
  if (!followed?.isLeaf) return 'conflict';
  return pouch.get(draft._id, { rev: draft._rev, revs: true });
}

function hasLiveLeaf(tree: RevisionTree | undefined, revisions: Map<string, Revision>): boolean {
  return tree !== undefined && [...revisions.values()].some(({ isLeaf, isDeleted }) => isLeaf && !isDeleted);
}

/** A stub stands for the attachment of the same name in the revision before. */
async function completeStubs(pouch: Pouch, draft: DraftDocument, before: StoredDocument | undefined): Promise<CouchError | undefined> {
  for (const [name, attachment] of Object.entries(draft._attachments ?? {})) {
    if (!attachment.stub) continue;
    const existing = before?._attachments?.[name] ?? (before ? undefined : await winningAttachment(pouch, draft, name));
    if (!existing) return new CouchError(412, 'missing_stub', `Invalid attachment stub in ${draft._id} for ${name}`);
    Object.assign(attachment, existing, { stub: true });
  }
  return undefined;
}

async function winningAttachment(pouch: Pouch, draft: DraftDocument, name: string) {
  if (draft._rev === undefined) return undefined;
  const winner = await pouch.get(draft._id).catch(() => undefined);
  return winner?._attachments?.[name];
}

async function validators(database: Database, pouch: Pouch) {
  return [...(await designFunctions(database, pouch)).values()].filter(
    (functions) => functions.source(['validate_doc_update']) !== undefined,
  );
}

async function validated(
  pouch: Pouch,
  database: Database,
  candidates: readonly Candidate[],
  settings: WriteSettings,
  results: (WriteResult | undefined)[],
): Promise<Candidate[]> {
  const { caller } = settings;
  const { security } = database.properties;
  const isAdmin = isDatabaseAdmin(caller, security);
  const accepted: Candidate[] = [];
  for (const candidate of candidates) {
    const { draft, before, index } = candidate;
    const problem = await ownRules(database, candidate, settings, isAdmin);
    if (problem instanceof CouchError) results[index] = refuse(draft, problem);
    else accepted.push({ index, before, draft: problem });
  }
  const subject = accepted.filter(({ draft }) => !draft._id.startsWith('_design/') && !draft._id.startsWith('_local/'));
  const context = { db: database.name, name: caller.name, roles: caller.roles };
  for (const functions of subject.length > 0 ? await validators(database, pouch) : []) {
    const left = subject.filter(({ index }) => results[index] === undefined);
    const outcomes = functions.call(
      ['validate_doc_update'],
      left.map(({ draft, before }) => [asSeenByRules(draft), before ?? null, context, security]),
    );
    for (const [position, outcome] of outcomes.entries()) {
      const candidate = left[position];
      if (!candidate || !isRefusal(outcome)) continue;
      const reason = typeof outcome.reason === 'string' ? outcome.reason : JSON.stringify(outcome.reason);
      results[candidate.index] = refuse(candidate.draft, new CouchError(outcome.status, outcome.error, reason));
    }
  }
  return accepted.filter(({ index }) => results[index] === undefined);
}

/** Rules of the server itself. Returns the document to store, or the refusal. */
async function ownRules(
  database: Database,
  { draft, before }: Candidate,
  settings: WriteSettings,
  isAdmin: boolean,
): Promise<DraftDocument | CouchError> {
  const { caller } = settings;
  if (draft._id.startsWith('_local/')) return draft;
  if (draft._id.startsWith('_design/')) {
    if (!isAdmin) {
      const reason = 'You are not a db or server admin.';
      return caller.name === null ? unauthorized(reason) : forbidden(reason);
    }
    const problem = designDocumentProblem(draft);
    return problem === undefined ? draft : new CouchError(400, 'invalid_design_doc', problem);
  }
  // Its documents run with an admin's rights on this store.
  if (database.name === '_replicator' && !isServerAdmin(caller)) return forbidden('Only admins may write replications.');
  if (!isUsersDatabase(database)) return draft;
  try {
    const hashed = draft._deleted ? draft : await withVerifier(draft, settings.iterations);
    return userDocumentProblem(hashed, before, caller, isAdmin) ?? hashed;
  } catch (error) {
    if (error instanceof CouchError) return error;
    throw error;
  }
}

/** As CouchDB shows a new document to its rules: with the history that it was sent with, and stubs in place of attachments' data. */
function asSeenByRules({ _attachments, ...draft }: DraftDocument): unknown {
  const history = draft._revisions ?? (draft._rev === undefined ? undefined : historyOf(draft._rev));
  const seen = history ? { ...draft, _revisions: history } : draft;
  if (!_attachments) return seen;
  const stubs = Object.entries(_attachments).map(([name, { data, ...attachment }]) => [
    name,
    data === undefined ? attachment : { ...attachment, length: Buffer.byteLength(data, 'base64'), stub: true },
  ]);
  return { ...seen, _attachments: Object.fromEntries(stubs) };
}

function historyOf(rev: string): { start: number; ids: string[] } {
  const dash = rev.indexOf('-');
  return { start: Number(rev.slice(0, dash)), ids: [rev.slice(dash + 1)] };
}

/** Stores what was accepted of writes that are alike in `newEdits`, in one batch of leveldb. */
async function store(pouch: Pouch, judged: readonly JudgedWrite[]): Promise<void> {
  const newEdits = judged[0]?.write.newEdits ?? true;
  const placed = judged.flatMap(({ accepted, results }) => accepted.map((candidate) => ({ ...candidate, results })));
  const copies = placed.map(({ draft }) => ({ ...draft }));
  // PouchDB sorts the list that it is given and reports only failures when it takes revisions as they come.
  const outcomes = await pouch.bulkDocs([...copies], { new_edits: newEdits });
  if (!newEdits) {
    for (const outcome of outcomes) throw outcome;
    return;
  }
  for (const [position, outcome] of outcomes.entries()) {
    const candidate = placed[position];
    if (!candidate) continue;
    const { draft, index, results } = candidate;
    results[index] = outcome.ok && outcome.rev ? { ok: true, id: draft._id, rev: outcome.rev } : refuse(draft, refusalOf(outcome));
  }
}

function refusalOf(outcome: { status?: number; message?: string; reason?: string }): CouchError {
  if (outcome.status === 404) return new CouchError(404, 'not_found', 'missing');
  return outcome.status === 409 ? conflict() : new CouchError(400, 'bad_request', outcome.reason ?? outcome.message ?? 'unknown');
}
