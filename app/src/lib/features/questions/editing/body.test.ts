import { expect, test } from 'vitest';
import { freeId, linesOf, moved, numberOf, rowsOf, withMembers } from './body.ts';

test('rows are read from whatever a draft holds', () => {
  expect(rowsOf([{ id: 'a', text: 'One' }, { text: 'no id' }, 'nothing', { id: 'b' }])).toEqual([
    { id: 'a', text: 'One' },
    { id: 'b', text: '' },
  ]);
  expect(rowsOf(undefined)).toEqual([]);
});

test('numbers are read with a comma or a dot, and nothing else is one', () => {
  expect(['2,5', ' 2.5 ', '', 'two'].map(numberOf)).toEqual([2.5, 2.5, undefined, undefined]);
});

test('a new row gets an id that no other has', () => {
  expect(freeId(['a', 'b', 'd'])).toBe('c');
});

test('lines that say nothing are left out, and members that are undefined', () => {
  expect(linesOf('one\n\n two ')).toEqual(['one', 'two']);
  expect(withMembers({ kind: 'essay', minWords: 3 }, { minWords: undefined, prompt: '?' })).toEqual({ kind: 'essay', prompt: '?' });
});

test('a row moves by one place and no farther than the ends', () => {
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
});
