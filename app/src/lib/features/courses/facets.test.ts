import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { speakLanguage } from '$lib/messages/index.ts';
import { facetLabel, withFacet } from './facets.ts';

beforeAll(async () => {
  // The language is written into the page as well.
  vi.stubGlobal('document', { documentElement: {} });
  await speakLanguage('en');
});
afterAll(() => vi.unstubAllGlobals());

it('a filter is set, replaced and taken away, and the others stay', () => {
  const one = withFacet({ text: 'maji' }, 'programme', 'skills');
  expect(one).toEqual({ text: 'maji', programme: 'skills' });
  expect(withFacet(one, 'programme', 'school')).toEqual({ text: 'maji', programme: 'school' });
  expect(withFacet(one, 'programme', null)).toEqual({ text: 'maji' });
});

it('a grade is a number', () => {
  expect(withFacet({}, 'grade', '7')).toEqual({ grade: 7 });
});

it('a value that has no word yet is shown as it is', () => {
  expect(facetLabel('category', 'art')).toBe('Art');
  expect(facetLabel('category', 'astronomy')).toBe('astronomy');
});
