const PATTERN = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u;
const MAX_LENGTH = 40;

/**
 * A sign-in name as it is compared and reserved: compatibility forms and case folded (NFKC, lower case), without white
 * space around it. `Amina ` and `amina` are one name.
 */
export function normaliseUsername(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

/** Whether a normalised name may be taken: letters of any script, digits, dot, hyphen and underscore; 1 to 40 characters. */
export function isUsername(normalised: string): boolean {
  return normalised.length <= MAX_LENGTH && PATTERN.test(normalised);
}
