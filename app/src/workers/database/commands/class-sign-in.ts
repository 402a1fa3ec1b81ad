import {
  type CodeKind,
  type CodeVerifier,
  classCodeId,
  classSignInId,
  copyableCode,
  type DocumentOf,
  newClassCode,
  newClassSignIn,
  opaqueId,
  PICTURES_OF_CODE,
  type RandomBytes,
  SIGN_IN_PICTURES,
} from '@darasa/shared/documents';
import { bumpRegister } from '@darasa/shared/rules';
import type { DatabaseApi, FreshSignIn, Outcome } from '../api.ts';
import { mergedRevision } from '../conflicts.ts';
import { done } from '../write.ts';
import { type CommandContext, originOf } from './context.ts';
import { changeState } from './learner-state.ts';

type SignIn = DocumentOf<'class-sign-in'>;
/** A laptop checks a class of thirty in a second or two; more rounds would not protect ten thousand PINs. */
const ROUNDS = 100_000;
const PIN_DIGITS = 4;
/** What everybody tries first. */
const EASY_PIN = /^(\d)\1+$|0123|1234|2345|3456|4567|5678|6789|4321|5432|6543/;

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A whole number from 0 up to `below`, at most 250; every one equally likely. */
function pick(random: RandomBytes, below: number): number {
  for (;;) {
    const [byte = 0] = random(new Uint8Array(1));
    if (byte < Math.floor(256 / below) * below) return byte % below;
  }
}

/** A PIN or three pictures that nobody chose. */
export function newCode(kind: CodeKind, random: RandomBytes): string {
  if (kind === 'pictures') {
    const left = [...SIGN_IN_PICTURES];
    return Array.from({ length: PICTURES_OF_CODE }, () => left.splice(pick(random, left.length), 1)[0]).join(' ');
  }
  for (;;) {
    const pin = Array.from({ length: PIN_DIGITS }, () => pick(random, 10)).join('');
    if (!EASY_PIN.test(pin)) return pin;
  }
}

/** PBKDF2 as CouchDB's `_users` has it: the salt is its text. */
export async function codeVerifier(code: string, random: RandomBytes): Promise<CodeVerifier> {
  const salt = hex(random(new Uint8Array(16)));
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', text.encode(code), 'PBKDF2', false, ['deriveBits']);
  const params = { name: 'PBKDF2', hash: 'SHA-256', salt: text.encode(salt), iterations: ROUNDS };
  const derived_key = hex(new Uint8Array(await crypto.subtle.deriveBits(params, key, 256)));
  return { password_scheme: 'pbkdf2', pbkdf2_prf: 'sha256', salt, iterations: ROUNDS, derived_key };
}

async function change(context: CommandContext, classId: string, accountId: string, make: (doc: SignIn) => SignIn): Promise<Outcome> {
  const id = classSignInId(classId, accountId);
  // On top of every version that this device holds, or a colleague's that comes later would count more.
  await mergedRevision(context.own, context.person, id);
  const begin = (): SignIn => newClassSignIn({ classId, accountId, by: context.person.id, ...originOf(context) });
  return changeState(context, 'class-sign-in', id, begin, make);
}

/** Makes what learners of a class sign in with. It is in the answer and nowhere else: only what checks it is kept. */
export async function makeSignIns(
  context: CommandContext,
  ...[classId, accountIds, wanted]: Parameters<DatabaseApi['makeSignIns']>
): Promise<Outcome<readonly FreshSignIn[]>> {
  const { environment, deviceId, person } = context;
  const made: FreshSignIn[] = [];
  for (const accountId of accountIds) {
    const code = wanted.code === null ? null : newCode(wanted.code, environment.random);
    const verifier = code === null ? null : await codeVerifier(code, environment.random);
    const secret = wanted.card ? opaqueId(environment.random) + opaqueId(environment.random) : null;
    const digest = secret === null ? null : hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))));
    const outcome = await change(context, classId, accountId, (doc) => {
      let next = doc;
      if (wanted.code !== null && verifier !== null)
        next = {
          ...next,
          code: bumpRegister<SignIn['code']['value']>(next.code, { kind: wanted.code, by: person.id, verifier }, deviceId),
        };
      if (digest !== null)
        next = { ...next, card: bumpRegister<SignIn['card']['value']>(next.card, { kind: 'card', by: person.id, digest }, deviceId) };
      return next;
    });
    if (!outcome.ok) return outcome;
    made.push({ accountId, code, secret });
  }
  return { ok: true, value: made };
}

/** Takes back a learner's code and card: neither opens anything any more wherever that is known. */
export function takeBackSignIn(context: CommandContext, classId: string, accountId: string): Promise<Outcome> {
  const { deviceId, person } = context;
  const none = { kind: 'none', by: person.id } as const;
  return change(context, classId, accountId, (doc) => ({
    ...doc,
    code: bumpRegister<SignIn['code']['value']>(doc.code, none, deviceId),
    card: bumpRegister<SignIn['card']['value']>(doc.card, none, deviceId),
  }));
}

/** A new class code. The one before is good no more: devices that were given it ask for the new one. */
export async function makeClassCode(context: CommandContext, classId: string): Promise<Outcome> {
  const { environment, person, deviceId } = context;
  const id = classCodeId(classId);
  const text = copyableCode(environment.random);
  await mergedRevision(context.own, person, id);
  const begin = (): DocumentOf<'class-code'> => newClassCode({ classId, by: person.id, text, ...originOf(context) });
  const outcome = await changeState(context, 'class-code', id, begin, (doc) => ({
    ...doc,
    code: bumpRegister(doc.code, { text, by: person.id }, deviceId),
  }));
  return outcome.ok ? done() : outcome;
}
