import { pino } from 'pino';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import type { CouchClient } from '../../couch/couch-client.ts';
import type { ChangeListener } from '../school-tail.ts';
import { SchoolIndex } from './school-index.ts';

/** A database as far as an index asks it: a feed and its own numbers. */
class SmallDatabase implements Pick<CouchClient, 'ask'> {
  documents = new Map<string, string>();
  info = { update_seq: '10-xyz', purge_seq: '0-abc', instance_start_time: '1' };
  /** Called before a page of the feed is answered. */
  beforePage: () => void = () => undefined;

  async ask<Schema extends v.GenericSchema>(schema: Schema, _method: string, path: string): Promise<v.InferOutput<Schema>> {
    if (!path.endsWith('_changes')) return v.parse(schema, { ...this.info, doc_count: this.documents.size, doc_del_count: 0 });
    const results = [...this.documents].map(([id, rev]) => ({ id, changes: [{ rev }] }));
    this.beforePage();
    return v.parse(schema, { results, last_seq: this.info.update_seq });
  }
}

class SmallTail {
  readonly listeners = new Set<ChangeListener>();
  subscribe(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  tell(id: string | null, ...leaves: string[]): void {
    for (const listener of this.listeners) listener(id, leaves);
  }
}

const opened: SchoolIndex[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

function open() {
  const [database, tail] = [new SmallDatabase(), new SmallTail()];
  database.documents = new Map([
    ['public:job:a', '1-a'],
    ['public:job:b', '1-b'],
    ['_design/rules', '1-d'],
  ]);
  let epochs = 0;
  const index = (): SchoolIndex => {
    const made = new SchoolIndex(database, 'school-x', tail, () => `e${++epochs}`, pino({ level: 'silent' }));
    opened.push(made);
    return made;
  };
  return { database, tail, index };
}

describe('the index of a school', () => {
  it('is built in the background; what the tail brings meanwhile is newer than what is read (N1)', async () => {
    const { database, tail, index } = open();
    // The page was read already when the tail brings something newer.
    database.beforePage = () => tail.tell('public:job:a', '2-newer');
    const school = index();
    expect(school.built).toBeNull();
    const built = await school.ready(5_000);
    expect(built?.index.leaves('public:job:a')).toEqual(['2-newer']);
    expect(built?.index.leaves('public:job:b')).toEqual(['1-b']);
    expect(built?.index.size).toBe(2);
  });

  it.each([
    ['purged', { purge_seq: '1-abc' }],
    ['made anew', { instance_start_time: '2' }],
  ])('is built again under a new epoch when the database was %s (N3)', async (_, numbers) => {
    const { database, tail, index } = open();
    const school = index();
    expect((await school.ready(5_000))?.epoch).toBe('e1');
    database.documents.delete('public:job:b');
    database.info = { ...database.info, ...numbers };
    tail.tell(null);
    await expect.poll(() => school.built?.epoch).toBe('e2');
    expect(school.built?.index.size).toBe(1);
  });

  it('stays as it is when the tail was lost and nothing else happened (N3)', async () => {
    const { tail, index } = open();
    const school = index();
    await school.ready(5_000);
    tail.tell(null);
    tail.tell('public:job:c', '1-c');
    await new Promise((resolve) => setImmediate(resolve));
    expect(school.built?.epoch).toBe('e1');
    expect(school.built?.index.leaves('public:job:c')).toEqual(['1-c']);
  });

  it('tells whoever waits for a partition, and nobody else (X11)', async () => {
    const { tail, index } = open();
    const school = index();
    await school.ready(5_000);
    const never = new AbortController();
    let woken = '';
    const waiting = (name: string): Promise<void> =>
      school.changeIn(new Set([name]), 60_000, never.signal).then(() => {
        woken += name;
      });
    const both = [waiting('public'), waiting('class-a')];
    tail.tell('public:job:a', '2-a');
    await both[0];
    expect(woken).toBe('public');
    never.abort();
    await both[1];
  });

  it('says which of the documents that were written the tail has not brought (N4)', async () => {
    const { tail, index } = open();
    const school = index();
    await school.ready(5_000);
    const expectation = school.expect(['public:job:x', 'public:job:y']);
    tail.tell('public:job:x', '1-x');
    expect(await expectation.unseen(['public:job:x'], 60_000)).toEqual([]);
    expect(await expectation.unseen(['public:job:x', 'public:job:y'], 1)).toEqual(['public:job:y']);
    expectation.close();
  });
});
