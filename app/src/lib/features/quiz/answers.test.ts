import { describe, expect, it } from 'vitest';
import { isAnswered, unansweredOf } from './answers.ts';

describe('an answer', () => {
  it('counts only when it says something', () => {
    expect(isAnswered(undefined)).toBe(false);
    expect(isAnswered({ kind: 'multiple', options: [] })).toBe(false);
    expect(isAnswered({ kind: 'short-text', text: '  ' })).toBe(false);
    expect(isAnswered({ kind: 'cloze', gaps: { a: ' ', b: '' } })).toBe(false);
    expect(isAnswered({ kind: 'cloze', gaps: { a: ' ', b: 'x' } })).toBe(true);
    expect(isAnswered({ kind: 'hotspot', x: 0, y: 0 })).toBe(true);
    expect(isAnswered({ kind: 'true-false', value: false })).toBe(true);
    expect(isAnswered({ kind: 'numeric', text: '0' })).toBe(true);
  });
});

describe('the questions without an answer', () => {
  it('are named by their places', () => {
    expect(unansweredOf([{ id: 'q1' }, { id: 'q2' }, { id: 'q3' }], { q2: { kind: 'single', option: 'a' } })).toEqual([0, 2]);
  });
});
