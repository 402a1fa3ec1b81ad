import { expect, test } from 'vitest';
import { fromLocalField, toLocalField } from './local-time.ts';

test('a time goes into the browser’s field and comes out of it the same', () => {
  const at = '2026-02-01T14:05:00.000Z';
  expect(fromLocalField(toLocalField(at), null)).toBe(at);
  expect(toLocalField(null)).toBe('');
  expect(fromLocalField('', at)).toBeNull();
  expect(fromLocalField('2026-02', at)).not.toBe(at);
});

test('a time that the field cannot hold in full is not changed by being shown', () => {
  const at = '2026-02-01T14:05:07.123Z';
  expect(fromLocalField(toLocalField(at), at)).toBe(at);
});
