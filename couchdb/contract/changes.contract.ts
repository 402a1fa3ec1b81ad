import { beforeAll, describe, expect, it } from 'vitest';
import { type Json, useStore } from './harness.ts';

const store = useStore();
let db = '';
const ids = (answer: { json: Json }) => answer.json.results.map((row: Json) => row.id);

beforeAll(async () => {
  db = await store.database();
  const docs = [1, 2, 3, 4, 5].map((n) => ({ _id: `doc-${n}`, n, even: n % 2 === 0 }));
  await store.call('POST', `/${db}/_bulk_docs`, { body: { docs } });
  await store.call('PUT', `/${db}/_design/app`, {
    body: {
      filters: {
        even: 'function (doc, req) { return doc.even === true; }',
        atLeast: 'function (doc, req) { return doc.n >= Number(req.query.least); }',
        mine: 'function (doc, req) { return req.userCtx.roles.indexOf("_admin") >= 0 && doc.n === 1; }',
        broken: 'function (doc) { return doc.no.such; }',
      },
      views: { even: { map: 'function (doc) { if (doc.even) emit(doc._id, null); }' } },
    },
  });
});

describe('_changes', () => {
  it('lists every document once, with its newest revision', async () => {
    const { status, json } = await store.call('GET', `/${db}/_changes`);
    expect(status).toBe(200);
    expect(json.results.map((row: Json) => row.id).sort()).toEqual(['_design/app', 'doc-1', 'doc-2', 'doc-3', 'doc-4', 'doc-5']);
    expect(json.results[0]).toEqual({ seq: expect.any(String), id: expect.any(String), changes: [{ rev: expect.stringMatching(/^1-/) }] });
    expect(json.pending).toBe(0);
    expect(json.last_seq).toMatch(/^6-/);
  });

  it('goes on from where a reader stood, in steps', async () => {
    const seen: string[] = [];
    let since = '0';
    for (;;) {
      const { json } = await store.call('GET', `/${db}/_changes?since=${encodeURIComponent(since)}&limit=2`);
      if (json.results.length === 0) break;
      expect(json.pending > 0).toBe(seen.length + json.results.length < 6);
      seen.push(...json.results.map((row: Json) => row.id));
      since = json.last_seq;
    }
    expect(seen.toSorted()).toEqual(['_design/app', 'doc-1', 'doc-2', 'doc-3', 'doc-4', 'doc-5']);
  });

  it('has nothing since now', async () => {
    const { json } = await store.call('GET', `/${db}/_changes?since=now`);
    expect(json.results).toEqual([]);
    expect(json.last_seq).toMatch(/^6-/);
  });

  it('answers with nothing to limit=0', async () => {
    expect((await store.call('GET', `/${db}/_changes?limit=0`)).json.results).toEqual([]);
  });

  it('runs backwards', async () => {
    const { json } = await store.call('GET', `/${db}/_changes?descending=true&limit=1`);
    expect(json.results).toHaveLength(1);
  });

  it('brings documents, deletions and conflicts along', async () => {
    const own = await store.database();
    const rev = await store.put(own, 'gone', { n: 1 });
    await store.call('DELETE', `/${own}/gone?rev=${rev}`);
    const docs = ['1-aaa', '1-bbb'].map((_rev) => ({ _id: 'twice', _rev }));
    await store.call('POST', `/${own}/_bulk_docs`, { body: { docs, new_edits: false } });
    const { json } = await store.call('GET', `/${own}/_changes?include_docs=true&conflicts=true&style=all_docs`);
    const rows: Json = Object.fromEntries(json.results.map((row: Json) => [row.id, row]));
    expect(rows.gone).toMatchObject({ deleted: true, doc: { _id: 'gone', _deleted: true } });
    expect(rows.twice.changes).toEqual([{ rev: '1-bbb' }, { rev: '1-aaa' }]);
    expect(rows.twice.doc._conflicts).toEqual(['1-aaa']);
    const main = await store.call('GET', `/${own}/_changes`);
    expect(main.json.results.find((row: Json) => row.id === 'twice').changes).toEqual([{ rev: '1-bbb' }]);
  });

  it.each([
    ['_doc_ids', { doc_ids: ['doc-2', 'doc-5', 'none'] }, ['doc-2', 'doc-5']],
    ['_selector', { selector: { n: { $gt: 3 } } }, ['doc-4', 'doc-5']],
    ['_selector', { selector: { _id: 'doc-1' } }, ['doc-1']],
    ['_design', {}, ['_design/app']],
    ['_view&view=app/even', {}, ['doc-2', 'doc-4']],
    ['app/even', {}, ['doc-2', 'doc-4']],
    ['app/atLeast&least=4', {}, ['doc-4', 'doc-5']],
    ['app/mine', {}, ['doc-1']],
  ])('filters by %s', async (filter, body, expected) => {
    const answer = await store.call('POST', `/${db}/_changes?filter=${filter}`, { body });
    expect(ids(answer).toSorted()).toEqual(expected);
    expect(answer.json.last_seq).toMatch(/^6-/);
  });

  it('filters a GET as well', async () => {
    expect(ids(await store.call('GET', `/${db}/_changes?filter=app/even`)).toSorted()).toEqual(['doc-2', 'doc-4']);
    const list = encodeURIComponent('["doc-3"]');
    expect(ids(await store.call('GET', `/${db}/_changes?filter=_doc_ids&doc_ids=${list}`))).toEqual(['doc-3']);
  });

  it.each([
    ['filter=none/such', 404],
    ['filter=app/none', 404],
    ['filter=_view', 400],
    ['since=rubbish', 400],
    ['feed=rubbish', 400],
  ])('refuses %s', async (query, expected) => {
    expect((await store.call('GET', `/${db}/_changes?${query}`)).status).toBe(expected);
  });
});

describe('a long poll', () => {
  it('answers at once when there is something', async () => {
    const { json } = await store.call('GET', `/${db}/_changes?feed=longpoll&limit=1`);
    expect(json.results).toHaveLength(1);
  });

  it('waits for the next change', async () => {
    const own = await store.database();
    const waiting = store.call('GET', `/${own}/_changes?feed=longpoll&since=now&timeout=20000`);
    await store.put(own, 'first');
    // The write may come before the feed has found out what is now: then this one is the news.
    const { json } = await Promise.race([waiting, store.put(own, 'second').then(() => waiting)]);
    expect(json.results.length).toBeGreaterThan(0);
    expect(json.last_seq).toBe(json.results.at(-1).seq);
  });

  it('ends with nothing when its time is up, and beats its heart meanwhile', async () => {
    const quiet = await store.call('GET', `/${db}/_changes?feed=longpoll&since=now&timeout=100`);
    expect([quiet.status, quiet.json.results]).toEqual([200, []]);
    expect(quiet.json.last_seq).toMatch(/^6-/);
    const stop = new AbortController();
    const response = await store.fetch('GET', `/${db}/_changes?feed=longpoll&since=now&heartbeat=50`, { signal: stop.signal });
    const reader = response.body?.getReader();
    let text = '';
    while (!/\n\n\n/.test(text.replace('{"results":[', ''))) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    stop.abort();
    expect(text).toContain('\n\n\n');
  });
});

/** Reads lines of a feed until `enough` says so, then hangs up. */
async function readLines(
  path: string,
  enough: (lines: string[]) => boolean,
  during: (lines: string[]) => Promise<unknown> = async () => undefined,
) {
  const stop = new AbortController();
  const response = await store.fetch('GET', path, { signal: stop.signal });
  const decoder = new TextDecoder();
  let text = '';
  try {
    // Node's streams of bytes can be iterated; the types of the DOM do not say so.
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(part, { stream: true });
      const lines = text.split('\n');
      if (enough(lines)) return lines;
      await during(lines);
    }
    return text.split('\n');
  } finally {
    stop.abort();
  }
}

describe('a continuous feed', () => {
  it('gives what is there, then what comes, a line each', async () => {
    const own = await store.database();
    await store.put(own, 'before');
    let written = false;
    const lines = await readLines(
      `/${own}/_changes?feed=continuous&since=0&heartbeat=1000&include_docs=true`,
      (all) => all.filter((line) => line.startsWith('{')).length >= 2,
      async () => {
        if (!written) await store.put(own, 'after', { n: 2 });
        written = true;
      },
    );
    const rows = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    expect(rows.map((row) => row.id)).toEqual(['before', 'after']);
    expect(rows[1].doc.n).toBe(2);
  });

  it('ends with its last sequence when its time is up', async () => {
    const { text } = await store.call('GET', `/${db}/_changes?feed=continuous&since=now&timeout=100`);
    const last = JSON.parse(text.trim().split('\n').at(-1) ?? '');
    expect(last.last_seq).toMatch(/^6-/);
  });

  it('keeps to its limit', async () => {
    const { text } = await store.call('GET', `/${db}/_changes?feed=continuous&limit=2`);
    expect(
      text
        .trim()
        .split('\n')
        .filter((line) => line.includes('"id"')),
    ).toHaveLength(2);
  });

  it('beats its heart', async () => {
    const lines = await readLines(`/${db}/_changes?feed=continuous&since=now&heartbeat=50`, (all) => all.length > 3);
    expect(lines.slice(0, 3)).toEqual(['', '', '']);
  });

  it('filters what comes', async () => {
    const { text } = await store.call('GET', `/${db}/_changes?feed=continuous&filter=app/even&timeout=100`);
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(
      rows
        .slice(0, -1)
        .map((row) => row.id)
        .toSorted(),
    ).toEqual(['doc-2', 'doc-4']);
  });

  it('speaks the language of EventSource', async () => {
    const lines = await readLines(
      `/${db}/_changes?feed=eventsource&heartbeat=1000`,
      (all) => all.filter((line) => line.startsWith('id:')).length >= 6,
    );
    expect(lines.find((line) => line.startsWith('data:'))).toMatch(/^data: ?\{"seq"/);
  });
});
