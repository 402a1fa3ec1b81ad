import type { DocumentOf } from '@darasa/shared/documents';
import { sampleDocument } from '@darasa/shared/fixtures';
import { describe, expect, it } from 'vitest';
import { recipientsOf } from './known-places.ts';

function place(placeId: string, change: Partial<DocumentOf<'place'>>): DocumentOf<'place'> {
  const sample = sampleDocument('place', 'school', 'head') as DocumentOf<'place'>; // the document of that type
  const key = { keyId: placeId.padEnd(43, 'k'), publicKey: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) } } as const;
  return { ...sample, placeId, opening: [key], ...change };
}

describe('a file of work (CK2)', () => {
  const school = place('school-1', { kind: 'school' });
  const hub = place('hub-1', { kind: 'hub', classes: ['7a', '7b'] });
  const elsewhere = place('hub-2', { kind: 'hub', classes: ['8b'] });

  it('is encrypted to the school and to the laptops that keep a class of its author, and to no other', () => {
    const ids = (classes: string[]): string[] => recipientsOf([school, hub, elsewhere], new Set(classes)).map(({ placeId }) => placeId);
    expect(ids(['7a'])).toEqual(['school-1', 'hub-1']);
    expect(ids(['8b'])).toEqual(['school-1', 'hub-2']);
    expect(ids([])).toEqual(['school-1']);
  });

  it('is encrypted to a place’s newest key', () => {
    const [older] = hub.opening;
    const renewed = place('school-1', { kind: 'school', opening: [...school.opening, ...(older === undefined ? [] : [older])] });
    expect(recipientsOf([renewed], new Set()).map(({ recipient }) => recipient.keyId)).toEqual([school.opening[0]?.keyId]);
  });

  it('is encrypted to nobody by whoever has never heard of a place', () => {
    expect(recipientsOf([], new Set(['7a']))).toEqual([]);
  });
});
