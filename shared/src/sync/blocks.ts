import * as v from 'valibot';
import { docIdText, type ExchangeDocument, revText } from './exchange-document.ts';

/** Documents of one shape, written down by columns, so that what repeats stands side by side. */
export type Block = readonly [
  tag: 'd',
  names: readonly string[],
  ids: readonly string[],
  histories: readonly string[],
  ...columns: (readonly unknown[])[],
];

/** Documents that are put into blocks together. What was received is kept when a connection breaks, block by block. */
export const DOCUMENTS_IN_BLOCK = 250;
const MAX_NAMES = 200;

const ownName = v.pipe(
  v.string(),
  v.maxLength(200),
  v.check((name) => !name.startsWith('_') || name === '_deleted' || name === '_attachments'),
  // Assigned to an object it would change the object, not a member.
  v.check((name) => name !== '__proto__'),
);
const history = v.pipe(v.string(), v.maxLength(100_000));

export const blockSchema = v.pipe(
  v.tupleWithRest(
    [
      v.literal('d'),
      v.pipe(v.array(ownName), v.maxLength(MAX_NAMES)),
      v.pipe(v.array(docIdText), v.maxLength(DOCUMENTS_IN_BLOCK)),
      v.array(history),
    ],
    v.array(v.unknown()),
  ),
  v.check(([, names, ids, histories, ...columns]) => {
    const lengths = [histories.length, ...columns.map((column) => column.length)];
    return columns.length === names.length && lengths.every((length) => length === ids.length);
  }, 'a block has a column for each name, and all its columns are of one length'),
);

/** The blocks of some documents, in the order in which their shapes appear. At most 250 documents. */
export function toBlocks(docs: readonly ExchangeDocument[]): Block[] {
  const shapes = new Map<string, { readonly names: readonly string[]; readonly docs: ExchangeDocument[] }>();
  for (const doc of docs) {
    const names = Object.keys(doc.body).filter((name) => doc.body[name] !== undefined);
    const shape = names.join('\n');
    const known = shapes.get(shape);
    if (known === undefined) shapes.set(shape, { names, docs: [doc] });
    else known.docs.push(doc);
  }
  return [...shapes.values()].map(({ names, docs: alike }) => [
    'd',
    names,
    alike.map(({ id }) => id),
    alike.map(({ rev, ancestors }) => [rev, ...ancestors].join(' ')),
    ...names.map((name) => alike.map(({ body }) => body[name])),
  ]);
}

/** The documents of a block that fits `blockSchema`. Throws a ValiError when a revision is none. */
export function fromBlock([, names, ids, histories, ...columns]: Block): ExchangeDocument[] {
  return ids.map((id, row) => {
    const [rev, ...ancestors] = (histories[row] ?? '').split(' ');
    const body = Object.fromEntries(names.map((name, column) => [name, columns[column]?.[row]]));
    return { id, rev: v.parse(revText, rev), ancestors: ancestors.filter((hash) => hash !== ''), body };
  });
}
