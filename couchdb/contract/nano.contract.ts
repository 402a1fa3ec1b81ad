import nano from 'nano';
import { beforeAll, describe, expect, it } from 'vitest';
import { useStore } from './harness.ts';

/** CouchDB's own client for Node, as other programs of a school use it: it works with the store unchanged. */

interface Book {
  title: string;
  year: number;
}

const store = useStore();
let books: nano.DocumentScope<Book>;

beforeAll(async () => {
  const url = new URL(store.url);
  url.username = store.admin.name;
  url.password = store.admin.password;
  const name = await store.database();
  books = nano(url.href.replace(/\/$/, '')).use<Book>(name);
  await books.bulk({ docs: [1, 2, 3, 4].map((n) => ({ _id: `book-${n}`, title: `Book ${n}`, year: 2020 + n })) });
});

describe('nano', () => {
  it('writes, reads, updates and deletes a document', async () => {
    const { rev } = await books.insert({ title: 'Kaburi bila msalaba', year: 1969 }, 'kezilahabi');
    const stored = await books.get('kezilahabi');
    expect(stored).toMatchObject({ _id: 'kezilahabi', _rev: rev, year: 1969 });
    const next = await books.insert({ ...stored, title: 'Rosa Mistika', year: 1971 });
    await expect(books.insert({ ...stored, year: 1972 })).rejects.toMatchObject({ statusCode: 409, error: 'conflict' });
    await books.destroy('kezilahabi', next.rev);
    await expect(books.get('kezilahabi')).rejects.toMatchObject({ statusCode: 404, error: 'not_found' });
  });

  it('lists, finds and follows', async () => {
    expect((await books.list({ startkey: 'book-2', endkey: 'book-3' })).rows.map(({ id }) => id)).toEqual(['book-2', 'book-3']);
    const { docs } = await books.find({ selector: { year: { $gt: 2022 } }, fields: ['_id'] });
    expect(docs.map(({ _id }) => _id).sort()).toEqual(['book-3', 'book-4']);
    const { results } = await books.changes({ since: '0' });
    expect(results.map(({ id }) => id)).toContain('book-1');
  });

  it('keeps an attachment byte by byte', async () => {
    const bytes = Buffer.from([0, 1, 2, 250, 255]);
    await books.attachment.insert('covers', 'front.bin', bytes, 'application/octet-stream');
    expect(Buffer.compare(await books.attachment.get('covers', 'front.bin'), bytes)).toBe(0);
  });
});
