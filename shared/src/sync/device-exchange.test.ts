import { expect, test } from 'vitest';
import { exchangeWithSchool } from './device-exchange.ts';
import type { DeviceStorage } from './device-storage.ts';
import { EMPTY_ROOT } from './digest.ts';
import { type ReplyLine, writeReplyLine } from './reply.ts';

/** A device that holds nothing and takes whatever comes. */
const empty: DeviceStorage = {
  position: async () => null,
  remember: async () => undefined,
  digests: async () => [],
  documents: async () => [],
  unsent: async () => [],
  sent: async () => undefined,
  refused: async () => undefined,
  apply: async () => undefined,
  drop: async () => undefined,
  missingAtSchool: async () => undefined,
};

const lines: readonly ReplyLine[] = [
  ['p', [], []],
  ['c', 'e1.place.1', 0],
  ['e', 'done', 'e1.place.1', EMPTY_ROOT, 0],
];

test('a reply proves nothing before its end has come, whatever it said before (X9)', async () => {
  for (let whole = 0; whole <= lines.length; whole += 1) {
    const outcome = exchangeWithSchool(empty, async function* () {
      for (const line of lines.slice(0, whole)) yield writeReplyLine(line).trimEnd();
    });
    if (whole === lines.length) expect(await outcome).toMatchObject({ state: 'proved', exchanges: 1 });
    else await expect(outcome).rejects.toThrow('broke off');
  }
});
