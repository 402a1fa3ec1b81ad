import { canonicalJson } from '../../documents/digest.ts';
import type { Decision, Edits, Entry, Seen } from '../../documents/edits.ts';
import { greatest, type Join, joinFields, joinMembers } from './join.ts';

/**
 * The join of two versions of a document's cells. Of each dot a version says one of three things: never heard of it, holds
 * its value, or has seen it replaced. These are steps of a ladder, so the later step of the two is the join, dot by dot:
 * commutative, associative, idempotent. A value that only one side holds stays when the other never heard of it, and goes
 * when the other saw it replaced. What is left of a cell after both were asked is what nobody replaced: one value, or
 * several that were written apart.
 *
 * Source: the causal join of dot stores, Almeida, Shoker and Baquero, "Delta state replicated data types", 2018.
 */

export const joinSeen: Join<Seen> = joinMembers(() => greatest);

/** Whether a dot is among what was seen. The dots of a document's beginning (count 0) are seen by everybody. */
export function hasSeen(seen: Seen, { by, n }: Pick<Entry, 'by' | 'n'>): boolean {
  return n <= (seen[by] ?? 0);
}

export function sameDot(one: Pick<Entry, 'by' | 'n'>, other: Pick<Entry, 'by' | 'n'>): boolean {
  return one.by === other.by && one.n === other.n;
}

const NONE: readonly Entry[] = [];

function remaining(mine: readonly Entry[], theirs: readonly Entry[], theySaw: Seen): readonly Entry[] {
  return mine.filter((entry) => !hasSeen(theySaw, entry) || theirs.some((each) => sameDot(each, entry)));
}

/** Entries in one order everywhere, each once. */
export function inDotOrder(entries: readonly Entry[]): Entry[] {
  const byText = new Map(entries.map((entry) => [`${entry.by} ${String(entry.n).padStart(16, '0')} ${canonicalJson(entry)}`, entry]));
  return [...byText.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry);
}

function joinCells(one: Edits, other: Edits): Edits['cells'] {
  const cells = new Map<string, Entry[]>();
  for (const name of new Set([...Object.keys(one.cells), ...Object.keys(other.cells)])) {
    const [mine, theirs] = [one.cells[name] ?? NONE, other.cells[name] ?? NONE];
    const entries = inDotOrder([...remaining(mine, theirs, other.seen), ...remaining(theirs, mine, one.seen)]);
    if (entries.length > 0) cells.set(name, entries);
  }
  return Object.fromEntries(cells);
}

/** A decision is written once; afterwards it can only be undone. */
const joinDecision = joinFields<Decision>({ undone: (one, other) => one || other });

const joinRest = joinFields<Edits>({
  seen: joinSeen,
  cells: (one) => one, // joined below: it takes what both sides have seen
  removed: joinMembers(() => joinSeen),
  decisions: joinMembers(() => joinDecision),
});

export const joinEdits: Join<Edits> = (one, other) => ({ ...joinRest(one, other), cells: joinCells(one, other) });
