import { expect, test } from 'vitest';
import { connectionFrom } from './connection.ts';

test('P4 a cable and Wi-Fi cost nothing by size, a phone’s network does', () => {
  const kinds = ['wifi', 'ethernet', 'cellular', 'bluetooth'].map((type) => connectionFrom(true, { type }).kind);
  expect(kinds).toEqual(['unmetered', 'unmetered', 'metered', 'metered']);
});

test('P4 what the browser does not say is not guessed', () => {
  expect(connectionFrom(true, undefined)).toEqual({ online: true, kind: 'unknown', saveData: false });
  expect(connectionFrom(true, { type: 'unknown' }).kind).toBe('unknown');
});

test('P4 a browser that says itself what is metered is believed', () => {
  expect(connectionFrom(true, { type: 'wifi', metered: true, saveData: true })).toEqual({ online: true, kind: 'metered', saveData: true });
});
