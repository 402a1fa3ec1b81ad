import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editedBlocks, joinBlocks, splitBlocks } from './blocks.ts';
import { orderKeys } from './order.ts';

describe('the blocks of a text', () => {
  it('M6 are parted by empty lines, save within fences and containers', () => {
    const text = 'One.\n\n```\ncode\n\nmore\n```\n\n::: note\nA.\n\nB.\n:::\n\n- a\n- b\n\n$$\nx\n\ny\n$$\n\n$$z$$\n\nEnd.';
    expect(splitBlocks(text)).toEqual([
      'One.',
      '```\ncode\n\nmore\n```',
      '::: note\nA.\n\nB.\n:::',
      '- a\n- b',
      '$$\nx\n\ny\n$$',
      '$$z$$',
      'End.',
    ]);
  });

  it('say the same when they are joined and parted again', () => {
    const line = fc.constantFrom('a', 'b', '', '```', ':::', '::: note', '$$', '  c ', '~~~');
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const blocks = splitBlocks(lines.join('\n'));
        expect(splitBlocks(joinBlocks(blocks.map((text) => ({ text }))))).toEqual(blocks);
      }),
    );
  });

  it('keep their ids where they are unchanged or rewritten in their place', () => {
    const before = ['a', 'b', 'c'].map((text) => ({ id: `id-${text}`, text }));
    const ids = (markdown: string): string[] => editedBlocks(before, markdown, () => 'new').map(({ id }) => id);
    expect(ids('a\n\nB\n\nc')).toEqual(['id-a', 'id-b', 'id-c']);
    expect(ids('a\n\nb\n\nx\n\nc')).toEqual(['id-a', 'id-b', 'new', 'id-c']);
    expect(ids('a\n\nc')).toEqual(['id-a', 'id-c']);
    expect(ids('')).toEqual([]);
  });

  it('hold the new text, whatever was there before', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 });
    fc.assert(
      fc.property(words, words, (was, is) => {
        const before = was.map((text, index) => ({ id: `b${index}`, text }));
        const fresh = is.map((_, index) => `n${index}`);
        const after = editedBlocks(before, is.join('\n\n'), () => fresh.pop() ?? '');
        expect(after.map(({ text }) => text)).toEqual(is);
        expect(new Set(after.map(({ id }) => id)).size).toBe(after.length);
      }),
    );
  });
});

describe('M6 order keys', () => {
  it('rise, and keep those that fit', () => {
    expect(orderKeys(['a0', null, 'a1'])).toEqual(['a0', 'a0V', 'a1']);
    expect(orderKeys(['a0', 'a0', 'a1'])).toEqual(['a0', 'a0V', 'a1']);
    expect(orderKeys(['not a key!', 'a1'])).toEqual(['a0', 'a1']);
  });

  it('rise for any keys', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.constantFrom('a0', 'a1', 'a0V', 'Zz', 'b', ''))), (keys) => {
        const made = orderKeys(keys);
        expect(made).toHaveLength(keys.length);
        for (const [index, key] of made.entries()) if (index > 0) expect(key > (made[index - 1] ?? '')).toBe(true);
      }),
    );
  });
});
