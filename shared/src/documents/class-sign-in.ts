import * as v from 'valibot';
import { readCopyableCode } from './copyable-code.ts';
import { documentSchema, key, register } from './fields.ts';

/** How learners sign in with their class: documents of the partition `register-<id>`, which the teachers of the class read and write. */

/**
 * The pictures of picture codes, in the order in which they are shown. Codes are made of these names: none is ever taken out or put in
 * another's place.
 */
export const SIGN_IN_PICTURES = [
  'sun',
  'tree',
  'fish',
  'house',
  'drum',
  'moon',
  'flower',
  'bird',
  'boat',
  'key',
  'star',
  'banana',
  'cup',
  'bell',
  'ball',
  'umbrella',
] as const;
export type SignInPicture = (typeof SIGN_IN_PICTURES)[number];

/** How many pictures a code has, one after the other and each another one. */
export const PICTURES_OF_CODE = 3;

const CODE_KINDS = ['pin', 'pictures'] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

/** A PIN of 4 to 6 digits, or three pictures by name with a space between; null for what is neither. */
export function codeKind(code: string): CodeKind | null {
  if (/^\d{4,6}$/.test(code)) return 'pin';
  const pictures = code.split(' ');
  const known = pictures.every((name) => (SIGN_IN_PICTURES as readonly string[]).includes(name));
  return known && pictures.length === PICTURES_OF_CODE && new Set(pictures).size === PICTURES_OF_CODE ? 'pictures' : null;
}

const hex = (length: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${length}}$`)));

/**
 * PBKDF2 of the code in the form of CouchDB's `_users`: the salt's text is the salt. A PIN is guessed from it in no time, however many
 * rounds it takes: what protects it is who may read this document, and that guesses are counted where it is used.
 */
const codeVerifierSchema = v.looseObject({
  password_scheme: v.literal('pbkdf2'),
  pbkdf2_prf: v.literal('sha256'),
  salt: hex(32),
  iterations: v.pipe(v.number(), v.safeInteger(), v.minValue(10_000), v.maxValue(1_000_000)),
  derived_key: hex(64),
});
export type CodeVerifier = v.InferOutput<typeof codeVerifierSchema>;

/** `by`: the teacher who made or took it back, by their own word. */
const none = v.looseObject({ kind: v.literal('none'), by: key });

/**
 * `register-<class>:class-sign-in:<accountId>`: what a learner of the class signs in with, beside or without a password. Each of the two
 * is a register: of what two teachers made apart the later count stays, on every device and server.
 */
export const classSignInSchema = documentSchema('class-sign-in', {
  classId: key,
  accountId: key,
  code: register(v.variant('kind', [none, v.looseObject({ kind: v.picklist(CODE_KINDS), by: key, verifier: codeVerifierSchema })])),
  /** `digest`: SHA-256 of the secret on the printed card, which has 120 random bits. */
  card: register(v.variant('kind', [none, v.looseObject({ kind: v.literal('card'), by: key, digest: hex(64) })])),
});

/** `register-<class>:class-code:main`: what a device needs to be shown the names of the class and to sign in by a PIN or pictures. */
export const classCodeSchema = documentSchema('class-code', {
  classId: key,
  code: register(
    v.looseObject({
      text: v.pipe(
        v.string(),
        v.check((text) => readCopyableCode(text) === text, 'must be a code like k7pm-4xq9'),
      ),
      by: key,
    }),
  ),
});
