import { contentDigest } from '@darasa/shared/documents';
import type { DesignDocument } from '../design/design-document.ts';
import type { CouchAdmin } from './couch-admin.ts';
import { deleteDocument, documentPath, readDocument, writeDocument } from './couch-documents.ts';
import { CouchError } from './couch-error.ts';

export type DesignChange = 'unchanged' | 'installed';

/**
 * Puts a design document in place without a pause for the people who use its views.
 *
 * CouchDB files an index under the digest of the views' text, not under the design document's name. So the new views
 * are first written beside the live ones (`_design/x-staged`), built by asking one of them, and only then put under
 * the live name, which finds its index ready. The staged copy carries nothing but views: a validation function in it
 * would be in force. Written again only when its content differs.
 */
export async function installDesignDocument(couch: CouchAdmin, database: string, wanted: DesignDocument): Promise<DesignChange> {
  const live = await readDocument(couch, database, wanted._id);
  if (live !== null && contentDigest(live) === contentDigest({ ...wanted })) return 'unchanged';

  const staged = await stage(couch, database, wanted);
  const outcome = await writeDocument(couch, database, { ...wanted, ...(live === null ? {} : { _rev: live._rev }) });
  if (outcome === 'conflict') {
    // Another server of the same release may have been faster; another content is a person's or another release's doing.
    const other = await readDocument(couch, database, wanted._id);
    if (other === null || contentDigest(other) !== contentDigest({ ...wanted })) {
      throw new CouchError(`PUT ${documentPath(database, wanted._id)}`, 409, 'conflict', 'the design document was changed meanwhile');
    }
  }
  if (staged !== null) {
    await deleteDocument(couch, database, staged.id, staged.rev);
    // Index files of the views that were replaced; a store without index files of its own has no such route.
    await couch.request('POST', `/${encodeURIComponent(database)}/_view_cleanup`, { body: {}, accept: [404, 405, 501] });
  }
  return 'installed';
}

interface Staged {
  readonly id: string;
  readonly rev: string;
}

async function stage(couch: CouchAdmin, database: string, wanted: DesignDocument): Promise<Staged | null> {
  const views = wanted.views ?? {};
  const [anyView] = Object.keys(views);
  if (anyView === undefined) return null;

  const id = `${wanted._id}-staged`;
  const left = await readDocument(couch, database, id);
  const staged = { _id: id, language: wanted.language, views, ...(left === null ? {} : { _rev: left._rev }) };
  const outcome = await writeDocument(couch, database, staged);
  if (outcome === 'conflict')
    throw new CouchError(`PUT ${documentPath(database, id)}`, 409, 'conflict', 'staged by somebody else just now');
  await warm(couch, `${documentPath(database, id)}/_view/${encodeURIComponent(anyView)}`);
  return { id, rev: outcome.rev };
}

/** How long one question may wait for an index, and how often it is asked: an hour for a large school's first build. */
const WARM_TIMEOUT_MS = 300_000;
const WARM_ATTEMPTS = 12;

/** Asks a view until it answers: the views of one design document are one index, built before the first answer. */
async function warm(couch: CouchAdmin, path: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await couch.request('GET', path, { query: { reduce: 'false', limit: '1' }, timeoutMs: WARM_TIMEOUT_MS });
      return;
    } catch (error) {
      // CouchDB gives a question up while it goes on building: that is no failure, the next question waits again.
      const stillBuilding = error instanceof CouchError && (error.status === 0 || error.reason.includes('timeout'));
      if (!stillBuilding || attempt === WARM_ATTEMPTS) throw error;
    }
  }
}
