import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkDatabaseName, folderOf, nameOf } from './database-names.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789_$()+-/';

it('every name has a folder of its own, one level deep', () => {
  const names = fc.string({ unit: fc.constantFrom(...letters), maxLength: 60 }).map((rest) => `a${rest}`);
  fc.assert(
    fc.property(names, (name) => {
      checkDatabaseName(name);
      expect(folderOf(name)).toMatch(/^[a-z0-9_%-]+$/);
      expect(nameOf(folderOf(name))).toBe(name);
    }),
  );
});

it.each(['', 'A', '1a', '_x', '.', '..', '../a', 'a.b', 'a\0', 'a b', 'a\\b', '/a', 'ä', 'a'.repeat(239), `a${'/'.repeat(200)}`])(
  'no database may be called %j',
  (name) => {
    expect(() => checkDatabaseName(name)).toThrow();
  },
);
