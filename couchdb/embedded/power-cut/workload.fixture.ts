import { writeSync } from 'node:fs';
import { startEmbeddedStore } from '../index.ts';

/** What the store acknowledged. Each is said as one line as soon as the answer is there. */
export type Acknowledged =
  | { readonly database: string; readonly id: string; readonly rev: string }
  | { readonly database: string; readonly purged: string }
  | { readonly database: string; readonly role: string };

const admin = { name: 'admin', password: 'secret' };

/** Run in a process of its own: a school's morning in small. Databases are opened and closed again and again, because only one stays open. */
async function work(dataDir: string): Promise<void> {
  const store = await startEmbeddedStore({ dataDir, admin, maxOpenDatabases: 1 });
  const say = (line: Acknowledged): void => {
    writeSync(1, `${JSON.stringify(line)}\n`);
  };
  async function ask(method: string, path: string, body: unknown): Promise<unknown> {
    const headers = { authorization: `Basic ${btoa('admin:secret')}`, 'content-type': 'application/json' };
    const response = await fetch(`${store.url}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response.json();
  }
  async function school(database: string): Promise<void> {
    await ask('PUT', `/${database}`, {});
    await ask('PUT', `/${database}/_security`, { members: { roles: [database] } });
    say({ database, role: database });
    for (let round = 0; round < 12; round++) {
      const docs = Array.from({ length: 10 }, (_, n) => ({ _id: `${round}-${n}`, text: `${database} ${round} ${n} `.repeat(60) }));
      const written = await ask('POST', `/${database}/_bulk_docs`, { docs });
      // CouchDB's answers from here on.
      for (const { id, rev } of written as { id: string; rev: string }[]) say({ database, id, rev });
      const { rev } = (await ask('PUT', `/${database}/_local/place-${round}`, { seq: round })) as { rev: string };
      say({ database, id: `_local/place-${round}`, rev });
      const [first] = written as { id: string; rev: string }[];
      if (round % 4 !== 3 || first === undefined) continue;
      await ask('POST', `/${database}/_purge`, { [first.id]: [first.rev] });
      say({ database, purged: first.id });
    }
  }
  await Promise.all(['school-a', 'school-b'].map(school));
  await store.close();
}

await work(process.argv[2] ?? '');
