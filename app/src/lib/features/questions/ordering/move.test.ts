import { describe, expect, it } from 'vitest';
import { inOrderOf, moved } from './move.ts';

const items = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
const ids = (list: readonly { readonly id: string }[]): string => list.map(({ id }) => id).join('');

describe('items to put in order', () => {
  it('move to any place, and stay where there is none', () => {
    expect(ids(moved(items, 0, 2))).toBe('bcad');
    expect(ids(moved(items, 3, 0))).toBe('dabc');
    expect(ids(moved(items, 1, 1))).toBe('abcd');
    expect(ids(moved(items, 0, -1))).toBe('abcd');
    expect(ids(moved(items, 3, 4))).toBe('abcd');
  });

  it('stand as they were answered, those left out last', () => {
    expect(ids(inOrderOf(items, ['d', 'b']))).toBe('dbac');
    expect(ids(inOrderOf(items, []))).toBe('abcd');
  });
});
