import { expect, test } from 'vitest';
import { leavesWithout, revisionsOf } from './branches.ts';

const long = { rev: '3-c', ancestors: ['b', 'a'] };
const rival = { rev: '2-x', ancestors: ['a'] };

test('a branch is named from its leaf down, as far as its history is known (I2)', () => {
  expect(revisionsOf(long)).toEqual(['3-c', '2-b', '1-a']);
  expect(revisionsOf({ rev: '9-c', ancestors: ['b'] })).toEqual(['9-c', '8-b']);
});

test('without refused revisions a document has the leaves below them (D7)', () => {
  expect(leavesWithout([long, rival], new Set())).toEqual(['2-x', '3-c']);
  expect(leavesWithout([long, rival], new Set(['3-c']))).toEqual(['2-b', '2-x']);
  // What is below is below the other branch too, so it is no leaf.
  expect(leavesWithout([long, rival], new Set(['3-c', '2-b']))).toEqual(['2-x']);
  expect(leavesWithout([long], new Set(['3-c', '2-b', '1-a']))).toEqual([]);
});
