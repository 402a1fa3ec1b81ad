import { openedAccount, schoolDatabase } from '@darasa/couchdb/provisioning';
import type { LoginRequest, Session } from '@darasa/shared/protocol';
import type { Logger } from 'pino';
import type { Accounts, StoredAccount } from '../couch/accounts.ts';
import { rolesFromClasses } from '../couch/class-roles.ts';
import type { ClassSignIns } from '../couch/class-sign-ins.ts';
import type { CouchClient } from '../couch/couch-client.ts';
import type { SchoolDirectory } from '../couch/school-directory.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { LockOut } from './lock-out.ts';
import type { PasswordCheck } from './password.ts';
import type { IssuedToken, RefreshTokens, SignedInThrough } from './refresh-tokens.ts';

export type SignInOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly id: 'wrong-credentials' | 'signed-out' | 'account-disabled' | 'wrong-class-code' }
  | { readonly ok: false; readonly id: 'locked-out'; readonly retryAfterSeconds: number };

export interface SignInParts {
  readonly couch: CouchClient;
  readonly accounts: Accounts;
  readonly schools: SchoolDirectory;
  readonly passwords: PasswordCheck;
  readonly lockOut: LockOut;
  readonly refreshTokens: RefreshTokens;
  readonly accessTokens: AccessTokens;
  readonly classSignIns: Pick<ClassSignIns, 'of'>;
  readonly log: Logger;
}

/** Proxies commonly refuse headers above 8 KB: see docs/adr/0002. */
const LARGE_TOKEN_BYTES = 6 * 1024;

/** Signing in, staying signed in, signing out. */
export class SignIn {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** The account that a school, sign-in name and password belong to. An unknown school is a wrong sign-in like any other. */
  async check({ school, username, password, deviceId }: LoginRequest, address: string): Promise<SignInOutcome<StoredAccount>> {
    const { lockOut, accounts, passwords, schools, refreshTokens } = this.#parts;
    const attempt = { school, username, address };
    const find = async (): Promise<StoredAccount | null> =>
      (await schools.find(school)) === null ? null : accounts.byUsername(school, username);

    let admission = await lockOut.admit(attempt);
    let account: StoredAccount | null = null;
    if (!admission.admitted && deviceId !== undefined) {
      account = await find();
      if (account !== null && (await refreshTokens.knows(account.name, deviceId))) admission = await lockOut.admitDevice(attempt, deviceId);
    }
    if (!admission.admitted) return { ok: false, id: 'locked-out', retryAfterSeconds: admission.retryAfterSeconds };

    account ??= await find();
    const right = await passwords.accepts(password, account === null ? null : openedAccount(account));
    if (!right || account === null) return { ok: false, id: 'wrong-credentials' };
    await lockOut.clear(attempt, deviceId ?? null);
    // Only who knows the password learns that the account is disabled.
    if (account.darasa.disabled === true) return { ok: false, id: 'account-disabled' };
    return { ok: true, value: account };
  }

  async signIn(request: LoginRequest, address: string): Promise<SignInOutcome<Session>> {
    const checked = await this.check(request, address);
    if (!checked.ok) return checked;
    return this.begin(checked.value, request.deviceId ?? null);
  }

  /** Opens a session of an account that somebody has just proved to be theirs: `through` a card or a code, null by the password. */
  async begin(account: StoredAccount, deviceId: string | null, through: SignedInThrough | null = null): Promise<SignInOutcome<Session>> {
    const issued = await this.#parts.refreshTokens.begin(account.name, deviceId, through);
    return { ok: true, value: await this.#session(account, issued, deviceId) };
  }

  async refresh(token: string): Promise<SignInOutcome<Session>> {
    const { refreshTokens, accounts } = this.#parts;
    const used = await refreshTokens.use(token);
    if (!used.ok) return { ok: false, id: 'signed-out' };
    const account = await accounts.byId(used.accountId);
    if (account === null || account.darasa.disabled === true) {
      await refreshTokens.end(used.refreshToken);
      return { ok: false, id: account === null ? 'signed-out' : 'account-disabled' };
    }
    if (used.through !== null && !(await this.#stands(account, used.through))) {
      await refreshTokens.end(used.refreshToken);
      return { ok: false, id: 'signed-out' };
    }
    return { ok: true, value: await this.#session(account, used, used.deviceId) };
  }

  /** Whether the card or code that a session began with is still the learner's: a lost card opens nothing any more once it is taken back. */
  async #stands({ name, darasa }: StoredAccount, { classId, by, tick }: SignedInThrough): Promise<boolean> {
    const held = await this.#parts.classSignIns.of(darasa.school, classId, name);
    return held !== null && held[by].tick === tick;
  }

  async signOut(token: string): Promise<void> {
    await this.#parts.refreshTokens.end(token);
  }

  async #session(account: StoredAccount, { refreshToken, origin }: IssuedToken, deviceId: string | null): Promise<Session> {
    const { couch, accounts, accessTokens, log } = this.#parts;
    const { school, displayName } = account.darasa;
    const database = schoolDatabase(school);
    const roles = [...account.roles, ...(await rolesFromClasses({ couch, accounts, database, school }, account.roles))];
    const claims = { accountId: account.name, school, name: displayName, roles, origin };
    const accessToken = await accessTokens.sign(deviceId === null ? claims : { ...claims, deviceId });
    if (accessToken.length > LARGE_TOKEN_BYTES)
      log.warn({ school, accountId: account.name, bytes: accessToken.length }, 'A token is large: a proxy before the server may refuse it');
    return {
      accessToken,
      refreshToken,
      expiresIn: accessTokens.lifetimeSeconds,
      account: { id: account.name, name: displayName, roles },
    };
  }
}
