import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { packedReply } from './packed-reply.ts';

const FIRST = `["d","${'first '.repeat(200)}"]\n["c","place",1]\n`;

test.each([
  ['br', createBrotliDecompress],
  ['gzip', createGunzip],
] as const)('X10 what was read first is with the device before the rest was read (%s)', async (encoding, unpacker) => {
  let goOn = (): void => undefined;
  const unread = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const lines = async function* (): AsyncGenerator<string> {
    for (const line of FIRST.split('\n').slice(0, 2)) yield `${line}\n`;
    await unread;
    yield '["e"]\n';
  };
  const reply = await packedReply(lines(), encoding, () => undefined);
  const unpacked = unpacker();
  let text = '';
  const first = new Promise<void>((resolve) => {
    unpacked.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.length >= FIRST.length) resolve();
    });
  });
  const reading = (async () => {
    for await (const chunk of reply.body ?? []) unpacked.write(chunk);
  })();
  await first;
  expect(text).toBe(FIRST);
  goOn();
  await reading;
});
