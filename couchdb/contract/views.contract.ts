import { beforeAll, describe, expect, it } from 'vitest';
import { type Json, useStore } from './harness.ts';

const store = useStore();
let db = '';

beforeAll(async () => {
  db = await store.database();
  const marks: [string, string, number][] = [
    ['amina', 'maths', 70],
    ['amina', 'art', 90],
    ['baraka', 'maths', 50],
    ['baraka', 'art', 60],
    ['chausiku', 'maths', 80],
  ];
  const docs = marks.map(([learner, course, mark]) => ({ _id: `${learner}-${course}`, learner, course, mark }));
  await store.call('POST', `/${db}/_bulk_docs`, { body: { docs } });
  await store.call('PUT', `/${db}/_design/marks`, {
    body: {
      language: 'javascript',
      views: {
        all: { map: 'function (doc) { if (doc.mark) emit([doc.learner, doc.course], doc.mark); }' },
        sum: { map: 'function (doc) { if (doc.mark) emit([doc.learner, doc.course], doc.mark); }', reduce: '_sum' },
        count: { map: 'function (doc) { if (doc.mark) emit(doc.course, null); }', reduce: '_count' },
        stats: { map: 'function (doc) { if (doc.mark) emit(doc.course, doc.mark); }', reduce: '_stats' },
        best: {
          map: 'function (doc) { if (doc.mark) emit(doc.course, doc.mark); }',
          reduce: 'function (keys, values, rereduce) { return Math.max.apply(null, values); }',
        },
        careless: { map: 'function (doc) { emit(doc.no.such.thing, 1); }' },
      },
    },
  });
});

const view = (name: string, query = '') => `/${db}/_design/marks/_view/${name}${query}`;
const j = (value: unknown) => encodeURIComponent(JSON.stringify(value));

describe('a view', () => {
  it.each([
    ['', 5],
    [`?startkey=${j(['amina'])}&endkey=${j(['amina', {}])}`, 2],
    [`?key=${j(['baraka', 'art'])}`, 1],
    ['?limit=2', 2],
    ['?skip=4', 1],
    [`?startkey=${j(['baraka', 'maths'])}&inclusive_end=false&endkey=${j(['chausiku', 'maths'])}`, 1],
  ])('gives its rows for %s', async (query, expected) => {
    const { status, json } = await store.call('GET', view('all', query));
    expect(status).toBe(200);
    expect(json.rows).toHaveLength(expected);
    expect(json.total_rows).toBe(5);
  });

  it('orders its rows by key, both ways, and brings documents', async () => {
    const up = await store.call('GET', view('all', '?include_docs=true'));
    expect(up.json.rows.map((row: Json) => row.id)).toEqual(['amina-art', 'amina-maths', 'baraka-art', 'baraka-maths', 'chausiku-maths']);
    expect(up.json.rows[0]).toMatchObject({ key: ['amina', 'art'], value: 90, doc: { learner: 'amina' } });
    const down = await store.call('GET', view('all', '?descending=true&limit=1'));
    expect(down.json.rows[0].id).toBe('chausiku-maths');
  });

  it('takes keys by POST, in their order', async () => {
    const keys = [
      ['chausiku', 'maths'],
      ['amina', 'art'],
    ];
    const { json } = await store.call('POST', view('all'), { body: { keys } });
    expect(json.rows.map((row: Json) => row.key)).toEqual(keys);
  });

  it.each([
    ['sum', '', [{ key: null, value: 350 }]],
    [
      'sum',
      '?group_level=1',
      [
        { key: ['amina'], value: 160 },
        { key: ['baraka'], value: 110 },
        { key: ['chausiku'], value: 80 },
      ],
    ],
    [
      'count',
      '?group=true',
      [
        { key: 'art', value: 2 },
        { key: 'maths', value: 3 },
      ],
    ],
    [
      'best',
      '?group=true',
      [
        { key: 'art', value: 90 },
        { key: 'maths', value: 80 },
      ],
    ],
    ['stats', `?key=${j('art')}`, [{ key: null, value: { sum: 150, count: 2, min: 60, max: 90, sumsqr: 11_700 } }]],
  ])('reduces with %s%s', async (name, query, expected) => {
    expect((await store.call('GET', view(name, query))).json.rows).toEqual(expected);
  });

  it('shows its rows unreduced when asked', async () => {
    expect((await store.call('GET', view('sum', '?reduce=false'))).json.rows).toHaveLength(5);
  });

  it('leaves out documents that its function fails on', async () => {
    const { status, json } = await store.call('GET', view('careless'));
    expect([status, json.rows]).toEqual([200, []]);
  });

  it('follows what is written', async () => {
    const rev = await store.put(db, 'daudi-art', { learner: 'daudi', course: 'art', mark: 10 });
    expect((await store.call('GET', view('count', `?key=${j('art')}`))).json.rows[0].value).toBe(3);
    await store.call('DELETE', `/${db}/daudi-art?rev=${rev}`);
    expect((await store.call('GET', view('count', `?key=${j('art')}`))).json.rows[0].value).toBe(2);
  });

  it('answers several queries in one request', async () => {
    const body = { queries: [{ key: 'art' }, { group: true }] };
    const { json } = await store.call('POST', `${view('count')}/queries`, { body });
    expect(json.results.map((one: Json) => one.rows.length)).toEqual([1, 2]);
  });

  it.each([
    [`/_design/marks/_view/none`, 404],
    [`/_design/none/_view/all`, 404],
    [`/_design/marks/_view/all?reduce=true`, 400],
    [`/_design/marks/_view/all?group=true`, 400],
    [`/_design/marks/_view/all?startkey=notjson`, 400],
    [`/_design/marks/_view/all?limit=many`, 400],
    [`/_design/marks/_view/all?limit=-1`, 400],
    [`/_design/marks/_view/all?include_docs=maybe`, 400],
  ])('answers %s with %i', async (path, expected) => {
    const { status, json } = await store.call('GET', `/${db}${path}`);
    expect([status, typeof json.error, typeof json.reason]).toEqual([expected, 'string', 'string']);
  });
});
