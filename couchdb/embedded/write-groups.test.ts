import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedStore, startEmbeddedStore } from './index.ts';
import { groupSize } from './write-groups.ts';

const write = (ids: string[], newEdits = true) => ({ newEdits, drafts: ids.map((_id) => ({ _id })) });

describe('writes that wait', () => {
  it('go together when they are about different documents', () => {
    expect(groupSize([write(['a']), write(['b', 'c']), write(['d'])])).toBe(3);
    expect(groupSize([])).toBe(0);
  });

  it('wait for the next turn when an earlier one is about the same document, and so do those behind', () => {
    expect(groupSize([write(['a']), write(['b']), write(['a']), write(['c'])])).toBe(2);
  });

  it('are alike: replication and new edits do not mix, and a design document goes alone', () => {
    expect(groupSize([write(['a']), write(['b'], false)])).toBe(1);
    expect(groupSize([write(['a']), write(['_design/x']), write(['b'])])).toBe(1);
    expect(groupSize([write(['_design/x']), write(['b'])])).toBe(1);
  });

  it('are no more than an ordinary bulk request, and one larger than that goes by itself', () => {
    const many = Array.from({ length: 500 }, (_, index) => `doc-${index}`);
    expect(groupSize([write(many), write(['a'])])).toBe(1);
    expect(groupSize(Array.from({ length: 500 }, (_, index) => write([`doc-${index}`])))).toBe(200);
  });
});

describe('at the store', () => {
  let store: EmbeddedStore;
  let dataDir = '';
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Basic ${btoa('admin:secret')}`, 'content-type': 'application/json' };
    const response = await fetch(`${store.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }; // CouchDB's form, compared below
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'darasa-groups-'));
    store = await startEmbeddedStore({ dataDir, admin: { name: 'admin', password: 'secret' } });
    await ask('PUT', '/school');
    const rules = "function (doc) { if (doc.bad) throw { forbidden: 'bad' }; }";
    await ask('PUT', '/school/_design/rules', { validate_doc_update: rules });
  });
  afterAll(async () => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('each of many writes at once gets its own answer, and one of those for the same document wins', async () => {
    const all = Array.from({ length: 60 }, (_, index) => ({ index, id: `d-${index % 30}`, bad: index % 10 === 9 }));
    const answers = await Promise.all(all.map(({ index, id, bad }) => ask('PUT', `/school/${id}`, { index, ...(bad ? { bad } : {}) })));
    for (const { index, id, bad } of all) {
      const { status, json } = answers[index] ?? { status: 0, json: {} };
      if (bad) expect([status, json['reason']]).toEqual([403, 'bad']);
      else if (status === 201) expect((await ask('GET', `/school/${id}`)).json).toMatchObject({ index, _rev: json['rev'] });
      else expect(status).toBe(409);
    }
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(27);
  });

  it('a revision that cannot be stored fails by itself', async () => {
    const good = Array.from({ length: 8 }, (_, index) => ({ _id: `r-${index}`, _rev: `1-${String(index).repeat(32)}` }));
    const broken = { _id: 'r-broken', _rev: `1-${'a'.repeat(32)}`, _attachments: { x: { content_type: 'text/plain', data: '!' } } };
    const answers = await Promise.all([...good, broken].map((doc) => ask('POST', '/school/_bulk_docs', { docs: [doc], new_edits: false })));
    expect(answers.slice(0, 8).map(({ status }) => status)).toEqual(good.map(() => 201));
    for (const { _id, _rev } of good) expect((await ask('GET', `/school/${_id}`)).json).toMatchObject({ _rev });
  });
});
