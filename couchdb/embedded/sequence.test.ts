import { expect, it } from 'vitest';
import { CouchError } from './errors.ts';
import { formatSequence, parseSequence } from './sequence.ts';

it('a sequence is read as it was written', () => {
  expect(parseSequence(formatSequence(17, 'life'), 'life', 20)).toBe(17);
});

it('a sequence of another life of the database starts over', () => {
  expect(parseSequence(formatSequence(17, 'earlier'), 'life', 20)).toBe(0);
});

it.each([
  ['now', 20],
  ['"now"', 20],
  ['0', 0],
  ['7', 7],
])('since=%s is understood', (text, expected) => {
  expect(parseSequence(text, 'life', 20)).toBe(expected);
});

it.each(['', 'x', '-1', '1.5', '9'.repeat(20), '{}'])('since=%s is refused', (text) => {
  expect(() => parseSequence(text, 'life', 20)).toThrow(CouchError);
});
