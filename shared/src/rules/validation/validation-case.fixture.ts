import type { UncheckedDocument } from '../access/write.ts';
import type { UserContext } from './validate-update.ts';

export type Verdict = 'accepted' | 'forbidden' | 'unauthorized';

/** One write, and what the rules and the database must say of it. */
export interface ValidationCase {
  readonly name: string;
  readonly newDoc: UncheckedDocument;
  /** What the database holds before, written by a server admin; null when it holds nothing. No `_rev`: the store gives one. */
  readonly oldDoc: UncheckedDocument | null;
  readonly userCtx: UserContext;
  readonly expected: Verdict;
  /**
   * The write comes as replication sends it (`new_edits=false`), with the `_rev` and `_revisions` it carries, which do not
   * name the stored revision: a validation function then sees no old document, whatever `stored` holds.
   */
  readonly hidesHistory?: { readonly stored: UncheckedDocument };
}

const HISTORY = {
  start: 3,
  ids: ['cccccccccccccccccccccccccccccccc', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
};

/** The document as the third revision of a history that no database has seen. */
export function withForeignHistory(doc: UncheckedDocument): UncheckedDocument {
  return { ...doc, _rev: `3-${HISTORY.ids[0]}`, _revisions: HISTORY };
}
