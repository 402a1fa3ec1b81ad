import { personFrom, validateWrite } from '@darasa/shared/rules';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoSchool, demoAccounts } from '../src/demo/index.ts';
import { fullDemoAccounts } from '../src/demo/people/demo-accounts.ts';
import { deleteDocument, readDocument, type StoredDocument, writeDocument } from '../src/provisioning/couch-documents.ts';
import { type CouchAdmin, findAccountId, SERVER_DATABASE, schoolDatabase } from '../src/provisioning/index.ts';
import { openProvisionedStore, type ProvisionedStore } from './provisioned-store.ts';

const database = schoolDatabase('greenhill');
let store: ProvisionedStore;
let couch: CouchAdmin;
let ownsSchool = false;

/** Everything that the demo school leaves on a server. */
async function erase(): Promise<void> {
  await couch.request('DELETE', `/${database}`, { accept: [404] });
  const reservations = demoAccounts.map(({ username }) => `username:greenhill:${username}`);
  for (const id of ['demo:greenhill', 'school:greenhill', ...reservations]) await remove(SERVER_DATABASE, id);
  for (const { id } of fullDemoAccounts) await remove('_users', `org.couchdb.user:${id}`);
}

async function remove(from: string, id: string): Promise<void> {
  const found = await readDocument(couch, from, id);
  if (found !== null) await deleteDocument(couch, from, id, found._rev);
}

async function everything(): Promise<StoredDocument[]> {
  const { body } = await couch.request('GET', `/${database}/_all_docs`, { query: { include_docs: 'true' } });
  return (body as { rows: { doc: StoredDocument }[] }).rows.map(({ doc }) => doc); // CouchDB's own form of the answer
}

beforeAll(async () => {
  store = await openProvisionedStore();
  couch = store.couch;
  if ((await readDocument(couch, SERVER_DATABASE, 'demo:greenhill')) !== null) {
    throw new Error(`${couch.url} has a demo school already, which this contract would delete: use a CouchDB that has none`);
  }
  ownsSchool = true;
});

afterAll(async () => {
  if (ownsSchool) await erase();
  await store.close();
});

describe('the demo school', () => {
  it('is completed after it was interrupted, as it would have been without', async () => {
    await createDemoSchool(couch);
    const whole = await everything();
    // As if the process had ended half way: some documents (CouchDB purges at most 100), an account and the mark are missing.
    const mark = await readDocument(couch, SERVER_DATABASE, 'demo:greenhill');
    await writeDocument(couch, SERVER_DATABASE, { ...mark, _id: 'demo:greenhill', completedAt: null });
    const lost = whole.filter(({ _id }, i) => i % 16 === 0 && !_id.startsWith('_design/'));
    await couch.request('POST', `/${database}/_purge`, { body: Object.fromEntries(lost.map(({ _id, _rev }) => [_id, [_rev]])) });
    const [amina] = fullDemoAccounts;
    await remove('_users', `org.couchdb.user:${amina?.id}`);

    expect(await createDemoSchool(couch)).toMatchObject({ created: true });
    const again = await everything();
    const bodies = (documents: readonly StoredDocument[]) => documents.map(({ _rev, ...body }) => body);
    expect(bodies(again)).toEqual(bodies(whole));
  });

  it('is left alone once it is complete', async () => {
    const before = await everything();
    expect(await createDemoSchool(couch)).toEqual({ created: false, refused: [] });
    expect(await everything()).toEqual(before);
  });

  it.each(demoAccounts)('lets $username in with the password that is printed', async ({ username, password }) => {
    const id = await findAccountId(couch, 'greenhill', username);
    const response = await fetch(`${couch.url}/_session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: id, password }),
    });
    expect(response.status).toBe(200);
  });

  it('holds conflicts that were resolved, and none that is open', async () => {
    const { body } = await couch.request('GET', `/${database}/_all_docs`, { query: { include_docs: 'true', conflicts: 'true' } });
    const rows = (body as { rows: { doc: StoredDocument }[] }).rows; // CouchDB's own form of the answer
    expect(rows.filter(({ doc }) => doc['_conflicts'] !== undefined)).toEqual([]);
    const progress = rows.filter(({ doc }) => doc['type'] === 'progress');
    const merged = progress.filter(({ doc }) => String(doc._rev).startsWith('3-'));
    expect(merged).toHaveLength(2);
  });

  it('holds no document whose structure the rules would refuse', async () => {
    const root = personFrom('root', ['_admin']);
    const refused = (await everything())
      .filter(({ _id }) => !_id.startsWith('_design/'))
      .map((document) => ({ id: document._id, refusal: validateWrite(document, null, root) }))
      .filter(({ refusal }) => refusal !== null);
    expect(refused).toEqual([]);
  });
});
