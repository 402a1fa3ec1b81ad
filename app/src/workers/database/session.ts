import { endsSession, RENEW_BEFORE_MS, refreshLock, type Session as SessionAnswer } from '@darasa/shared/protocol';
import { PERSON_KINDS, type Person, personFrom } from '@darasa/shared/rules';
import type { AccountKind, SignedIn, SignInOutcome } from './api.ts';
import type { AccountRow, DeviceStore } from './device-store.ts';
import type { Environment } from './environment.ts';
import { makeVerifier, passwordMatches } from './password-verifier.ts';
import type { ServerAnswer, ServerApi } from './server-api.ts';

/** An access token, or why there is none. `signed-out`: the server ended the session; the password opens a new one. */
export type TokenAnswer =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly reason: 'unreachable' | 'signed-out'; readonly detail: string };

export function kindFrom(roles: readonly string[]): AccountKind {
  const kind = PERSON_KINDS.find((each) => each !== 'operator' && roles.includes(each));
  // An operator without another role sees what an admin's screens show; the server decides what they get.
  return kind === undefined || kind === 'operator' ? 'admin' : kind;
}

export function signedInFrom(row: AccountRow): SignedIn {
  const { accountId, school, schoolName, displayName, kind } = row;
  return { accountId, school, schoolName, displayName, kind, account: { id: accountId, name: displayName, roles: [...row.roles] } };
}

export function personOf(row: Pick<AccountRow, 'accountId' | 'roles'>): Person {
  return personFrom(row.accountId, row.roles);
}

type Tokens = Pick<AccountRow, 'accessToken' | 'accessExpiresAt' | 'refreshToken' | 'roles' | 'displayName' | 'kind'>;

/** Signing in, with the network or without, and the tokens of the accounts on this device. */
export class SessionKeeper {
  readonly #environment: Environment;
  readonly #store: DeviceStore;
  readonly #api: ServerApi;
  readonly #refreshing = new Map<string, Promise<TokenAnswer>>();
  readonly #onAccount: (accountId: string) => void;

  /** `onAccount`: the server told of an account; its roles or its session may be new. */
  constructor(environment: Environment, store: DeviceStore, api: ServerApi, onAccount: (accountId: string) => void) {
    this.#onAccount = onAccount;
    this.#environment = environment;
    this.#store = store;
    this.#api = api;
  }

  /** Signs in at the server; with no network, opens the account if it has been on this device. */
  async signIn(
    school: string,
    username: string,
    password: string,
    names: { schoolName: string; deviceId: string },
  ): Promise<SignInOutcome> {
    const answer = await this.#api.login({ school, username, password, deviceId: names.deviceId });
    if (answer.ok) {
      const former = await this.#store.accounts.get(answer.value.account.id);
      const row: AccountRow = {
        accountId: answer.value.account.id,
        school,
        schoolName: names.schoolName,
        username,
        open: true,
        verifier: await makeVerifier(password, this.#environment.random),
        unsent: former?.unsent ?? 0,
        ...this.#tokens(answer.value),
      };
      await this.#store.accounts.put(row);
      return { ok: true, person: signedInFrom(row) };
    }
    if (answer.reason === 'unreachable') {
      const known = (await this.#store.accounts.toArray()).find((each) => each.school === school && each.username === username);
      if (known !== undefined) return this.#unlock(known, password);
    }
    return signInProblem(answer);
  }

  /** Opens an account of this device: with its password, or without while it is open. The network is not waited for. */
  async enter(accountId: string, password: string | undefined): Promise<SignInOutcome> {
    const row = await this.#store.accounts.get(accountId);
    if (row === undefined) return { ok: false, problem: 'unexpected', detail: 'This account is not on this device' };
    if (row.open && password === undefined) return { ok: true, person: signedInFrom(row) };
    // Asked for a password, not given one: that is no try, and the server hears nothing of it.
    if (password === undefined || password === '') return { ok: false, problem: 'wrong-password' };
    // Nothing is locked: the password is for a new session, so the answer is the server's.
    if (row.open && row.refreshToken === null) return this.#signInAgain(row, password).finally(() => this.#onAccount(accountId));
    const outcome = await this.#unlock(row, password);
    if (outcome.ok) {
      // The server has ended the session: the password that was right just now opens a new one whenever it answers.
      if (row.refreshToken === null) this.#signInAgain(row, password).finally(() => this.#onAccount(accountId));
      return outcome;
    }
    // Perhaps it is a newer password, of which this device has not heard.
    const answer = await this.#signInAgain(row, password);
    return !answer.ok && answer.problem === 'unreachable' ? outcome : answer;
  }

  async #signInAgain(row: AccountRow, password: string): Promise<SignInOutcome> {
    const deviceId = await this.#store.setting('deviceId', (value) => (typeof value === 'string' ? value : 'unknown'));
    const answer = await this.#api.login({ school: row.school, username: row.username, password, deviceId });
    if (!answer.ok) return signInProblem(answer);
    const verifier = await makeVerifier(password, this.#environment.random);
    const renewed: AccountRow = { ...row, open: true, verifier, ...this.#tokens(answer.value) };
    await this.#store.accounts.put(renewed);
    return { ok: true, person: signedInFrom(renewed) };
  }

  async #unlock(row: AccountRow, password: string): Promise<SignInOutcome> {
    if (!(await passwordMatches(password, row.verifier))) return { ok: false, problem: 'wrong-password' };
    await this.#store.accounts.update(row.accountId, { open: true });
    return { ok: true, person: signedInFrom({ ...row, open: true }) };
  }

  /** The account wants its password from now on. The refresh token stays: work that is unsent still has to go out. */
  async lock(accountId: string): Promise<void> {
    await this.#store.accounts.update(accountId, { open: false });
  }

  /** Ends the session at the server, when it can be reached. */
  async logout(accountId: string): Promise<void> {
    const row = await this.#store.accounts.get(accountId);
    if (row?.refreshToken != null) await this.#api.logout(row.refreshToken);
  }

  /**
   * A token that is good for a request now. `stale`: the token that the server has just refused.
   *
   * A refresh token is good once: using it twice looks like theft and ends the session. So one refresh runs at a time,
   * in this tab by the promise that callers share, over all tabs and the service worker by a lock under which the stored token is read again.
   */
  token(accountId: string, stale: string | null = null): Promise<TokenAnswer> {
    const running = this.#refreshing.get(accountId);
    if (running !== undefined) return running;
    const asking = this.#locked(refreshLock(accountId), () => this.#storedOrRenewed(accountId, stale)).finally(() =>
      this.#refreshing.delete(accountId),
    );
    this.#refreshing.set(accountId, asking);
    return asking;
  }

  #locked<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const { locks } = this.#environment;
    // The lock manager’s type flattens promises; the work’s value comes back as it is.
    return locks === null ? work() : (locks.request(name, work) as Promise<Value>);
  }

  async #storedOrRenewed(accountId: string, stale: string | null): Promise<TokenAnswer> {
    const row = await this.#store.accounts.get(accountId);
    if (row === undefined) return { ok: false, reason: 'signed-out', detail: 'This account is not on this device' };
    const lasts = row.accessExpiresAt - this.#environment.now() > RENEW_BEFORE_MS;
    if (row.accessToken !== null && row.accessToken !== stale && lasts) return { ok: true, token: row.accessToken };
    if (row.refreshToken === null) return { ok: false, reason: 'signed-out', detail: 'The school ended this session' };

    const answer = await this.#api.refresh(row.refreshToken);
    if (answer.ok) {
      await this.#replaceTokens(row, this.#tokens(answer.value));
      this.#onAccount(accountId);
      return { ok: true, token: answer.value.accessToken };
    }
    // A lost reply leaves the token as it was: the server answers its next use with the same successor.
    if (answer.reason === 'unreachable' || !endsSession(answer)) return { ok: false, reason: 'unreachable', detail: answer.detail };
    await this.#replaceTokens(row, { refreshToken: null, accessToken: null });
    this.#onAccount(accountId);
    return { ok: false, reason: 'signed-out', detail: answer.detail };
  }

  /** Puts new tokens in the place of those that were used; a sign-in that came in between stands. */
  async #replaceTokens({ accountId, refreshToken }: AccountRow, change: Partial<AccountRow>): Promise<void> {
    await this.#store.transaction('rw', this.#store.accounts, async () => {
      const now = await this.#store.accounts.get(accountId);
      if (now?.refreshToken === refreshToken) await this.#store.accounts.update(accountId, change);
    });
  }

  #tokens(answer: SessionAnswer): Tokens {
    return {
      accessToken: answer.accessToken,
      accessExpiresAt: this.#environment.now() + answer.expiresIn * 1_000,
      refreshToken: answer.refreshToken,
      roles: answer.account.roles,
      displayName: answer.account.name,
      kind: kindFrom(answer.account.roles),
    };
  }
}

function signInProblem(answer: Extract<ServerAnswer<unknown>, { ok: false }>): Extract<SignInOutcome, { ok: false }> {
  if (answer.reason === 'unreachable') return { ok: false, problem: 'unreachable', detail: answer.detail };
  const { detail } = answer;
  switch (answer.id) {
    case 'wrong-credentials':
      return { ok: false, problem: 'wrong-password', detail };
    case 'account-disabled':
      return { ok: false, problem: 'disabled', detail };
    case 'locked-out':
      return {
        ok: false,
        problem: 'locked-out',
        detail,
        ...(answer.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: answer.retryAfterSeconds }),
      };
    default:
      return answer.status === 429
        ? { ok: false, problem: 'locked-out', detail, retryAfterSeconds: answer.retryAfterSeconds ?? 60 }
        : { ok: false, problem: 'unexpected', detail };
  }
}
