import { type DeviceKey, endsSession, RENEW_BEFORE_MS, refreshLock, type Session as SessionAnswer } from '@darasa/shared/protocol';
import { PERSON_KINDS, type Person, personFrom } from '@darasa/shared/rules';
import type { AccountKind, SignedIn, SignInOutcome } from './api.ts';
import type { DeviceKeys, NewKey } from './device-keys.ts';
import type { AccountRow, DeviceStore, PlaceRow, SessionRow } from './device-store.ts';
import { countTry, noTries } from './device-tries.ts';
import type { Environment } from './environment.ts';
import { makeVerifier, passwordMatches } from './password-verifier.ts';
import { hubOf, type Places } from './places.ts';
import type { ServerAnswer, ServerApi } from './server-api.ts';
import { askSession, type Shown, shownFor, wayOf } from './shown-secret.ts';

/**
 * An access token, or why there is none. `key`: the device's, where the token is bound to it and each request has to be proved with it.
 * `signed-out`: the server ended the session; the password opens a new one.
 */
export type TokenAnswer =
  | { readonly ok: true; readonly token: string; readonly key: DeviceKey | null }
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

type Tokens = Pick<AccountRow, 'accessToken' | 'accessExpiresAt' | 'refreshToken' | 'bound'>;
type Told = Pick<AccountRow, 'roles' | 'displayName' | 'kind'>;
const NO_TOKENS: Tokens = { accessToken: null, accessExpiresAt: 0, refreshToken: null, bound: false };
/** A pass lives as long as a session that nobody uses, months; a device that has had one for so long asks for the next. */
const RENEW_PASS_MS = 20 * 24 * 60 * 60_000;

/** Signing in, with the network or without, and the tokens of the accounts on this device: of each place that they met. */
export class SessionKeeper {
  readonly #environment: Environment;
  readonly #store: DeviceStore;
  readonly #places: Places;
  readonly #keys: DeviceKeys;
  readonly #apiAt: (address: string) => ServerApi;
  readonly #refreshing = new Map<string, Promise<TokenAnswer>>();
  readonly #onAccount: (accountId: string) => void;
  /** By account: the place that was asked last and knew no session. */
  readonly #wanting = new Map<string, PlaceRow>();

  /** `onAccount`: a place told of an account; its roles or its session may be new. */
  constructor(
    environment: Environment,
    store: DeviceStore,
    places: Places,
    keys: DeviceKeys,
    apiAt: (address: string) => ServerApi,
    onAccount: (accountId: string) => void,
  ) {
    this.#onAccount = onAccount;
    this.#environment = environment;
    this.#store = store;
    this.#places = places;
    this.#keys = keys;
    this.#apiAt = apiAt;
  }

  /** Signs in at the nearest place; with no network, opens the account if it has been on this device. */
  async signIn(school: string, shown: Shown, names: { schoolName: string; deviceId: string }): Promise<SignInOutcome> {
    const place = await this.#places.nearest(school);
    const here = (await this.#store.accounts.toArray()).find((each) => each.school === school && isOf(each, shown));
    const key = await this.#keys.forSignIn(here?.accountId ?? null);
    const answer = await askSession(this.#apiAt(place.address), school, shown, { deviceId: names.deviceId, ...withKey(key) });
    if (answer.ok) {
      const former = await this.#store.accounts.get(answer.value.account.id);
      const row: AccountRow = {
        ...NO_TOKENS,
        ...toldBy(answer.value),
        ...(former === undefined ? {} : withoutWay(former)),
        accountId: answer.value.account.id,
        school,
        schoolName: names.schoolName,
        // A class sign-in tells no sign-in name.
        username: shown.by === 'password' ? shown.username : (former?.username ?? ''),
        open: true,
        ...wayOf(shown),
        verifier: await makeVerifier(shown.secret, this.#environment.random),
        unsent: former?.unsent ?? 0,
        ...(former !== undefined && hubOf(place) !== null ? {} : toldBy(answer.value)),
      };
      await this.#keepSession(row, place, key, answer.value);
      return { ok: true, person: signedInFrom(row) };
    }
    if (answer.reason === 'unreachable') {
      this.#places.failed(place);
      if (here !== undefined && (here.way?.by ?? 'password') === shown.by) return this.#unlock(here, shown.secret);
    }
    return signInProblem(answer);
  }

  /** Opens an account of this device: with what it was signed in with last, or without while it is open. The network is not waited for. */
  async enter(accountId: string, password: string | undefined): Promise<SignInOutcome> {
    const row = await this.#store.accounts.get(accountId);
    if (row === undefined) return { ok: false, problem: 'unexpected', detail: 'This account is not on this device' };
    if (row.open && password === undefined) return { ok: true, person: signedInFrom(row) };
    // Asked for a password, not given one: that is no try, and the server hears nothing of it.
    if (password === undefined || password === '') return { ok: false, problem: 'wrong-password' };
    const ended = (await this.placeOfNoSession(row)) !== null;
    // Nothing is locked: the password is for a new session, so the answer is the server's.
    if (row.open && ended) return this.#signInAgain(row, password).finally(() => this.#onAccount(accountId));
    const outcome = await this.#unlock(row, password);
    if (!outcome.ok && outcome.problem === 'locked-out') return outcome;
    if (outcome.ok) {
      // The server has ended the session: the password that was right just now opens a new one whenever it answers.
      if (ended) this.#signInAgain(row, password).finally(() => this.#onAccount(accountId));
      return outcome;
    }
    // Perhaps it is a newer password, of which this device has not heard.
    const answer = await this.#signInAgain(row, password);
    return !answer.ok && answer.problem === 'unreachable' ? outcome : answer;
  }

  /** The place that would open a session with the password: one that was asked and knows none, or the one that served the app. */
  async placeOfNoSession(row: AccountRow): Promise<PlaceRow | null> {
    const place = this.#wanting.get(row.accountId) ?? (await this.#places.served());
    return (await this.#kept(row.accountId, place))?.refreshToken == null ? place : null;
  }

  async #signInAgain(row: AccountRow, password: string): Promise<SignInOutcome> {
    const { accountId, school } = row;
    const deviceId = await this.#store.setting('deviceId', (value) => (typeof value === 'string' ? value : 'unknown'));
    const place = (await this.placeOfNoSession(row)) ?? (await this.#places.nearest(school));
    const key = await this.#keys.forSignIn(accountId);
    const answer = await askSession(this.#apiAt(place.address), school, shownFor(row, password), { deviceId, ...withKey(key) });
    if (!answer.ok) return signInProblem(answer);
    const verifier = await makeVerifier(password, this.#environment.random);
    // What a person may is the school's to say.
    const told = hubOf(place) === null ? toldBy(answer.value) : {};
    const renewed: AccountRow = { ...row, open: true, verifier, ...noTries, ...told };
    await this.#keepSession(renewed, place, key, answer.value);
    return { ok: true, person: signedInFrom(renewed) };
  }

  /** Keeps an account with its new session, and with the key that this is bound to: all of it or nothing. */
  async #keepSession(row: AccountRow, place: PlaceRow, key: NewKey | null, answer: SessionAnswer): Promise<void> {
    const { accounts, sessions, places, deviceKeys } = this.#store;
    await this.#store.transaction('rw', accounts, sessions, places, deviceKeys, async () => {
      await accounts.put({ ...row, ...this.#passIn(answer) });
      await this.#keep(row.accountId, place, this.#tokens(answer));
      // Without a pass in its answer it is a server from before the keys.
      if (key !== null && answer.pass !== undefined) await this.#keys.keep(row.accountId, key);
    });
  }

  #passIn({ pass }: SessionAnswer): Pick<AccountRow, 'pass' | 'passAt'> {
    return pass === undefined ? {} : { pass, passAt: this.#environment.now() };
  }

  async #unlock(row: AccountRow, password: string): Promise<SignInOutcome> {
    const wait = await countTry(this.#store, row.accountId, this.#environment.now());
    if (wait > 0) return { ok: false, problem: 'locked-out', retryAfterSeconds: Math.ceil(wait / 1_000) };
    if (!(await passwordMatches(password, row.verifier))) return { ok: false, problem: 'wrong-password' };
    await this.#store.accounts.update(row.accountId, { open: true, ...noTries });
    return { ok: true, person: signedInFrom({ ...row, open: true }) };
  }

  /** The account wants its password from now on. The refresh token stays: work that is unsent still has to go out. */
  async lock(accountId: string): Promise<void> {
    await this.#store.accounts.update(accountId, { open: false });
  }

  /** Ends the session at the server, when it can be reached. */
  async logout(accountId: string): Promise<void> {
    const row = await this.#store.accounts.get(accountId);
    if (row?.refreshToken == null) return;
    const served = await this.#places.served();
    await this.#apiAt(served.address).logout(row.refreshToken, await this.#keys.of(accountId));
  }

  /**
   * A token that is good for a request to a place now. `stale`: the token that it has just refused.
   *
   * A refresh token is good once: using it twice looks like theft and ends the session. So one refresh runs at a time,
   * in this tab by the promise that callers share, over all tabs and the service worker by a lock under which the stored token is read again.
   */
  async token(accountId: string, stale: string | null, place: PlaceRow): Promise<TokenAnswer> {
    const other = (await this.#places.isServed(place)) ? null : sessionPlace(place);
    const lock = other === null ? refreshLock(accountId) : `${refreshLock(accountId)} ${other}`;
    const running = this.#refreshing.get(lock);
    if (running !== undefined) return running;
    const asking = this.#locked(lock, () => this.#storedOrRenewed(accountId, stale, place)).finally(() => this.#refreshing.delete(lock));
    this.#refreshing.set(lock, asking);
    const answer = await asking;
    if (!answer.ok && answer.reason === 'signed-out') this.#wanting.set(accountId, place);
    return answer;
  }

  #locked<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const { locks } = this.#environment;
    // The lock manager’s type flattens promises; the work’s value comes back as it is.
    return locks === null ? work() : (locks.request(name, work) as Promise<Value>);
  }

  async #storedOrRenewed(accountId: string, stale: string | null, place: PlaceRow): Promise<TokenAnswer> {
    const row = await this.#kept(accountId, place);
    const key = await this.#keys.of(accountId);
    const lasts = row !== null && row.accessExpiresAt - this.#environment.now() > RENEW_BEFORE_MS;
    if (row !== null && row.accessToken !== null && row.accessToken !== stale && lasts)
      return { ok: true, token: row.accessToken, key: row.bound === true ? key : null };
    if (row === null || row.refreshToken === null) return this.#openByPass(accountId, place, key);

    const request = { refreshToken: row.refreshToken, ...(await this.#wantsPass(accountId)) };
    const answer = await this.#apiAt(place.address).refresh(request, key);
    if (answer.ok) {
      await this.#replaceTokens(accountId, place, row.refreshToken, answer.value);
      return { ok: true, token: answer.value.accessToken, key: answer.value.tokenType === 'DPoP' ? key : null };
    }
    // A lost reply leaves the token as it was: the server answers its next use with the same successor.
    if (answer.reason === 'unreachable') return { ok: false, reason: 'unreachable', detail: answer.detail };
    // A session whose key is lost is lost.
    if (!endsSession(answer) && answer.id !== 'proof-needed') return { ok: false, reason: 'unreachable', detail: answer.detail };
    await this.#replaceTokens(accountId, place, row.refreshToken, null);
    return this.#openByPass(accountId, place, key);
  }

  /** Opens a session where the account has none, with what another place of the school gave this device: nobody types a password. */
  async #openByPass(accountId: string, place: PlaceRow, key: DeviceKey | null): Promise<TokenAnswer> {
    const ended = { ok: false, reason: 'signed-out', detail: 'There is no session there' } as const;
    const pass = (await this.#store.accounts.get(accountId))?.pass;
    if (pass === undefined || key === null) return ended;
    const deviceId = await this.#store.setting('deviceId', (value) => (typeof value === 'string' ? value : 'unknown'));
    const answer = await this.#apiAt(place.address).pass({ pass, deviceId }, key);
    if (answer.ok) {
      await this.#replaceTokens(accountId, place, null, answer.value);
      return { ok: true, token: answer.value.accessToken, key };
    }
    if (answer.reason === 'unreachable' || answer.status === 429) return { ok: false, reason: 'unreachable', detail: answer.detail };
    return { ...ended, detail: answer.detail };
  }

  async #wantsPass(accountId: string): Promise<{ wantsPass?: true }> {
    const passAt = (await this.#store.accounts.get(accountId))?.passAt;
    // A clock that was set back tells nothing of the time since.
    const old = passAt !== undefined && Math.abs(this.#environment.now() - passAt) > RENEW_PASS_MS;
    return old ? { wantsPass: true } : {};
  }

  /** Puts a new session in the place of the one that was used, null for none; a sign-in that came in between stands. */
  async #replaceTokens(accountId: string, place: PlaceRow, used: string | null, answer: SessionAnswer | null): Promise<void> {
    const { accounts, sessions, places } = this.#store;
    await this.#store.transaction('rw', accounts, sessions, places, async () => {
      if (((await this.#kept(accountId, place))?.refreshToken ?? null) !== used) return;
      await this.#keep(accountId, place, answer === null ? NO_TOKENS : this.#tokens(answer));
      // What a person may is the school's to say.
      const told = answer === null || hubOf(place) !== null ? {} : toldBy(answer);
      await accounts.update(accountId, { ...told, ...(answer === null ? {} : this.#passIn(answer)) });
    });
    this.#onAccount(accountId);
  }

  /** The tokens that stand for a place: in the account's own row those of the place that served the app, which the service worker uses too. */
  async #kept(accountId: string, place: PlaceRow): Promise<Tokens | null> {
    if (await this.#places.isServed(place)) return (await this.#store.accounts.get(accountId)) ?? null;
    return (await this.#store.sessions.get([accountId, sessionPlace(place)])) ?? null;
  }

  async #keep(accountId: string, place: PlaceRow, tokens: Tokens): Promise<void> {
    if (await this.#places.isServed(place)) await this.#store.accounts.update(accountId, tokens);
    else await this.#store.sessions.put({ accountId, place: sessionPlace(place), ...tokens } satisfies SessionRow);
  }

  #tokens({ accessToken, expiresIn, refreshToken, tokenType }: SessionAnswer): Tokens {
    const accessExpiresAt = this.#environment.now() + expiresIn * 1_000;
    return { accessToken, accessExpiresAt, refreshToken, bound: tokenType === 'DPoP' };
  }
}

function withKey(key: NewKey | null): { deviceKey?: NewKey['publicKey'] } {
  return key === null ? {} : { deviceKey: key.publicKey };
}

/** Under what a place's sessions are kept: its id, so that it may move to another address. */
function sessionPlace({ id, address }: PlaceRow): string {
  return id ?? address;
}

/** What a place says of an account. */
function toldBy({ account }: SessionAnswer): Told {
  return { roles: account.roles, displayName: account.name, kind: kindFrom(account.roles) };
}

/** What a row keeps when its person comes in by another way. */
function withoutWay({ way: _way, tries: _tries, ...kept }: AccountRow): AccountRow {
  return kept;
}

/** Whether it is the account that somebody wants to come into. */
function isOf({ username, accountId }: AccountRow, shown: Shown): boolean {
  return shown.by === 'password' ? username === shown.username : accountId === shown.accountId;
}

function signInProblem(answer: Extract<ServerAnswer<unknown>, { ok: false }>): Extract<SignInOutcome, { ok: false }> {
  if (answer.reason === 'unreachable') return { ok: false, problem: 'unreachable', detail: answer.detail };
  const { detail } = answer;
  switch (answer.id) {
    case 'wrong-credentials':
      return { ok: false, problem: 'wrong-password', detail };
    case 'wrong-class-code':
      return { ok: false, problem: 'wrong-class-code', detail };
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
