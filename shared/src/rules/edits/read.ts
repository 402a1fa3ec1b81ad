import { canonicalJson } from '../../documents/digest.ts';
import { cellShape, type Edits, type Entry, WHOLE } from '../../documents/edits.ts';
import { hasSeen, inDotOrder } from '../merge/edits.ts';

/**
 * Fields in which a rule decides between values that were written apart: the place of something in a list, and whether it
 * is chosen. No text of a person's is lost by that. In all others a person decides.
 */
const FIELDS_BY_RULE: readonly string[] = ['order', 'section', 'chosen'];
/** The place of an item says nothing of its content: moving what another takes out does not bring it back. */
const PLACE_FIELDS: readonly string[] = ['order'];

function fieldOf(cell: string): string {
  return cellShape(cell).split('.')[1] ?? cell;
}

/** One of several texts that were written apart, and who wrote it. */
export interface Side {
  readonly value: unknown;
  readonly entries: readonly Entry[];
}

/** What a cell holds: each different value once, in an order that is the same on every device. */
export function sidesOf(edits: Edits, cell: string): readonly Side[] {
  const byValue = new Map<string, Entry[]>();
  for (const entry of inDotOrder(edits.cells[cell] ?? [])) {
    // Nothing comes after something: a time of handing in is shown rather than none.
    const text = entry.value === null ? '' : canonicalJson(entry.value);
    byValue.set(text, [...(byValue.get(text) ?? []), entry]);
  }
  return [...byValue.entries()]
    .sort(([one], [other]) => (one > other ? -1 : 1))
    .map(([, entries]) => ({ value: entries[0]?.value, entries }));
}

/** What a cell shows; undefined when it holds nothing. Of several values the one with the greatest text. */
export function shown(edits: Edits, cell: string): unknown {
  return sidesOf(edits, cell)[0]?.value;
}

export function shownText(edits: Edits, cell: string): string {
  const value = shown(edits, cell);
  return typeof value === 'string' ? value : '';
}

/** The ids of a list's items that have a cell, removed ones included. */
export function itemIds(edits: Edits, list: string): readonly string[] {
  const ids = Object.keys(edits.cells).flatMap((cell) => {
    const [name, id, field] = cell.split('.');
    return name === list && id !== undefined && field !== undefined ? [id] : [];
  });
  return [...new Set(ids)].sort();
}

/** The cells of an item that are its content, and not its place. */
export function contentCells(edits: Edits, item: string): readonly string[] {
  return Object.keys(edits.cells)
    .filter((cell) => (item === WHOLE || cell.startsWith(`${item}.`)) && !PLACE_FIELDS.includes(fieldOf(cell)))
    .sort();
}

/** Whether an item was taken out by somebody who had seen all of its content: an edit made apart keeps it. */
export function isRemoved(edits: Edits, item: string): boolean {
  const saw = edits.removed[item];
  if (saw === undefined) return false;
  return contentCells(edits, item).every((cell) => (edits.cells[cell] ?? []).every((entry) => hasSeen(saw, entry)));
}

/** The items of a list in order, without removed ones. Items in one place are ordered by their ids. */
export function itemsInOrder(edits: Edits, list: string): readonly { readonly id: string; readonly order: string }[] {
  return itemIds(edits, list)
    .filter((id) => !isRemoved(edits, `${list}.${id}`))
    .map((id) => ({ id, order: shownText(edits, `${list}.${id}.order`) }))
    .sort((one, other) => (one.order !== other.order ? (one.order < other.order ? -1 : 1) : one.id < other.id ? -1 : 1));
}

/** A cell in which a person has to decide. */
export interface OpenQuestion {
  readonly cell: string;
  readonly sides: readonly Side[];
}

/** What no rule can decide: different values that were written apart, in what is not removed. */
export function toDecide(edits: Edits): readonly OpenQuestion[] {
  if (isRemoved(edits, WHOLE)) return [];
  return Object.keys(edits.cells)
    .sort()
    .filter((cell) => !FIELDS_BY_RULE.includes(fieldOf(cell)))
    .filter((cell) => !(cell.includes('.') && isRemoved(edits, cell.slice(0, cell.lastIndexOf('.')))))
    .map((cell) => ({ cell, sides: sidesOf(edits, cell) }))
    .filter(({ sides }) => sides.length > 1);
}
