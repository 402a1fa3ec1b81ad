import { type ValidationCase, type Verdict, validationTable } from '@darasa/shared/fixtures';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { designSource } from '../src/design/design-source.ts';
import { documentPath, readDocument, writeDocument } from '../src/provisioning/couch-documents.ts';
import { schoolMembersOnly, setSecurity } from '../src/provisioning/database.ts';
import { installDesignDocument } from '../src/provisioning/design-documents.ts';
import type { CouchReply } from '../src/provisioning/index.ts';
import { freshSlug, openProvisionedStore, type ProvisionedStore } from './provisioned-store.ts';
import { type TokenMaker, tokenMaker } from './token-maker.ts';

/**
 * The table of decided writes, each made as the person it names, with a token that the store itself verifies and no proxy
 * before it: the database's own lock on the door.
 */

const WAYS = ['one document', 'a bulk write', 'a bulk write with new_edits=false'] as const;
type Way = (typeof WAYS)[number];

/** Cases about the same document go to different databases, so that each finds just what its `oldDoc` says. */
function inRounds(cases: readonly ValidationCase[]): ValidationCase[][] {
  const rounds: ValidationCase[][] = [];
  for (const each of cases) {
    const free = rounds.find((round) => round.every((other) => other.newDoc['_id'] !== each.newDoc['_id']));
    if (free === undefined) rounds.push([each]);
    else free.push(each);
  }
  return rounds;
}

let store: ProvisionedStore;
let tokens: TokenMaker;
const run = freshSlug('rules');

beforeAll(async () => {
  store = await openProvisionedStore();
  tokens = await tokenMaker(store.couch, run);
});

afterAll(async () => {
  await tokens.close();
  await store.close();
});

describe.each(WAYS)('the rules that the database enforces, %s', (way) => {
  // A document that says which revision it replaces, without naming it, can only come from replication.
  const possible = validationTable.filter(({ hidesHistory }) => hidesHistory === undefined || way === WAYS[2]);

  describe.each(inRounds(possible).map((cases, i) => ({ cases, round: i + 1 })))('database $round', ({ cases, round }) => {
    const database = `school-${run}-${WAYS.indexOf(way)}-${round}`;

    beforeAll(async () => {
      await store.couch.request('PUT', `/${database}`, { query: { q: '1' } });
      const { designDocuments } = await designSource();
      for (const document of designDocuments.filter(({ _id }) => _id === '_design/rules'))
        await installDesignDocument(store.couch, database, document);
      await setSecurity(store.couch, database, schoolMembersOnly('greenhill'));
    });
    afterAll(async () => {
      await store.couch.request('DELETE', `/${database}`);
    });

    it.each(cases)('$expected: $name', async (each) => {
      expect(await decide(database, way, each)).toBe(each.expected);
    });
  });
});

async function decide(database: string, way: Way, { newDoc, oldDoc, hidesHistory, userCtx }: ValidationCase): Promise<Verdict | string> {
  const before = await putInPlace(database, hidesHistory?.stored ?? oldDoc);
  const id = String(newDoc['_id']);
  const headers = await headersOf(userCtx);
  // What was deleted is written again as what is new, without a revision.
  const on = before === null || oldDoc?.['_deleted'] === true ? {} : { _rev: before };
  switch (way) {
    case 'one document':
      return verdictOf(await send('PUT', documentPath(database, id), { ...on, ...newDoc }, headers));
    case 'a bulk write':
      return verdictOf(await send('POST', `/${database}/_bulk_docs`, { docs: [{ ...on, ...newDoc }] }, headers));
    case 'a bulk write with new_edits=false': {
      const doc = hidesHistory === undefined ? { ...newDoc, ...child(before) } : newDoc;
      return verdictOf(await send('POST', `/${database}/_bulk_docs`, { docs: [doc], new_edits: false }, headers));
    }
    default:
      return way satisfies never;
  }
}

/** Puts the document in place as a server admin; answers its revision. */
async function putInPlace(database: string, doc: ValidationCase['oldDoc']): Promise<string | null> {
  if (doc === null) return null;
  const outcome = await writeDocument(store.couch, database, { ...doc, _id: String(doc['_id']) });
  if (outcome === 'conflict') throw new Error(`${String(doc['_id'])} is there already`);
  return outcome.rev;
}

const NEW_REVISION = 'd'.repeat(32);

/** The revision that replication would bring: a child of the stored one, or a first. */
function child(before: string | null): Record<string, unknown> {
  const [generation = '0', hash] = before?.split('-') ?? [];
  const start = Number(generation) + 1;
  return { _rev: `${start}-${NEW_REVISION}`, _revisions: { start, ids: hash === undefined ? [NEW_REVISION] : [NEW_REVISION, hash] } };
}

type Headers = Readonly<Record<string, string>>;

async function headersOf({ name, roles }: ValidationCase['userCtx']): Promise<Headers | 'server admin'> {
  if (roles.includes('_admin')) return 'server admin';
  return name === null ? {} : { authorization: await tokens.authorization(name, roles) };
}

async function send(method: string, path: string, body: unknown, headers: Headers | 'server admin'): Promise<CouchReply> {
  if (headers === 'server admin') return store.couch.request(method, path, { body, accept: [400, 401, 403, 409] });
  const response = await fetch(`${store.couch.url}${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

const bulkRows = v.array(v.looseObject({ error: v.optional(v.string()), reason: v.optional(v.string()) }));

function verdictOf({ status, body }: CouchReply): Verdict | string {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  const rows = v.safeParse(bulkRows, body);
  const error = rows.success ? rows.output.find((row) => row.error !== undefined)?.error : undefined;
  if (error !== undefined) return error;
  return status < 300 ? 'accepted' : `${status} ${JSON.stringify(body)}`;
}

describe('what only a server admin may do', () => {
  const database = `school-${run}-admins`;
  beforeAll(async () => {
    await store.couch.request('PUT', `/${database}`);
    await setSecurity(store.couch, database, schoolMembersOnly('greenhill'));
  });
  afterAll(async () => {
    await store.couch.request('DELETE', `/${database}`);
  });

  it.each(['admin', 'operator', 'teacher'])('kind %s: writes no design document', async (kind) => {
    const headers = { authorization: await tokens.authorization('head', ['school:greenhill', kind]) };
    const design = { language: 'javascript', views: {} };
    expect((await send('PUT', `/${database}/_design/own`, design, headers)).status).toBe(403);
    const bulk = await send('POST', `/${database}/_bulk_docs`, { docs: [{ _id: '_design/own', ...design }] }, headers);
    expect(verdictOf(bulk)).toBe('forbidden');
    expect(await readDocument(store.couch, database, '_design/own')).toBeNull();
  });

  it('nobody of another school gets in', async () => {
    const headers = { authorization: await tokens.authorization('ada', ['school:elsewhere', 'admin']) };
    const response = await fetch(`${store.couch.url}/${database}/_all_docs`, { headers });
    expect(response.status).toBe(403);
  });
});
