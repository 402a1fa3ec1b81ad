import { cellOf, type Edits, itemName } from '../../documents/edits.ts';
import { type Block, editedBlocks } from './blocks.ts';
import { orderKeys } from './order.ts';
import { isRemoved, itemsInOrder, shown, shownText } from './read.ts';
import { removeItem, type Stamp, setCell, writeCell } from './write.ts';

/** The blocks of a lesson being written, in order, each with the text it shows. */
export function blocksOf(edits: Edits): readonly Block[] {
  return itemsInOrder(edits, 'block').map(({ id }) => ({ id, text: shownText(edits, `block.${id}.text`) }));
}

/** Puts the items of a list in this order, by as few new keys as that takes. Items that are not named keep their places. */
export function arrange(edits: Edits, stamp: Stamp, list: string, ids: readonly string[]): Edits {
  const orderCell = (id: string): string => cellOf(itemName(list, id), 'order');
  const before = ids.map((id) => {
    const order = shown(edits, orderCell(id));
    return typeof order === 'string' ? order : null;
  });
  return orderKeys(before).reduce((next, key, index) => {
    const id = ids[index];
    return id === undefined || before[index] === key ? next : setCell(next, stamp, orderCell(id), key);
  }, edits);
}

/**
 * A person saves the text that they made of `before`, the blocks as they saw them. Only what they changed is written: blocks that
 * others added meanwhile stay, and a block that others rewrote meanwhile is left to be decided.
 */
export function writeBlocks(edits: Edits, stamp: Stamp, before: readonly Block[], markdown: string, newId: () => string): Edits {
  const after = editedBlocks(before, markdown, newId);
  const saw = new Map(before.map(({ id, text }) => [id, text]));
  let next = edits;
  for (const { id, text } of after) next = writeCell(next, stamp, cellOf(itemName('block', id), 'text'), text, saw.get(id));
  const kept = new Set(after.map(({ id }) => id));
  for (const { id } of before) {
    const item = itemName('block', id);
    // Of a block that was rewritten meanwhile only what the person saw is taken out: the other text stays.
    if (!kept.has(id) && !isRemoved(next, item) && shownText(next, cellOf(item, 'text')) === saw.get(id))
      next = removeItem(next, stamp, item);
  }
  const newcomers = after.some(({ id }) => !saw.has(id));
  return newcomers ? arrange(next, stamp, 'block', inPlace(next, before, after)) : next;
}

/** The order of all blocks there are: as the person wrote them, with what came meanwhile behind the block that it stood behind. */
function inPlace(edits: Edits, before: readonly Block[], after: readonly Block[]): readonly string[] {
  const known = new Set([...before, ...after].map(({ id }) => id));
  const order = after.map(({ id }) => id);
  let last: string | null = null;
  for (const { id, order: place } of itemsInOrder(edits, 'block')) {
    if (place === '') continue; // the person's own newcomer: `order` has it
    if (!known.has(id)) order.splice(last === null ? 0 : order.indexOf(last) + 1, 0, id);
    if (order.includes(id)) last = id;
  }
  return order;
}
