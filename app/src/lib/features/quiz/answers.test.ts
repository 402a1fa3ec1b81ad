import { describe, expect, it } from 'vitest';
import { isAnswered, toggled, typed, unansweredOf } from './answers.ts';

const question = (id: string) => ({ id, kind: 'single', points: 1, promptHtml: '', spoken: '', options: [], unit: null }) as const;

describe('an answer', () => {
  it('counts only when it says something', () => {
    expect(isAnswered(undefined)).toBe(false);
    expect(isAnswered({ kind: 'multiple', options: [] })).toBe(false);
    expect(isAnswered({ kind: 'short-text', text: '  ' })).toBe(false);
    expect(isAnswered({ kind: 'true-false', value: false })).toBe(true);
    expect(isAnswered({ kind: 'numeric', text: '0' })).toBe(true);
  });

  it('of several choices is taken back with its last option', () => {
    const one = toggled(null, 'a', true);
    expect(one).toEqual({ kind: 'multiple', options: ['a'] });
    expect(toggled(one, 'b', true)).toEqual({ kind: 'multiple', options: ['a', 'b'] });
    expect(toggled(one, 'a', true)).toEqual(one);
    expect(toggled(one, 'a', false)).toBeNull();
  });

  it('that is typed keeps its words without the spaces around them', () => {
    expect(typed('numeric', ' 3,5 ')).toEqual({ kind: 'numeric', text: '3,5' });
    expect(typed('short-text', '  ')).toBeNull();
  });
});

describe('the questions without an answer', () => {
  it('are named by their places', () => {
    expect(unansweredOf([question('q1'), question('q2'), question('q3')], { q2: { kind: 'single', option: 'a' } })).toEqual([0, 2]);
  });
});
