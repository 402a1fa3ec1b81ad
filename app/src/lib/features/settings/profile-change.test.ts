import { expect, it } from 'vitest';
import { profileChange } from './profile-change.ts';

const before = { displayName: 'Amina Hassan', bio: 'I like maps.', language: 'en' } as const;

it('writes only what was changed, without the spaces around it', () => {
  expect(profileChange(before, before)).toEqual({});
  expect(profileChange(before, { ...before, displayName: ' Amina H. ' })).toEqual({ displayName: 'Amina H.' });
  expect(profileChange(before, { ...before, bio: '  ', language: 'sw' })).toEqual({ bio: '', language: 'sw' });
});
