import { normaliseUsername } from './sign-in-name.ts';

const MIN_CHARACTERS = 8;
const MAX_UNITS = 200;

/**
 * The rule for a new password: at least 8 characters, at most 200 UTF-16 code units (the length that sign-in accepts), not the
 * sign-in name, and not one character over and over. Length counts, mixtures of signs do not: NIST SP 800-63B, 5.1.1.2.
 */
export function isStrongPassword(password: string, username: string): boolean {
  const characters = [...password];
  return (
    characters.length >= MIN_CHARACTERS &&
    password.length <= MAX_UNITS &&
    new Set(characters).size > 1 &&
    normaliseUsername(password) !== normaliseUsername(username)
  );
}
