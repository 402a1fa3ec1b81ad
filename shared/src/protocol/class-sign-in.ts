import * as v from 'valibot';
import { codeKind } from '../documents/class-sign-in.ts';
import { readCopyableCode } from '../documents/copyable-code.ts';
import { isKey } from '../documents/partitions.ts';
import { loginRequestSchema } from './auth.ts';

/** Bodies of `/v1/auth/class*` and `/v1/auth/card`: signing in with one's class, by a PIN, pictures or a printed card. */

const key = v.pipe(v.string(), v.check(isKey, 'must be an id'));
/** The device that signs in, as for `POST /v1/auth/login`. */
const { deviceId, deviceKey } = loginRequestSchema.entries;
const classCode = v.pipe(
  v.string(),
  v.maxLength(20),
  v.transform(readCopyableCode),
  v.check((code) => code !== null, 'must be a class code like k7pm-4xq9'),
  v.transform((code) => code ?? ''), // it is none: see the check
);

/** `POST /v1/auth/class`: who is in the class of a class code. */
export const classNamesRequestSchema = v.object({ school: key, classCode });

export const classNamesSchema = v.object({
  classId: v.string(),
  className: v.string(),
  /** Those who have a PIN or pictures; by name. */
  learners: v.array(v.object({ accountId: v.string(), name: v.string(), by: v.picklist(['pin', 'pictures']) })),
});
export type ClassNames = v.InferOutput<typeof classNamesSchema>;

/** `POST /v1/auth/class-sign-in`: answers a session. */
export const classSignInRequestSchema = v.object({
  school: key,
  classCode,
  accountId: key,
  /** A PIN, or three pictures by name with a space between. */
  code: v.pipe(
    v.string(),
    v.check((code) => codeKind(code) !== null, 'must be a PIN or three pictures'),
  ),
  deviceId,
  deviceKey,
});
export type ClassSignInRequest = v.InferOutput<typeof classSignInRequestSchema>;

/** What a printed card says. */
export const cardSchema = v.object({
  school: key,
  classId: key,
  accountId: key,
  secret: v.pipe(v.string(), v.regex(/^[0-9a-z]{24}$/, 'must be what the card says')),
});
export type SignInCard = v.InferOutput<typeof cardSchema>;

/** `POST /v1/auth/card`: answers a session. */
export const cardRequestSchema = v.object({ ...cardSchema.entries, deviceId, deviceKey });
export type CardRequest = v.InferOutput<typeof cardRequestSchema>;

/**
 * What is in the QR code of a printed card and of a class's code, as the part after `#` of an address of the app: a browser never sends
 * that part to a server, so it stands in no log.
 */
export type SignInLink =
  | ({ readonly kind: 'card' } & SignInCard)
  | { readonly kind: 'class'; readonly school: string; readonly classCode: string };

export function signInHash(link: SignInLink): string {
  return link.kind === 'class'
    ? `#class=${link.school}.${link.classCode}`
    : `#card=${link.school}.${link.classId}.${link.accountId}.${link.secret}`;
}

/** Reads a scanned or opened address, whatever server it names: a card from the school is good at the class laptop. Null for another text. */
export function readSignInLink(text: string): SignInLink | null {
  const [, kind, rest = ''] = /#(card|class)=([0-9a-z.-]+)$/.exec(text) ?? [];
  const [school = '', second = '', accountId = '', secret = '', ...more] = rest.split('.');
  if (kind === 'class') {
    const code = readCopyableCode(second);
    return code !== null && isKey(school) && accountId === '' ? { kind, school, classCode: code } : null;
  }
  const card = v.safeParse(cardSchema, { school, classId: second, accountId, secret });
  return kind === 'card' && card.success && more.length === 0 ? { kind, ...card.output } : null;
}
