import { expect, test } from 'vitest';
import { codeKind } from './class-sign-in.ts';

test('a code is a PIN of four to six digits, or three pictures, each another one', () => {
  expect(['4711', '471100'].map(codeKind)).toEqual(['pin', 'pin']);
  expect(codeKind('drum fish sun')).toBe('pictures');
  const wrong = [
    '',
    '471',
    '4711001',
    '47 11',
    'drum fish',
    'drum fish fish',
    'drum fish lion',
    'drum fish sun moon',
    'constructor sun moon',
  ];
  expect(wrong.map(codeKind)).toEqual(wrong.map(() => null));
});
