import * as v from 'valibot';
import { count, instant, key, line, record } from './fields.ts';
import { KEY_PATTERN } from './partitions.ts';

/**
 * What several people may edit at once is kept in *cells*: a title, the text of one paragraph, the place of a paragraph. A
 * cell is named by its field (`title`), or by a list, the id of an item and a field (`block.b3.text`).
 *
 * Each value in a cell carries a *dot*: who wrote it (`by`, one copy of one person's database) and that writer's count (`n`).
 * `seen` says how far of each writer's count this document has come. So two versions of a document tell by themselves which
 * values are new, which were replaced, and which were written apart: a merge needs no ancestor, which no store promises to keep,
 * and no clock.
 */

/** The writer of what a document held before anybody edited it; its count is 0. */
export const BASE_WRITER = 'base';

const CELL_NAME = /^(?!(?:constructor|prototype)$)[a-zA-Z]+(?:\.[a-z0-9-]{1,40}\.[a-zA-Z]+)?$/;
const ITEM_NAME = /^[a-zA-Z]+\.[a-z0-9-]{1,40}$/;
const DECISION_NAME = /^[a-z0-9-]{1,40}\.[0-9]+$/;

/** How far of each writer's count. */
const seenSchema = record(key, count);

const entrySchema = v.looseObject({
  value: v.unknown(),
  by: key,
  n: count,
  /** Who wrote it, by which name, and when by the clock of their device: for people to read, never for order. */
  personId: key,
  name: v.optional(line),
  at: instant,
});

/** What a person decided where no rule could: the sides as they were, so that the decision can be taken back. */
const decisionSchema = v.looseObject({
  cell: v.pipe(v.string(), v.regex(CELL_NAME)),
  kept: v.unknown(),
  sides: v.array(entrySchema),
  personId: key,
  name: v.optional(line),
  at: instant,
  undone: v.boolean(),
});

const named = (pattern: RegExp, what: string) => v.pipe(v.string(), v.regex(pattern, `must be the name of ${what}`));

const anyEdits = v.looseObject({
  seen: seenSchema,
  cells: record(named(CELL_NAME, 'a cell'), v.pipe(v.array(entrySchema), v.minLength(1))),
  /** Items that were taken out, and how much the one who did so had seen. Their cells stay, so that they can be brought back. */
  removed: record(named(ITEM_NAME, 'an item'), seenSchema),
  decisions: record(named(DECISION_NAME, 'a decision'), decisionSchema),
});

export type Edits = v.InferOutput<typeof anyEdits>;
export type Entry = Edits['cells'][string][number];
export type Decision = Edits['decisions'][string];
export type Seen = Edits['seen'];

/** The name of a cell without the id of its item: `block.text` of `block.b3.text`. */
export function cellShape(cell: string): string {
  const [list, id, field] = cell.split('.');
  return id === undefined ? cell : `${list}.${field}`;
}

const inSeen = ({ cells, seen }: Edits): boolean =>
  Object.values(cells).every((entries) => entries.every(({ by, n }) => n <= (seen[by] ?? 0)));

/**
 * The edits of a type of document: what its cells may hold, by shape. Cells of other shapes are a newer program's.
 * Every value's dot is among what was seen: the merge is lawful only then.
 */
export function editsSchema(shapes: Readonly<Record<string, v.GenericSchema>>) {
  const byShape = new Map(Object.entries(shapes));
  return v.pipe(
    anyEdits,
    v.check(inSeen, 'must have seen the values that it holds'),
    v.check(
      ({ cells }) =>
        Object.entries(cells).every(([name, entries]) => {
          const schema = byShape.get(cellShape(name));
          return schema === undefined || entries.every(({ value }) => v.is(schema, value));
        }),
      'must hold in each cell what belongs there',
    ),
  );
}

/** The item that stands for the whole document: what takes it out takes everything out that was seen. */
export const WHOLE = 'document.whole';

export const NO_EDITS: Edits = { seen: {}, cells: {}, removed: {}, decisions: {} };

/** The name of an item of a list. Throws a RangeError when the id is not a key: a bug in the caller. */
export function itemName(list: string, id: string): string {
  if (!KEY_PATTERN.test(id)) throw new RangeError(`Not a key: ${JSON.stringify(id)}`);
  return `${list}.${id}`;
}

export function cellOf(item: string, field: string): string {
  return `${item}.${field}`;
}
