import { canonicalJson } from '../../documents/digest.ts';
import type { Edits, Entry } from '../../documents/edits.ts';
import { joinSeen, sameDot } from '../merge/edits.ts';
import { contentCells, type Side, sidesOf } from './read.ts';

/**
 * One saving: the dot that all its values carry, and who saved when. `n` is the writer's next count in this document, and
 * the writer has merged every version of the document that it holds before it counts on.
 */
export type Stamp = Pick<Entry, 'by' | 'n' | 'personId' | 'name' | 'at'>;

function sameValue(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null);
}

type Signed = Pick<Entry, 'value' | 'personId' | 'name' | 'at'>;

/** The count that a writer has come to; the next saving's stamp counts on from it. */
export function countOf(edits: Pick<Edits, 'seen'>, by: string): number {
  return edits.seen[by] ?? 0;
}

function counted(edits: Edits, { by }: Stamp, n: number): Edits {
  return { ...edits, seen: joinSeen(edits.seen, { [by]: n }) };
}

/** Puts values beside the entries that stay, each with a dot of its own: a dot with two values could not lose one of them. */
function put(edits: Edits, stamp: Stamp, cell: string, stay: readonly Entry[], values: readonly Signed[]): Edits {
  const { by, n } = stamp;
  const added = values.map((value, index): Entry => ({ ...value, by, n: n + index }));
  return counted({ ...edits, cells: { ...edits.cells, [cell]: [...stay, ...added] } }, stamp, n + Math.max(0, values.length - 1));
}

function signed({ personId, name, at }: Stamp, value: unknown): Signed {
  return { value, personId, ...(name === undefined ? {} : { name }), at };
}

/**
 * A person writes a value where they saw `saw` (undefined: nothing). Only what they saw is replaced: a value that came meanwhile
 * stays beside theirs, for a person to decide. Writing what is there already changes nothing.
 */
export function writeCell(edits: Edits, stamp: Stamp, cell: string, value: unknown, saw: unknown): Edits {
  const entries = edits.cells[cell] ?? [];
  if (saw !== undefined && sameValue(value, saw)) return edits;
  const stay = entries.filter((entry) => !sameValue(entry.value, saw) && !sameValue(entry.value, value));
  const [side, ...more] = sidesOf(edits, cell);
  if (side !== undefined && more.length === 0 && sameValue(side.value, value)) return edits;
  return put(edits, stamp, cell, stay, [signed(stamp, value)]);
}

/** A value that a rule orders, such as a place: it replaces all that is there. */
export function setCell(edits: Edits, stamp: Stamp, cell: string, value: unknown): Edits {
  const [side, ...more] = sidesOf(edits, cell);
  if (side !== undefined && more.length === 0 && sameValue(side.value, value)) return edits;
  return put(edits, stamp, cell, [], [signed(stamp, value)]);
}

/** Takes an item out. Its cells stay: it can be brought back, and an edit made apart does so. */
export function removeItem(edits: Edits, stamp: Stamp, item: string): Edits {
  const next = counted(edits, stamp, stamp.n);
  return { ...next, removed: { ...edits.removed, [item]: joinSeen(edits.removed[item] ?? {}, next.seen) } };
}

/** Brings an item back as it was. */
export function restoreItem(edits: Edits, stamp: Stamp, item: string): Edits {
  const again = (next: Edits, cell: string): Edits =>
    put(
      next,
      stamp,
      cell,
      [],
      sidesOf(next, cell).map(({ value }) => signed(stamp, value)),
    );
  return contentCells(edits, item).reduce(again, edits);
}

export function dotName({ by, n }: Pick<Entry, 'by' | 'n'>): string {
  return `${by}.${n}`;
}

/**
 * A person decides between sides that they saw: one of them, or words of their own. The sides are kept with the decision. A
 * side that came meanwhile stays to be decided.
 */
export function decide(edits: Edits, stamp: Stamp, cell: string, value: unknown, saw: readonly Side[]): Edits {
  const decided = saw.flatMap(({ entries }) => entries);
  const stay = (edits.cells[cell] ?? []).filter((entry) => !decided.some((side) => sameDot(side, entry)));
  const sides = saw.flatMap(({ entries }) => entries.slice(0, 1));
  const { value: kept, ...who } = signed(stamp, value);
  const decision = { ...who, cell, kept, sides, undone: false };
  const next = put(edits, stamp, cell, stay, [signed(stamp, value)]);
  return { ...next, decisions: { ...edits.decisions, [dotName(stamp)]: decision } };
}

/**
 * Takes a decision back, also after others have it: its sides are to be decided again. What was written in that cell since
 * stays beside them.
 */
export function undoDecision(edits: Edits, stamp: Stamp, name: string): Edits {
  const decision = edits.decisions[name];
  if (decision === undefined || decision.undone) return edits;
  const { cell, sides } = decision;
  const since = (edits.cells[cell] ?? []).filter((entry) => dotName(entry) !== name);
  const again = sides.filter(({ value }) => !since.some((entry) => sameValue(entry.value, value)));
  const next = put(edits, stamp, cell, since, again);
  return { ...next, decisions: { ...edits.decisions, [name]: { ...decision, undone: true } } };
}
