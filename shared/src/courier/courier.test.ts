import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ExchangeDocument, fromBlock } from '../sync/index.ts';
import { type Bytes, joined } from './bytes.ts';
import { inPieces, type TestReader, type TestSender, testReader, testSender } from './courier.fixture.ts';
import { CourierProblem, type CourierProblemId } from './courier-problem.ts';
import { type CourierLine, documentLines } from './lines.ts';
import { CourierFile, type CourierReader } from './read-courier.ts';
import { type CourierContent, writeCourier } from './write-courier.ts';

let sender: TestSender;
let school: TestReader;
let hub: TestReader;
let stranger: TestReader;

beforeAll(async () => {
  [sender, school, hub, stranger] = await Promise.all([testSender(), testReader(), testReader(), testReader()]);
});

const headerOf = (documents: number): CourierContent['header'] => ({
  school: 'greenhill',
  serial: 'abcdefghjkmnpqrstvwxyz01',
  purpose: 'work',
  madeAt: '2026-01-31T08:00:00.000Z',
  from: { kind: 'device', accountId: 'ada', key: sender.publicKey, pass: 'a.b.c', answerTo: school.key },
  to: ['greenhill'],
  documents,
});

async function fileOf(docs: readonly ExchangeDocument[], others: Partial<CourierContent> = {}): Promise<Bytes> {
  const pieces: Bytes[] = [];
  const content = { header: headerOf(docs.length), recipients: [school, hub], lines: documentLines(docs), sign: sender.sign, ...others };
  for await (const piece of writeCourier(content)) pieces.push(piece);
  return joined(...pieces);
}

async function read(file: Bytes, { size = 1_000, ...others }: Partial<CourierReader> & { readonly size?: number } = {}) {
  const opened = await CourierFile.open(inPieces(file, size));
  const lines: CourierLine[] = [];
  for await (const line of opened.lines({ signer: sender.verifyingKey, keys: [school.opening], ...others })) lines.push(line);
  const docs = lines.flatMap((line) => (line[0] === 'd' ? fromBlock(line) : []));
  return { header: opened.header, lines, docs };
}

async function problemOf(reading: Promise<unknown>): Promise<CourierProblemId | null> {
  try {
    await reading;
    return null;
  } catch (error) {
    if (error instanceof CourierProblem) return error.id;
    throw error;
  }
}

const body = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,8}$/),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string())),
  { maxKeys: 5 },
);
const doc: fc.Arbitrary<ExchangeDocument> = fc.record({
  id: fc.stringMatching(/^learner-[a-z]{1,5}:attempt:[a-z0-9]{1,8}$/),
  rev: fc.stringMatching(/^[1-9]-[0-9a-f]{8}$/),
  ancestors: fc.array(fc.stringMatching(/^[0-9a-f]{8}$/), { maxLength: 3 }),
  body,
});
const sorted = (docs: readonly ExchangeDocument[]): string[] => docs.map((each) => JSON.stringify(each)).sort();

/** So much that it has several pieces, and nothing of it can be packed. */
const large = (): ExchangeDocument[] =>
  Array.from({ length: 5 }, (_, at) => ({
    id: `course-maths:lesson:l${at}`,
    rev: '1-aa',
    ancestors: [],
    body: { text: randomBytes(150_000).toString('base64') },
  }));

describe('a courier file', () => {
  it('brings the documents that were put in, to each of its readers, in whatever pieces it is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(doc, { maxLength: 30 }), fc.integer({ min: 1, max: 5_000 }), async (docs, size) => {
        const file = await fileOf(docs);
        for (const keys of [[school.opening], [stranger.opening, hub.opening]]) {
          const { header, docs: brought } = await read(file, { keys, size });
          expect(sorted(brought)).toEqual(sorted(docs));
          expect(header).toMatchObject(headerOf(docs.length));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('brings more than fits into one piece', async () => {
    const docs = large();
    expect((await read(await fileOf(docs), { size: 65_536 })).docs).toEqual(docs);
  });

  it('is opened by nobody else, with the reason', async () => {
    expect(await problemOf(read(await fileOf([]), { keys: [stranger.opening] }))).toBe('not-for-us');
  });

  it('shows nothing of its documents to who cannot open it', async () => {
    const text = Buffer.from(
      await fileOf([{ id: 'learner-ada:note:one', rev: '1-aa', ancestors: [], body: { secret: 'baobab' } }]),
    ).toString('latin1');
    expect(text).not.toContain('baobab');
    expect(text).not.toContain('learner-ada');
  });

  it('is refused when somebody else signed it, with the reason', async () => {
    const other = await testSender();
    expect(await problemOf(read(await fileOf([]), { signer: other.verifyingKey }))).toBe('forged');
  });

  it('is refused when it has a newer form, or is no courier file, with the reason', async () => {
    const file = await fileOf([]);
    const text = Buffer.from(file).toString('latin1');
    const as = (first: string): Bytes => new Uint8Array(Buffer.from(text.replace('darasa-courier/1', first), 'latin1'));
    expect(await problemOf(read(as('darasa-courier/2')))).toBe('version');
    expect(await problemOf(read(as('darasa-courier/x')))).toBe('damaged');
    expect(await problemOf(read(new Uint8Array(Buffer.from('PK\u0003\u0004 a zip'))))).toBe('no-courier');
    expect(await problemOf(read(new Uint8Array()))).toBe('no-courier');
  });
});

describe('a damaged courier file', () => {
  it('is refused with the reason wherever it was cut off', async () => {
    const docs = [{ id: 'learner-ada:note:one', rev: '1-aa', ancestors: [], body: { text: 'one' } }];
    const file = await fileOf(docs);
    const refusals = new Set<string>();
    for (let length = 0; length < file.length; length += 1) {
      const problem = await problemOf(read(file.slice(0, length)));
      expect([length, problem]).not.toEqual([length, null]);
      refusals.add(String(problem));
    }
    expect([...refusals].sort()).toEqual(['cut-off', 'no-courier']);
  });

  it('is refused whichever byte has a bit flipped', async () => {
    const file = await fileOf([{ id: 'learner-ada:note:one', rev: '1-aa', ancestors: [], body: { text: 'one' } }]);
    for (let at = 0; at < file.length; at += 1) {
      const flipped = file.slice();
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect([at, await problemOf(read(flipped, { size: file.length }))]).not.toEqual([at, null]);
    }
  }, 30_000);

  it('gives out nothing of a piece that was left out, exchanged or added', async () => {
    const file = await fileOf(large());
    const start = file.indexOf(10, file.indexOf(10) + 1) + 1;
    const pieces: Bytes[] = [];
    for (let at = start; at < file.length; ) {
      const length = 5 + 64 + new DataView(file.buffer, at + 1, 4).getUint32(0);
      pieces.push(file.slice(at, at + length));
      at += length;
    }
    expect(pieces.length).toBeGreaterThan(2);
    const [first, second, ...rest] = pieces as [Bytes, Bytes, ...Bytes[]]; // more than two, see above
    const made = (...parts: Bytes[]): Bytes => joined(file.slice(0, start), ...parts);
    expect(await problemOf(read(made(first, ...rest)))).toBe('forged');
    expect(await problemOf(read(made(second, first, ...rest)))).toBe('forged');
    expect(await problemOf(read(made(first, first, second, ...rest)))).toBe('forged');
    expect(await problemOf(read(made(first, second)))).toBe('cut-off');
    expect(await problemOf(read(made(first, second, ...rest, first)))).toBe('damaged');
    const another = await fileOf(large());
    expect(await problemOf(read(joined(another.slice(0, start), first, second, ...rest)))).not.toBeNull();
  });

  it('keeps its documents from whoever signs its pieces again under a name of their own', async () => {
    const thief = await testSender();
    const file = await fileOf([{ id: 'learner-ada:note:one', rev: '1-aa', ancestors: [], body: { text: 'one' } }]);
    const { header } = await CourierFile.open(inPieces(file, 100));
    const start = file.indexOf(10, file.indexOf(10) + 1) + 1;
    const preamble = new TextEncoder().encode(
      `darasa-courier/1\n${JSON.stringify({ ...header, from: { ...header.from, accountId: 'ben', key: thief.publicKey } })}\n`,
    );
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', preamble));
    const encrypted = file.slice(start + 5 + 64);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', encrypted));
    const position = new Uint8Array(12);
    position[0] = 1;
    const signature = await thief.sign(joined(new TextEncoder().encode('darasa courier 1 chunk\0'), digest, position, hash));
    const forged = joined(preamble, file.slice(start, start + 5), signature, encrypted);
    expect(await problemOf(read(forged, { signer: thief.verifyingKey }))).toBe('damaged');
  });

  it('is refused when it is larger, packed or not, than the place takes', async () => {
    const file = await fileOf(large());
    const limits = { fileBytes: 1e9, lineBytes: 1e9, unpackedBytes: 1e9 };
    expect(await problemOf(read(file, { limits }))).toBeNull();
    for (const limit of ['fileBytes', 'lineBytes', 'unpackedBytes'] as const)
      expect(await problemOf(read(file, { limits: { ...limits, [limit]: 100_000 } }))).toBe('too-large');
  });
});

describe('a line of a courier file', () => {
  it('that a newer program knows is passed over', async () => {
    // A line of a kind that is none here.
    const lines = [
      ['z', 1],
      ['t', [['learner-ada:note:one', '1-aa']]],
    ] as unknown as CourierLine[];
    expect((await read(await fileOf([], { lines }))).lines).toEqual([['t', [['learner-ada:note:one', '1-aa']]]]);
  });

  it('that is broken ends it, with the reason', async () => {
    const lines = [['t', 'nothing']] as unknown as CourierLine[]; // as a maker with an error would write it
    expect(await problemOf(read(await fileOf([], { lines })))).toBe('damaged');
  });
});
