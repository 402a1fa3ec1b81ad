import { beforeAll, describe, expect, it } from 'vitest';
import { type Json, useStore } from './harness.ts';

const store = useStore();
let db = '';
const find = (body: object) => store.call('POST', `/${db}/_find`, { body });

beforeAll(async () => {
  db = await store.database();
  const docs = Array.from({ length: 30 }, (_, n) => ({
    _id: `d-${String(n).padStart(2, '0')}`,
    n,
    kind: n % 3 === 0 ? 'fizz' : 'plain',
    tags: n % 2 === 0 ? ['even'] : ['odd', 'x'],
    nested: { deep: n },
  }));
  await store.call('POST', `/${db}/_bulk_docs`, { body: { docs } });
  await store.call('POST', `/${db}/_index`, { body: { index: { fields: ['n'] }, ddoc: 'by-n', name: 'by-n', type: 'json' } });
  await store.call('POST', `/${db}/_index`, { body: { index: { fields: ['kind', 'n'] }, ddoc: 'by-kind', name: 'by-kind' } });
});

describe('_find', () => {
  it.each([
    ['equality', { kind: 'fizz' }, 10],
    ['a range', { n: { $gte: 10, $lt: 15 } }, 5],
    ['$in', { n: { $in: [1, 2, 99] } }, 2],
    ['$or', { $or: [{ n: 1 }, { n: 2 }] }, 2],
    ['$and with $not', { $and: [{ n: { $lt: 6 } }, { $not: { kind: 'fizz' } }] }, 4],
    ['nested fields', { 'nested.deep': { $gt: 27 } }, 2],
    ['$elemMatch', { n: { $lt: 4 }, tags: { $elemMatch: { $eq: 'odd' } } }, 2],
    ['$all', { n: { $lt: 4 }, tags: { $all: ['odd', 'x'] } }, 2],
    ['$exists', { n: { $lt: 4 }, missing: { $exists: false } }, 4],
    ['$type', { n: { $lt: 3 }, kind: { $type: 'string' } }, 3],
    ['$size', { n: { $lt: 4 }, tags: { $size: 2 } }, 2],
    ['$mod', { n: { $mod: [10, 1] } }, 3],
    ['$regex', { _id: { $regex: '^d-0' } }, 10],
    ['$beginsWith', { _id: { $beginsWith: 'd-1' } }, 10],
    ['the id', { _id: { $gt: 'd-27' } }, 2],
    ['$ne', { n: { $lt: 3 }, kind: { $ne: 'fizz' } }, 2],
  ])('selects by %s', async (_name, selector, expected) => {
    const { status, json } = await find({ selector, limit: 100 });
    expect([status, json.docs?.length]).toEqual([200, expected]);
  });

  it('gives the fields asked for, sorted, limited and skipped', async () => {
    const { json } = await find({ selector: { n: { $gte: 5 } }, fields: ['n'], sort: [{ n: 'desc' }], limit: 2, skip: 1 });
    expect(json.docs).toEqual([{ n: 28 }, { n: 27 }]);
  });

  it('gives 25 documents when no limit is set, and goes on by bookmark', async () => {
    const first = await find({ selector: { n: { $gte: 0 } } });
    expect(first.json.docs).toHaveLength(25);
    const second = await find({ selector: { n: { $gte: 0 } }, bookmark: first.json.bookmark });
    expect(second.json.docs).toHaveLength(5);
    const seen = new Set([...first.json.docs, ...second.json.docs].map((doc: Json) => doc._id));
    expect(seen.size).toBe(30);
  });

  it('warns where no index serves', async () => {
    expect((await find({ selector: { 'nested.deep': 3 } })).json.warning).toMatch(/no matching index found/i);
    expect((await find({ selector: { n: 3 } })).json.warning).toBeUndefined();
  });

  it.each([
    ['no selector', {}, 'missing_required_key'],
    ['an unknown operator', { selector: { n: { $huh: 1 } } }, 'invalid_operator'],
    ['a selector that is no object', { selector: 7 }, undefined],
    ['a limit that is no number', { selector: {}, limit: 'x' }, undefined],
    ['a sort that no index serves', { selector: { kind: 'x' }, sort: ['tags'] }, 'no_usable_index'],
    ['an unknown bookmark', { selector: { n: 1 }, bookmark: 'rubbish!' }, 'invalid_bookmark'],
  ])('refuses %s', async (_name, body, error) => {
    const { status, json } = await find(body);
    expect(status).toBe(400);
    expect(typeof json.reason).toBe('string');
    if (error) expect(json.error).toBe(error);
  });
});

describe('_index', () => {
  it('lists what there is and says when one exists already', async () => {
    const { json } = await store.call('GET', `/${db}/_index`);
    expect(json.total_rows).toBe(3);
    expect(json.indexes[0]).toMatchObject({ ddoc: null, name: '_all_docs', type: 'special' });
    expect(json.indexes.find((one: Json) => one.name === 'by-n')).toMatchObject({
      ddoc: '_design/by-n',
      type: 'json',
      def: { fields: [{ n: 'asc' }] },
    });
    const again = await store.call('POST', `/${db}/_index`, { body: { index: { fields: ['n'] }, ddoc: 'by-n', name: 'by-n' } });
    expect(again.json).toEqual({ result: 'exists', id: '_design/by-n', name: 'by-n' });
  });

  it('is explained', async () => {
    const { json } = await store.call('POST', `/${db}/_explain`, { body: { selector: { n: 3 } } });
    expect(json).toMatchObject({ dbname: db, index: { name: 'by-n' }, selector: { n: { $eq: 3 } } });
  });

  it('is deleted', async () => {
    await store.call('POST', `/${db}/_index`, { body: { index: { fields: ['tags'] }, ddoc: 'gone', name: 'gone' } });
    const { status, json } = await store.call('DELETE', `/${db}/_index/gone/json/gone`);
    expect([status, json]).toEqual([200, { ok: true }]);
    expect((await store.call('GET', `/${db}/_index`)).json.total_rows).toBe(3);
    expect((await store.call('DELETE', `/${db}/_index/gone/json/gone`)).status).toBe(404);
  });
});
