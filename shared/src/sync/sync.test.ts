import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, DOCUMENTS_IN_BLOCK, fromBlock, toBlocks } from './blocks.ts';
import { afterChange, EMPTY_DIGEST, EMPTY_ROOT, rootOf } from './digest.ts';
import { DigestTable } from './digest-table.ts';
import { bucketOf, documentHash, hexOf } from './document-hash.ts';
import { type ExchangeDocument, fromCouch, toCouch } from './exchange-document.ts';
import { rankOf } from './importance.ts';
import { readReplyLine, writeReplyLine } from './reply.ts';
import { readRequest, writeRequest } from './request.ts';

const hash = fc.stringMatching(/^[0-9a-f]{32}$/);
const rev = fc.tuple(fc.integer({ min: 1, max: 99 }), hash).map(([generation, name]) => `${generation}-${name}`);
const id = fc
  .tuple(
    fc.constantFrom('public', 'class-a', 'learner-ada'),
    fc.constantFrom('job', 'note', 'attempt'),
    fc.stringMatching(/^[a-z0-9]{1,8}$/),
  )
  .map((parts) => parts.join(':'));
const name = fc.oneof(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9 .]{0,6}$/), fc.constantFrom('_deleted', '_attachments', 'constructor'));
const body = fc.dictionary(name, fc.jsonValue(), { maxKeys: 4 });
const document: fc.Arbitrary<ExchangeDocument> = fc.record({ id, rev, ancestors: fc.array(hash, { maxLength: 3 }), body });

describe('the hash of a document', () => {
  it('is the same on every device, today and tomorrow (D1)', () => {
    expect(hexOf(documentHash('learner-ada:profile:me', ['3-0123456789abcdef0123456789abcdef']))).toBe('0774294cdcfe4bc4');
    expect(hexOf(documentHash('class-7a:member:ada', ['2-b', '1-a']))).toBe('f1e244cd1b1a72ed');
    expect(bucketOf('learner-ada:profile:me')).toBe(1);
  });

  it('does not depend on the order of leaves, and tells any two documents apart (D1)', () => {
    fc.assert(
      fc.property(
        id,
        id,
        fc.uniqueArray(rev, { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(rev, { minLength: 1, maxLength: 3 }),
        (a, b, one, other) => {
          expect(documentHash(a, one)).toEqual(documentHash(a, one.toReversed()));
          const same = a === b && [...one].sort().join() === [...other].sort().join();
          expect(hexOf(documentHash(a, one)) === hexOf(documentHash(b, other))).toBe(same);
        },
      ),
    );
  });
});

describe('a digest', () => {
  const changes = fc.array(fc.tuple(id, fc.option(fc.uniqueArray(rev, { minLength: 1, maxLength: 2 }), { nil: null })), { maxLength: 30 });

  it('follows from what is held, by whatever way it came about (D2, D3)', () => {
    fc.assert(
      fc.property(changes, (history) => {
        const table = new DigestTable();
        for (const [each, leaves] of history) table.set(each, leaves);
        const fresh = new DigestTable();
        for (const [each, leaves] of new Map(history.toReversed().map(([key]) => [key, new Map(history).get(key) ?? null])))
          fresh.set(each, leaves);
        expect(rootOf(table.digests())).toBe(rootOf(fresh.digests()));
      }),
    );
  });

  it('forgets what was taken away again (D2)', () => {
    const one = afterChange(EMPTY_DIGEST, 'public:job:a', null, ['1-a']);
    const two = afterChange(one, 'public:job:b', null, ['1-b', '1-c']);
    expect(afterChange(two, 'public:job:b', ['1-c', '1-b'], null)).toEqual(one);
    expect(rootOf([['public', EMPTY_DIGEST]])).toBe(EMPTY_ROOT);
  });
});

describe('documents on the wire', () => {
  it('come out of blocks as they went in (I3)', () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: DOCUMENTS_IN_BLOCK }), (docs) => {
        const text = toBlocks(docs).map((block) => writeReplyLine(block));
        const read = text.flatMap((line) => fromBlock(readReplyLine(line.trimEnd()) as Block));
        const order = (list: readonly unknown[]): unknown[] => list.map((each) => JSON.stringify(each)).sort();
        const asJson: ExchangeDocument[] = JSON.parse(JSON.stringify(docs));
        expect(order(read)).toEqual(order(asJson));
      }),
      { numRuns: 200 },
    );
  });

  it('become CouchDB’s form and come back (I3)', () => {
    fc.assert(
      fc.property(document, (doc) => {
        expect(fromCouch(toCouch(doc))).toEqual(doc);
      }),
    );
  });

  it('never set a member that an object inherits', () => {
    const line = '["d",["__proto__"],["public:job:a"],["1-a"],[{"polluted":true}]]';
    expect(() => readReplyLine(line)).toThrow();
    expect(() => readRequest(`["q",{"cursor":null,"root":"0000000000000000"}]\n${line}`)).toThrow();
  });
});

describe('lines', () => {
  it('of a kind that is not known are skipped in a reply and refused in a request (V3)', () => {
    expect(readReplyLine('["future",1]')).toBeNull();
    expect(() => readRequest(`${writeRequest({ cursor: null, root: EMPTY_ROOT }, [])}\n["future",1]`)).toThrow();
  });

  it('are refused when they describe a partition twice: each description is a reading of the whole partition (X3)', () => {
    const sums = '0'.repeat(64 * 16);
    const question = { cursor: null, root: EMPTY_ROOT };
    expect(
      readRequest(
        writeRequest(question, [
          ['b', 'class-a', sums],
          ['l', 'class-b', [1], ''],
        ]),
      ).listings,
    ).toHaveLength(1);
    expect(() =>
      readRequest(
        writeRequest(question, [
          ['l', 'class-a', [1], ''],
          ['l', 'class-a', [1], ''],
        ]),
      ),
    ).toThrow('once');
    expect(() =>
      readRequest(
        writeRequest(question, [
          ['b', 'class-a', sums],
          ['l', 'class-a', null, ''],
        ]),
      ),
    ).toThrow('once');
  });

  it.each([
    '',
    '{}',
    '[]',
    '[1]',
    '["e"]',
    '["e","done",null,"xyz",0]',
    '["d",["a"],["public:job:a"],["1-a"]]',
    '["d",[],["public:job:a"],["x"]]',
    '["d",["_rev"],["public:job:a"],["1-a"],["1-b"]]',
  ])('that are broken are errors: %s', (line) => {
    expect(() => {
      const read = readReplyLine(line);
      if (read?.[0] === 'd') fromBlock(read);
    }).toThrow();
  });

  it('hold a device to the limits (X3)', () => {
    const { question } = readRequest(writeRequest({ cursor: null, root: EMPTY_ROOT, docs: 1_000_000, wait: 9_999_999 }, []));
    expect(question).toMatchObject({ docs: 2_500, bytes: 4_000_000, wait: 55_000 });
  });
});

it('puts what a screen needs first before the diary (X10)', () => {
  const ranked = [
    'learner-a:contact:x',
    'course-m:lesson:a',
    'learner-a:progress:m',
    'class-a:assignment:b',
    'learner-a:attempt:x',
  ].toSorted((a, b) => rankOf(a) - rankOf(b));
  expect(ranked.map((each) => each.split(':')[1])).toEqual(['progress', 'assignment', 'lesson', 'attempt', 'contact']);
  expect(rankOf('school:constructor:x')).toBe(5);
});
