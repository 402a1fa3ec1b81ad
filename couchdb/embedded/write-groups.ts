import type { DraftDocument } from './document-syntax.ts';

/** A write that waits for its turn. */
export interface WaitingWrite {
  readonly drafts: readonly DraftDocument[];
  readonly newEdits: boolean;
}

/** A group is no larger than an ordinary `_bulk_docs`, so that nobody in it waits long. */
const MAX_GROUP_DOCUMENTS = 200;

/**
 * How many writes from the head of the queue can reach the disk together. None of them may be about a document that another one is
 * about, because each is judged by what is stored before the group. What changes the rules (design documents) goes alone.
 */
export function groupSize(waiting: readonly WaitingWrite[]): number {
  const [first] = waiting;
  if (first === undefined || !mayShare(first)) return Math.min(1, waiting.length);
  const ids = new Set<string>();
  let size = 0;
  let documents = 0;
  for (const write of waiting) {
    documents += write.drafts.length;
    const apart = write.newEdits === first.newEdits && mayShare(write) && !write.drafts.some(({ _id }) => ids.has(_id));
    if (!apart || (size > 0 && documents > MAX_GROUP_DOCUMENTS)) break;
    for (const { _id } of write.drafts) ids.add(_id);
    size += 1;
  }
  return size;
}

function mayShare({ drafts }: WaitingWrite): boolean {
  return !drafts.some(({ _id }) => _id.startsWith('_design/'));
}
