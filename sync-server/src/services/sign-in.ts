import { schoolDatabase } from '@darasa/couchdb/provisioning';
import type { LoginRequest, Session } from '@darasa/shared/protocol';
import type { Accounts, StoredAccount } from '../couch/accounts.ts';
import { rolesFromClasses } from '../couch/class-roles.ts';
import type { CouchClient } from '../couch/couch-client.ts';
import type { SchoolDirectory } from '../couch/school-directory.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { LockOut } from './lock-out.ts';
import type { PasswordCheck } from './password.ts';
import type { RefreshTokens } from './refresh-tokens.ts';

export type SignInOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly id: 'wrong-credentials' | 'signed-out' | 'account-disabled' }
  | { readonly ok: false; readonly id: 'locked-out'; readonly retryAfterSeconds: number };

export interface SignInParts {
  readonly couch: CouchClient;
  readonly accounts: Accounts;
  readonly schools: SchoolDirectory;
  readonly passwords: PasswordCheck;
  readonly lockOut: LockOut;
  readonly refreshTokens: RefreshTokens;
  readonly accessTokens: AccessTokens;
}

/** Signing in, staying signed in, signing out. */
export class SignIn {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** The account that a school, sign-in name and password belong to. An unknown school is a wrong sign-in like any other. */
  async check({ school, username, password }: LoginRequest): Promise<SignInOutcome<StoredAccount>> {
    const { lockOut, accounts, passwords, schools } = this.#parts;
    const admission = await lockOut.admit(school, username);
    if (!admission.admitted) return { ok: false, id: 'locked-out', retryAfterSeconds: admission.retryAfterSeconds };

    const account = (await schools.find(school)) === null ? null : await accounts.byUsername(school, username);
    const right = await passwords.accepts(password, account);
    if (!right || account === null) return { ok: false, id: 'wrong-credentials' };
    await lockOut.clear(school, username);
    // Only who knows the password learns that the account is disabled.
    if (account.darasa.disabled === true) return { ok: false, id: 'account-disabled' };
    return { ok: true, value: account };
  }

  async signIn(request: LoginRequest): Promise<SignInOutcome<Session>> {
    const checked = await this.check(request);
    if (!checked.ok) return checked;
    const deviceId = request.deviceId ?? null;
    const refreshToken = await this.#parts.refreshTokens.begin(checked.value.name, deviceId);
    return { ok: true, value: await this.#session(checked.value, refreshToken, deviceId) };
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
    return { ok: true, value: await this.#session(account, used.refreshToken, used.deviceId) };
  }

  async signOut(token: string): Promise<void> {
    await this.#parts.refreshTokens.end(token);
  }

  async #session(account: StoredAccount, refreshToken: string, deviceId: string | null): Promise<Session> {
    const { couch, accessTokens } = this.#parts;
    const { school, displayName } = account.darasa;
    const roles = [...account.roles, ...(await rolesFromClasses(couch, schoolDatabase(school), account.roles))];
    const claims = { accountId: account.name, school, name: displayName, roles };
    const accessToken = await accessTokens.sign(deviceId === null ? claims : { ...claims, deviceId });
    return {
      accessToken,
      refreshToken,
      expiresIn: accessTokens.lifetimeSeconds,
      account: { id: account.name, name: displayName, roles },
    };
  }
}
