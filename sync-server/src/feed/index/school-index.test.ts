import { pino } from 'pino';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import type { CouchClient, CouchRequest } from '../../couch/couch-client.ts';
import type { ChangeListener } from '../school-tail.ts';
import { CacheBudget } from './document-cache.ts';
import { SchoolIndex } from './school-index.ts';

/** A database as far as an index asks it: a feed, its own numbers, one local document. */
class SmallDatabase implements Pick<CouchClient, 'ask' | 'find' | 'send'> {
  documents = new Map<string, { readonly rev: string; readonly number: number }>();
  info = { purge_seq: '0-abc', instance_start_time: '1' };
  lineage: unknown = null;
  /** Called after a page of the feed was read, before it is answered. */
  afterReading: () => void = () => undefined;
  #number = 0;

  get sequence(): string {
    return `${this.#number}-xyz`;
  }

  write(id: string, rev: string): void {
    this.#number += 1;
    this.documents.delete(id);
    this.documents.set(id, { rev, number: this.#number });
  }

  rowsAfter(sequence: string): { readonly id: string; readonly changes: { readonly rev: string }[]; readonly number: number }[] {
    const rows = [...this.documents].map(([id, { rev, number }]) => ({ id, changes: [{ rev }], number }));
    return rows.filter(({ number }) => number > Number.parseInt(sequence, 10));
  }

  async ask<Schema extends v.GenericSchema>(
    schema: Schema,
    method: string,
    path: string,
    { query = {}, json }: CouchRequest = {},
  ): Promise<v.InferOutput<Schema>> {
    if (!path.endsWith('_changes'))
      return v.parse(schema, { ...this.info, update_seq: this.sequence, doc_count: this.documents.size, doc_del_count: 0 });
    if (method === 'POST') {
      const { doc_ids } = v.parse(v.object({ doc_ids: v.array(v.string()) }), json);
      const named = this.rowsAfter('0').filter(({ id }) => doc_ids.includes(id));
      this.afterReading();
      return v.parse(schema, { results: named, last_seq: this.sequence });
    }
    const results = this.rowsAfter(query['since'] ?? '0').slice(0, Number(query['limit']));
    const last_seq = results.length < Number(query['limit']) ? this.sequence : `${results.at(-1)?.number}-xyz`;
    this.afterReading();
    return v.parse(schema, { results, last_seq });
  }

  async find<Schema extends v.GenericSchema>(schema: Schema): Promise<v.InferOutput<Schema> | null> {
    return this.lineage === null ? null : v.parse(schema, this.lineage);
  }

  async send(_method: string, _path: string, { json }: CouchRequest = {}): Promise<Response> {
    this.lineage = { _rev: '0-1', ...(json as object) }; // the record of a lineage
    return new Response();
  }
}

/** A tail that brings what was written when it is told to. */
class SmallTail {
  readonly #database: SmallDatabase;
  readonly #listeners = new Set<ChangeListener>();
  sequence = '0';

  constructor(database: SmallDatabase) {
    this.#database = database;
  }

  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  continueFrom(sequence: string): void {
    this.sequence = sequence;
  }

  bring(): void {
    for (const { id, changes, number } of this.#database.rowsAfter(this.sequence)) {
      this.sequence = `${number}-xyz`;
      for (const listener of this.#listeners)
        listener(
          id,
          changes.map(({ rev }) => rev),
          false,
        );
    }
  }

  reconnect(): void {
    for (const listener of this.#listeners) listener(null, [], false);
  }
}

const opened: SchoolIndex[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

function open() {
  const database = new SmallDatabase();
  const tail = new SmallTail(database);
  database.write('public:job:a', '1-a');
  database.write('public:job:b', '1-b');
  database.write('_design/rules', '1-d');
  let epochs = 0;
  const index = (): SchoolIndex => {
    const made = new SchoolIndex(database, 'school-x', tail, () => `e${++epochs}`, new CacheBudget(1_000_000), pino({ level: 'silent' }));
    opened.push(made);
    return made;
  };
  return { database, tail, index };
}

describe('the index of a school', () => {
  it('is built in the background; the tail goes on where the reading ended (N1)', async () => {
    const { database, tail, index } = open();
    database.afterReading = () => {
      database.afterReading = () => undefined;
      database.write('public:job:a', '2-newer');
      // Brought before the index is there, and so of no use to it.
      tail.bring();
    };
    const school = index();
    expect(school.built).toBeNull();
    const built = await school.ready(5_000);
    expect(built?.index.leaves('public:job:a')).toEqual(['1-a']);
    tail.bring();
    expect(built?.index.leaves('public:job:a')).toEqual(['2-newer']);
    expect(built?.index.leaves('public:job:b')).toEqual(['1-b']);
    expect(built?.index.size).toBe(2);
    expect(built?.marks.last.sequence).toBe('4-xyz');
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
    tail.reconnect();
    await expect.poll(() => school.built?.epoch).toBe('e2');
    expect(school.built?.index.size).toBe(1);
  });

  it('stays as it is when the tail was lost and nothing else happened (N3)', async () => {
    const { database, tail, index } = open();
    const school = index();
    await school.ready(5_000);
    tail.reconnect();
    database.write('public:job:c', '1-c');
    tail.bring();
    await new Promise((resolve) => setImmediate(resolve));
    expect(school.built?.epoch).toBe('e1');
    expect(school.built?.index.leaves('public:job:c')).toEqual(['1-c']);
  });

  it('tells whoever waits for a partition, and nobody else (X11)', async () => {
    const { database, tail, index } = open();
    const school = index();
    await school.ready(5_000);
    const never = new AbortController();
    let woken = '';
    const waiting = (name: string): Promise<void> =>
      school.changeIn(new Set([name]), 60_000, never.signal).then(() => {
        woken += name;
      });
    const both = [waiting('public'), waiting('class-a')];
    database.write('public:job:a', '2-a');
    tail.bring();
    await both[0];
    expect(woken).toBe('public');
    never.abort();
    await both[1];
  });

  it('waits for what was written before it was asked, until the tail has brought it (N4)', async () => {
    const { database, tail, index } = open();
    const school = index();
    await school.ready(5_000);
    database.write('public:job:x', '1-x');
    database.afterReading = () => setImmediate(() => tail.bring());
    await school.caughtUp();
    expect(school.built?.index.leaves('public:job:x')).toEqual(['1-x']);
    expect(tail.sequence).toBe('4-xyz');
  });

  it('learns it from the database where the tail lags, and whoever asks later gets a later answer (N4)', async () => {
    const { database, tail, index } = open();
    const school = index();
    await school.ready(5_000);
    database.write('public:job:x', '1-x');
    const first = school.caughtUp();
    database.write('public:job:y', '1-y');
    await Promise.all([first, school.caughtUp()]);
    expect(school.built?.index.leaves('public:job:x')).toEqual(['1-x']);
    expect(school.built?.index.leaves('public:job:y')).toEqual(['1-y']);
    expect(tail.sequence).toBe('3-xyz');
  });

  it('keeps what the tail brings while the database is asked: it may be newer than the answer (N4)', async () => {
    const { database, tail, index } = open();
    const school = index();
    await school.ready(5_000);
    database.write('public:job:x', '2-old');
    database.afterReading = () => {
      database.afterReading = () => undefined;
      database.write('public:job:x', '2-new');
      tail.bring();
    };
    await school.learn(['public:job:x']);
    expect(school.built?.index.leaves('public:job:x')).toEqual(['2-new']);
  });

  it('learns all of it where the tail stands still, and asks for no part of it for ever (N4)', async () => {
    const { database, index } = open();
    const school = index();
    await school.ready(5_000);
    for (let number = 0; number < 450; number += 1) database.write(`public:job:x${number}`, '1-x');
    await school.caughtUp();
    expect(school.built?.index.size).toBe(452);
    await school.caughtUp();
  });

  it('notes no place that a client made up beyond the end of the database (S4)', async () => {
    const { database, tail, index } = open();
    const school = index();
    await school.ready(5_000);
    await school.confirm('900-forged');
    expect(await school.lineage.covers('e1', '900-forged')).toBe(false);
    database.write('public:job:x', '1-x');
    tail.bring();
    await school.close();
    expect(await school.lineage.covers('e1', '4-xyz')).toBe(true);
  });

  it('notes in the database how far its places reach: of a restored one they reach no further (S4)', async () => {
    const { database, tail, index } = open();
    const school = index();
    await school.ready(5_000);
    database.write('public:job:x', '1-x');
    tail.bring();
    expect(await school.lineage.covers('e1', '3-xyz')).toBe(true);
    // What was not noted yet is not told either.
    expect(school.built?.marks.before(9)).toBe('3-xyz');
    const backup = database.lineage;
    await school.close();
    expect(await school.lineage.covers('e1', '4-xyz')).toBe(true);
    database.lineage = backup;
    expect(await school.lineage.covers('e1', '4-xyz')).toBe(false);
    expect(await school.lineage.covers('e2', '1-xyz')).toBe(false);
  });
});
