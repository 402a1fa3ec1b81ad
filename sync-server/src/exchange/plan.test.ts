import { EMPTY_ROOT, readRequest, writeRequest } from '@darasa/shared/sync';
import { describe, expect, it } from 'vitest';
import { FeedIndex } from '../feed/index/feed-index.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type ExchangePlan, planExchange } from './plan.ts';

const readable = { partitions: new Set(['public', 'learner-ada']), kinds: new Set() } as unknown as Parameters<typeof planExchange>[2]; // ids as literals

function school(documents: number) {
  const index = new FeedIndex();
  const types = ['lesson-event', 'progress', 'attempt', 'feedback'];
  for (let i = 0; i < documents; i += 1) {
    index.set(`learner-ada:${types[i % 4]}:${i}`, ['1-a']);
    index.set(`learner-ben:${types[i % 4]}:${i}`, ['1-a']);
  }
  return { index, epoch: 'e1' };
}

function plan(
  built: ReturnType<typeof school>,
  cursor: string | null,
  root = EMPTY_ROOT,
  pushed = new Map<string, Set<string>>(),
): ExchangePlan {
  return planExchange(readRequest(writeRequest({ cursor, root }, [])), built, readable, pushed);
}

describe('a reply in pieces', () => {
  it('sends each document once, in order, though others change meanwhile (X10)', () => {
    const built = school(100);
    const sent: string[] = [];
    let cursor: string | null = null;
    for (let piece = 0; piece < 100; piece += 1) {
      const next = plan(built, cursor, cursor === null ? EMPTY_ROOT : 'f'.repeat(16));
      if (next.pending.length === 0 && next.complete) break;
      const count = Math.min(7, next.pending.length);
      sent.push(...next.leaves(0, count).map(({ id, rev }) => `${id} ${rev}`));
      cursor = next.cursorAfter(count);
      if (piece === 3) built.index.set('learner-ada:progress:1', ['2-b']);
      if (piece === 5) built.index.set('learner-ada:lesson-event:96', ['2-b']);
    }
    expect(new Set(sent).size).toBe(sent.length);
    expect(sent).toHaveLength(101);
    expect(sent.slice(0, 25).every((leaf) => leaf.includes(':progress:'))).toBe(true);
    expect(sent.at(-1)).toBe('learner-ada:lesson-event:96 2-b');
  });

  it('has nothing of other partitions', () => {
    expect(
      plan(school(10), null)
        .leaves(0, 100)
        .every(({ id }) => id.startsWith('learner-ada:')),
    ).toBe(true);
  });
});

describe('what came with the request', () => {
  it('is not sent back, unless the school has another leaf of it (X6)', () => {
    const built = school(2);
    const cursor = plan(built, null).cursorAfter(2);
    built.index.set('learner-ada:attempt:new', ['1-c']);
    built.index.set('learner-ada:progress:1', ['1-a', '1-d']);
    const pushed = new Map([
      ['learner-ada:attempt:new', new Set(['1-c'])],
      ['learner-ada:progress:1', new Set(['1-d'])],
    ]);
    expect(
      plan(built, cursor, 'f'.repeat(16), pushed)
        .leaves(0, 9)
        .map(({ id }) => id),
    ).toEqual(['learner-ada:progress:1', 'learner-ada:progress:1']);
  });
});

describe('a cursor', () => {
  it('is read back, by the epoch and for the partitions that it was written for (X2)', () => {
    for (const part of [null, { high: 123_456, rank: 3, ordinal: 99 }]) {
      const cursor = { epoch: 'abc', access: '0123456789abcdef', base: 77, part };
      const text = writeCursor(cursor);
      expect(readCursor(text, 'abc', '0123456789abcdef')).toEqual(cursor);
      expect(readCursor(text, 'other', '0123456789abcdef')).toBeNull();
      expect(readCursor(text, 'abc', 'fedcba9876543210')).toBeNull();
    }
  });

  it.each([null, '', 'abc', 'abc.x', 'abc.x.', 'abc.x.-1', 'abc.x.1.2', 'abc.x.1.2.3.4.5', 'abc.x.1,5', 'abc.x.zzzzzzzzzzz'])(
    'that is none is unknown: %s',
    (text) => {
      expect(readCursor(text, 'abc', 'x')).toBeNull();
    },
  );

  it('that is unknown has the two compare, and gives nothing away (X2)', () => {
    const next = plan(school(3), 'other.x.1', 'f'.repeat(16));
    expect(next).toMatchObject({ compare: true, pending: [] });
    expect(next.cursorAfter(0)).toBeNull();
    expect(next.lines[0]?.[0]).toBe('p');
  });
});

describe('a comparison', () => {
  const everyLearner = { partitions: new Set(['public']), kinds: new Set(['learner']) } as unknown as Parameters<typeof planExchange>[2]; // ids as literals
  const compared = (readers: typeof readable) =>
    planExchange(
      readRequest(writeRequest({ cursor: null, root: 'f'.repeat(16) }, [['l', 'learner-zoe', null, '0123456789abcdef']])),
      school(4),
      readers,
      new Map(),
    );

  it('says that nothing is held of a partition that was purged, to whom its whole kind is open (D6)', () => {
    expect(compared(everyLearner).lines).toEqual([['x', 'learner-zoe', '0123456789abcdef']]);
  });

  it('says nothing of a partition that is not the person’s (X8)', () => {
    expect(compared(readable).lines).toEqual([]);
  });
});
