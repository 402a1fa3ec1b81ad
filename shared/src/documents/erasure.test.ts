import { expect, it } from 'vitest';
import { erasureIdFor, erasureKeyOf } from './erasure.ts';

it('the word of an erasure follows from the id of what is erased (E1)', () => {
  expect(erasureIdFor('learner-ada:progress:maths-7')).toBe('staff:erasure:ada');
  expect(erasureKeyOf('learner-ada')).toBe('ada');
  const letter = 'employer-acme:application:tablet-1:9:0123456789abcdef0123';
  expect(erasureIdFor(letter)).toMatch(/^staff:erasure:[0-9a-f]{20}$/);
  expect(erasureIdFor(letter)).not.toBe(erasureIdFor(letter.replace('acme', 'bolt')));
});

it('neither the staff’s own record nor a partition of many people is erased (E1)', () => {
  for (const target of ['staff:audit:x', 'staff:erasure:ada', 'staff', 'class-7a', 'public', 'no id', ''])
    expect(erasureKeyOf(target)).toBeNull();
});

it('one document of a learner’s is not erased alone: its word would be that of everything the learner has (E1)', () => {
  expect(erasureKeyOf('learner-ada:attempt:maths:check:tablet-1:9:0123456789abcdef0123')).toBeNull();
  expect(erasureIdFor('learner-ada:attempt:maths:check:tablet-1:9:0123456789abcdef0123')).toBe('staff:erasure:ada');
});
