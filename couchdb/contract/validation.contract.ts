import { beforeAll, describe, expect, it } from 'vitest';
import { type Json, useStore } from './harness.ts';

const store = useStore();
let db = '';
let amina: { name: string; password: string };
let baraka: { name: string; password: string };

const rule = `function (newDoc, oldDoc, userCtx, secObj) {
  var rules = require('lib/rules');
  var problem = rules.check(newDoc, oldDoc, userCtx, secObj);
  if (problem) throw problem;
}`;
const rules = `
var words = require('./words');
exports.check = function (newDoc, oldDoc, userCtx, secObj) {
  if (newDoc.owner !== undefined && newDoc.owner !== userCtx.name) return { forbidden: words.notYours };
  if (oldDoc && oldDoc.frozen) return { forbidden: 'frozen since ' + oldDoc._rev.split('-')[0] };
  if (newDoc.nobody) return { unauthorized: 'nobody may' };
  if (newDoc.crash) return missing.property;
  if (newDoc.odd) return { something: 'else' };
  if (newDoc.probe) return { forbidden: JSON.stringify({
    db: userCtx.db, name: userCtx.name, roles: userCtx.roles, old: oldDoc ? oldDoc.n : oldDoc, isArray: Array.isArray(newDoc.probe) && isArray(newDoc.probe),
    members: secObj.members.roles, rev: newDoc._rev !== undefined, revisions: newDoc._revisions && newDoc._revisions.start, id: newDoc._id, stub: newDoc._attachments,
  }) };
};`;

beforeAll(async () => {
  db = await store.database();
  amina = await store.account(['member', 'learner']);
  baraka = await store.account(['member']);
  await store.call('PUT', `/${db}/_security`, { body: { admins: { names: [], roles: [] }, members: { names: [], roles: ['member'] } } });
  const body = { language: 'javascript', validate_doc_update: rule, lib: { rules, words: "module.exports = { notYours: 'not yours' };" } };
  const made = await store.call('PUT', `/${db}/_design/rules`, { body });
  expect(made.status).toBe(201);
});

const write = (id: string, body: object, as = amina) => store.call('PUT', `/${db}/${id}`, { body, as });
const bulk = (docs: object[], new_edits: boolean, as = amina) => store.call('POST', `/${db}/_bulk_docs`, { body: { docs, new_edits }, as });

describe('validate_doc_update', () => {
  it('lets through what it does not refuse', async () => {
    expect((await write('fine', { owner: amina.name })).status).toBe(201);
  });

  it('refuses with its own words: 403 for forbidden, 401 for unauthorized', async () => {
    const { status, json } = await write('hers', { owner: amina.name }, baraka);
    expect([status, json]).toEqual([403, { error: 'forbidden', reason: 'not yours' }]);
    const nobody = await write('hers', { nobody: true });
    expect([nobody.status, nobody.json]).toEqual([401, { error: 'unauthorized', reason: 'nobody may' }]);
    expect((await store.call('GET', `/${db}/hers`)).status).toBe(404);
  });

  it('sees the person, the database, its rights, and the documents', async () => {
    await write('seen', { n: 1 });
    const rev = (await store.call('GET', `/${db}/seen`)).json._rev;
    const { json } = await write('seen', { _rev: rev, probe: [1] });
    expect(JSON.parse(json.reason)).toEqual({
      db,
      name: amina.name,
      roles: ['member', 'learner'],
      old: 1,
      isArray: true,
      members: ['member'],
      rev: true,
      revisions: 1,
      id: 'seen',
    });
    const fresh = JSON.parse((await write('unseen', { probe: [1] })).json.reason);
    expect([fresh.old, fresh.rev, fresh.revisions]).toEqual([null, false, undefined]);
  });

  it('is asked of admins as well', async () => {
    expect((await store.call('PUT', `/${db}/admins`, { body: { owner: 'somebody' } })).status).toBe(403);
  });

  it('is asked after conflicts, which come first', async () => {
    await write('first', { n: 1 });
    expect((await write('first', { owner: baraka.name })).status).toBe(409);
  });

  it('refuses when it fails itself', async () => {
    for (const body of [{ crash: true }, { odd: true }]) {
      const { status } = await write('failing', body);
      expect(status).toBeGreaterThanOrEqual(400);
      expect((await store.call('GET', `/${db}/failing`)).status).toBe(404);
    }
  });

  it('answers for each document of a bulk in order', async () => {
    const { json } = await bulk([{ _id: 'b1' }, { _id: 'b2', owner: 'x' }, { _id: 'b3' }, { _id: 'b4', nobody: 1 }], true);
    expect(json.map((one: Json) => one.error ?? one.ok)).toEqual([true, 'forbidden', true, 'unauthorized']);
    expect(json[1]).toMatchObject({ id: 'b2', error: 'forbidden', reason: 'not yours' });
  });

  it('is asked for replicated revisions, and only refusals are listed', async () => {
    const docs = [
      { _id: 'r1', _rev: '1-aaa' },
      { _id: 'r2', _rev: '1-aaa', owner: 'x' },
      { _id: 'r3', _rev: '2-bbb', _revisions: { start: 2, ids: ['bbb', 'aaa'] } },
    ];
    const { status, json } = await bulk(docs, false);
    expect([status, json]).toEqual([201, [{ id: 'r2', rev: '1-aaa', error: 'forbidden', reason: 'not yours' }]]);
    expect((await store.call('GET', `/${db}/r2`)).status).toBe(404);
    expect((await store.call('GET', `/${db}/r3`)).status).toBe(200);
  });

  it('sees the revision that a replicated one follows', async () => {
    await bulk([{ _id: 'chain', _rev: '1-aaa', frozen: true }], false);
    const next = { _id: 'chain', _rev: '3-ccc', _revisions: { start: 3, ids: ['ccc', 'bbb', 'aaa'] } };
    expect((await bulk([next], false)).json).toMatchObject([{ id: 'chain', error: 'forbidden', reason: 'frozen since 1' }]);
    const branch = { _id: 'chain', _rev: '1-zzz' };
    expect((await bulk([branch], false)).json).toEqual([]);
  });

  it('guards PUT with new_edits=false, attachments and deletions too', async () => {
    const put = await store.call('PUT', `/${db}/direct?new_edits=false`, { body: { _rev: '1-aaa', owner: 'x' }, as: amina });
    expect(put.status).toBe(403);
    const rev = (await write('cold', { frozen: true })).json.rev;
    expect((await store.call('DELETE', `/${db}/cold?rev=${rev}`, { as: amina })).status).toBe(403);
    const attach = await store.call('PUT', `/${db}/cold/a.bin?rev=${rev}`, {
      raw: 'x',
      headers: { 'content-type': 'image/png' },
      as: amina,
    });
    expect(attach.status).toBe(403);
  });

  it('leaves local documents alone', async () => {
    expect((await store.call('PUT', `/${db}/_local/free`, { body: { owner: 'x' }, as: amina })).status).toBe(201);
  });

  it('shows attachments as stubs', async () => {
    const body = { probe: [1], _attachments: { 'a.bin': { content_type: 'image/png', data: btoa('abc') } } };
    const seen = JSON.parse((await write('with-file', body)).json.reason);
    expect(seen.stub['a.bin']).toMatchObject({ content_type: 'image/png', length: 3, stub: true });
  });

  it('changes with its design document, and several hold together', async () => {
    const own = await store.database({ open: true });
    const validator = (word: string) => `function (newDoc) { if (newDoc.word === '${word}') throw { forbidden: 'no ${word}' }; }`;
    await store.call('PUT', `/${own}/_design/a`, { body: { validate_doc_update: validator('a') } });
    const second = await store.call('PUT', `/${own}/_design/b`, { body: { validate_doc_update: validator('b') } });
    for (const word of ['a', 'b']) expect((await store.call('PUT', `/${own}/${word}`, { body: { word } })).json.reason).toBe(`no ${word}`);
    await store.call('PUT', `/${own}/_design/b`, { body: { _rev: second.json.rev, validate_doc_update: validator('c') } });
    expect((await store.call('PUT', `/${own}/b`, { body: { word: 'b' } })).status).toBe(201);
    expect((await store.call('PUT', `/${own}/c`, { body: { word: 'c' } })).status).toBe(403);
  });
});
