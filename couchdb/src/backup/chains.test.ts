import { expect, it } from 'vitest';
import { type BackupFile, chainsOf, needlessChains } from './chains.ts';
import { newBackupCode, readBackupCode } from './code.ts';

const DAY = 86_400_000;
const now = Date.parse('2026-03-02T08:00:00Z');
const file = (id: string, at: number, follows: string | null = null): BackupFile => ({ name: id, id, follows, at });

it('files belong together by what each goes on from, in whatever order they are listed', () => {
  const files = [file('c', 3, 'b'), file('x', 9, 'gone'), file('a', 1), file('later', 5), file('b', 2, 'a')];
  expect(chainsOf(files).map((chain) => chain.files.map(({ id }) => id))).toEqual([['a', 'b', 'c'], ['later']]);
});

it('of a year of daily backups those of the last week stay, and one of each of four weeks before', () => {
  const chains = chainsOf(Array.from({ length: 365 }, (_, day) => file(`${day}`, now - day * DAY)));
  const gone = new Set(needlessChains(chains, now));
  const kept = chains.filter((chain) => !gone.has(chain)).map(({ files }) => Math.round((now - files[0].at) / DAY));
  expect(kept).toEqual([28, 21, 14, 7, 6, 5, 4, 3, 2, 1, 0]);
});

it('the newest two stay, however old they are', () => {
  const chains = chainsOf([file('a', now - 900 * DAY), file('b', now - 800 * DAY), file('c', now - 700 * DAY)]);
  expect(needlessChains(chains, now).map(({ files }) => files[0].id)).toEqual(['a']);
});

it('a code can be typed as it was read from paper', () => {
  const code = newBackupCode((bytes) => bytes.map((_, index) => index * 7));
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/);
  expect(readBackupCode(` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}`)).toBe(code);
  expect(readBackupCode(code.slice(1))).toBeNull();
});
