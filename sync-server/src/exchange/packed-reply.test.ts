import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { packedReply } from './packed-reply.ts';

const FIRST = `["d","${'first '.repeat(200)}"]\n`;

test.each([
  ['br', createBrotliDecompress],
  ['gzip', createGunzip],
] as const)('X10 what was read first is with the device before the rest was read (%s)', async (encoding, unpacker) => {
  let goOn = (): void => undefined;
  const unread = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const lines = async function* (): AsyncGenerator<string> {
    yield FIRST;
    await unread;
    yield '["e"]\n';
  };
  const reply = await packedReply(lines(), encoding, () => undefined);
  const unpacked = unpacker();
  const first = new Promise<string>((resolve) => unpacked.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  const reading = (async () => {
    for await (const chunk of reply.body ?? []) unpacked.write(chunk);
  })();
  expect(await first).toBe(FIRST);
  goOn();
  await reading;
});
