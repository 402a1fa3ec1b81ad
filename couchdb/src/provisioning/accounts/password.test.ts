import { describe, expect, it } from 'vitest';
import { isStrongPassword } from './password.ts';

describe('a new password', () => {
  it.each(['amina-mango', 'eight ok', '\u0645\u062f\u0631\u0633\u0629\u0627\u0644\u062a\u0644'])('may be %j', (password) => {
    expect(isStrongPassword(password, 'amina')).toBe(true);
  });

  it.each(['short', '', 'aaaaaaaaaaaa', 'MWALIMU.NJERI ', '\u{1f600}\u{1f601}\u{1f602}\u{1f603}', 'x1'.repeat(101)])(
    'may not be %j',
    (password) => {
      expect(isStrongPassword(password, 'mwalimu.njeri')).toBe(false);
    },
  );
});
