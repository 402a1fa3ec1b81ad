import { describe, expect, it } from 'vitest';
import { choose, chosenOf } from './answer.ts';

describe('an answer by choice', () => {
  it('of several options is taken back with its last one', () => {
    const one = choose('multiple', null, 'a', true);
    expect(one).toEqual({ kind: 'multiple', options: ['a'] });
    expect(choose('multiple', one, 'b', true)).toEqual({ kind: 'multiple', options: ['a', 'b'] });
    expect(choose('multiple', one, 'a', true)).toEqual(one);
    expect(choose('multiple', one, 'a', false)).toBeNull();
  });

  it('of one option, or of true and false, takes the place of the one before', () => {
    expect(choose('single', { kind: 'single', option: 'a' }, 'b', true)).toEqual({ kind: 'single', option: 'b' });
    expect(choose('true-false', null, 'false', true)).toEqual({ kind: 'true-false', value: false });
    expect(chosenOf({ kind: 'true-false', value: false })).toEqual(['false']);
    expect(chosenOf(null)).toEqual([]);
  });
});
