import { createHash } from 'node:crypto';
import type { CardRequest, ClassNames, ClassSignInRequest, Session } from '@darasa/shared/protocol';
import { personFrom } from '@darasa/shared/rules';
import type { Accounts, StoredAccount } from '../couch/accounts.ts';
import type { ClassSignIns } from '../couch/class-sign-ins.ts';
import type { SchoolDirectory } from '../couch/school-directory.ts';
import { sameText } from './constant-time.ts';
import type { LockLimits, LockOut } from './lock-out.ts';
import type { PasswordCheck } from './password.ts';
import type { Asking, SignIn, SignInOutcome } from './sign-in.ts';

/**
 * A code that a child can keep in mind is one of a few thousand, so its guesses are few: five from one network in a quarter of an
 * hour, thirty in a day from anywhere. Whoever guesses has to know the class code first.
 */
export const CODE_LIMITS: LockLimits = { here: { failures: 5, forMs: 15 * 60_000 }, everywhere: { failures: 30, forMs: 24 * 3_600_000 } };

export interface ClassSignInParts {
  readonly schools: Pick<SchoolDirectory, 'find'>;
  readonly classSignIns: ClassSignIns;
  readonly accounts: Pick<Accounts, 'byId' | 'byIds'>;
  /** With its own sample: these verifiers take fewer rounds than passwords', and whose they are is no secret in the class. */
  readonly codes: PasswordCheck;
  readonly lockOut: LockOut;
  readonly signIn: Pick<SignIn, 'begin'>;
}

export type ClassNamesOutcome = { readonly ok: true; readonly value: ClassNames } | { readonly ok: false; readonly id: 'wrong-class-code' };

/** Signing in with one's class: by the class code, a name and a PIN or pictures, or by a printed card. Learners only. */
export class ClassSignIn {
  readonly #parts: ClassSignInParts;

  constructor(parts: ClassSignInParts) {
    this.#parts = parts;
  }

  /** The learners of the class who have a PIN or pictures, by name. */
  async names(school: string, classCode: string): Promise<ClassNamesOutcome> {
    const { accounts, classSignIns } = this.#parts;
    const room = await this.#classOf(school, classCode);
    if (room === null) return { ok: false, id: 'wrong-class-code' };
    const kinds = new Map((await classSignIns.ofClass(school, room.classId)).map((doc) => [doc.accountId, doc.code.value.kind]));
    const learners = (await accounts.byIds([...kinds.keys()])).flatMap((account) => {
      const by = kinds.get(account.name);
      const known = by !== undefined && by !== 'none' && learnsIn(account, school, room.classId);
      return known ? [{ accountId: account.name, name: account.darasa.displayName, by }] : [];
    });
    learners.sort((one, other) => one.name.localeCompare(other.name));
    return { ok: true, value: { classId: room.classId, className: room.name, learners } };
  }

  async byCode(
    { school, classCode, accountId, code, ...device }: ClassSignInRequest,
    { address, overheard }: Asking,
  ): Promise<SignInOutcome<Session>> {
    const { accounts, classSignIns, codes, lockOut, signIn } = this.#parts;
    const room = await this.#classOf(school, classCode);
    if (room === null) return { ok: false, id: 'wrong-class-code' };
    const [account, held] = await Promise.all([accounts.byId(accountId), classSignIns.of(school, room.classId, accountId)]);
    // Counted for the code as it is now: a new one begins with no failures.
    const attempt = { school, username: `class ${room.classId} ${accountId} ${held?.code.tick ?? 0}`, address };
    const admission = await lockOut.admit(attempt);
    if (!admission.admitted) return { ok: false, id: 'locked-out', retryAfterSeconds: admission.retryAfterSeconds };

    const value = held?.code.value;
    const verifier = value === undefined || value.kind === 'none' ? null : value.verifier;
    const right = await codes.accepts(code, verifier);
    if (!right || account === null || held === null || !learnsIn(account, school, room.classId))
      return { ok: false, id: 'wrong-credentials' };
    await lockOut.clear(attempt, null);
    return signIn.begin(account, device, overheard, { classId: room.classId, by: 'code', tick: held.code.tick });
  }

  /** A card's secret has 120 random bits: it is good from anywhere, like a password, and nobody guesses it. */
  async byCard({ school, classId, accountId, secret, ...device }: CardRequest, { overheard }: Asking): Promise<SignInOutcome<Session>> {
    const { accounts, classSignIns, signIn, schools } = this.#parts;
    if ((await schools.find(school)) === null) return { ok: false, id: 'wrong-credentials' };
    const [account, held] = await Promise.all([accounts.byId(accountId), classSignIns.of(school, classId, accountId)]);
    const card = held?.card.value;
    const right = card?.kind === 'card' && sameText(createHash('sha256').update(secret).digest('hex'), card.digest);
    if (!right || account === null || held === null || !learnsIn(account, school, classId)) return { ok: false, id: 'wrong-credentials' };
    return signIn.begin(account, device, overheard, { classId, by: 'card', tick: held.card.tick });
  }

  async #classOf(school: string, classCode: string): Promise<{ classId: string; name: string } | null> {
    const { schools, classSignIns } = this.#parts;
    return (await schools.find(school)) === null ? null : classSignIns.classOf(school, classCode);
  }
}

function learnsIn({ name, roles, darasa }: StoredAccount, school: string, classId: string): boolean {
  return darasa.school === school && darasa.kind === 'learner' && personFrom(name, roles).learns.has(classId);
}
