import { openedAccount, schoolDatabase } from '@darasa/couchdb/provisioning';
import {
  type LoginRequest,
  type PassRequest,
  type PublicJwk,
  type RefreshRequest,
  type Session,
  thumbprintOf,
} from '@darasa/shared/protocol';
import type { Logger } from 'pino';
import type { Accounts, StoredAccount } from '../couch/accounts.ts';
import { rolesFromClasses } from '../couch/class-roles.ts';
import type { ClassSignIns } from '../couch/class-sign-ins.ts';
import type { CouchClient } from '../couch/couch-client.ts';
import type { SchoolDirectory } from '../couch/school-directory.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { DeviceKeyRecords } from './device-key-records.ts';
import type { DeviceProof } from './device-proofs.ts';
import type { KnownPlaces } from './known-places.ts';
import type { LockOut } from './lock-out.ts';
import type { Pass, Passes } from './passes.ts';
import type { PasswordCheck } from './password.ts';
import type { IssuedToken, Proves, RefreshTokens, SessionGrounds, SignedInThrough } from './refresh-tokens.ts';

export type SignInOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      readonly id: 'wrong-credentials' | 'signed-out' | 'account-disabled' | 'wrong-class-code' | 'pass-refused' | 'proof-needed';
    }
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
  readonly places: KnownPlaces;
  readonly passes: Passes;
  readonly deviceKeys: DeviceKeyRecords;
  readonly log: Logger;
}

/** How somebody asks: from which address, and whether others on the network can read along. */
export interface Asking {
  readonly address: string;
  readonly overheard: boolean;
}

/** The device that asks for a session, as far as it says. */
export interface AskingDevice {
  readonly deviceId?: string | undefined;
  readonly deviceKey?: PublicJwk | undefined;
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

  async signIn(request: LoginRequest, asking: Asking): Promise<SignInOutcome<Session>> {
    const checked = await this.check(request, asking.address);
    return checked.ok ? this.begin(checked.value, request, asking.overheard) : checked;
  }

  /**
   * Opens a session of an account that somebody has just proved to be theirs: `through` a card or a code, else by the password. With a key
   * of the device it is bound to that, and has a pass.
   */
  async begin(
    account: StoredAccount,
    { deviceId, deviceKey }: AskingDevice,
    overheard: boolean,
    through?: SignedInThrough,
  ): Promise<SignInOutcome<Session>> {
    const grounds: SessionGrounds = { key: deviceKey === undefined ? undefined : thumbprintOf(deviceKey), through };
    const { refreshTokens, places, deviceKeys } = this.#parts;
    const issued = await refreshTokens.begin(account.name, deviceId ?? null, grounds);
    // Only the school says which key is whose. What a laptop says, by a pass as well, could be a key of its own making.
    if (deviceKey !== undefined && places.own.kind === 'school' && account.darasa.kind === 'learner')
      await deviceKeys.note(account.darasa.school, account.name, deviceKey);
    const opened = { ...issued, grounds, deviceId: deviceId ?? null };
    return { ok: true, value: await this.#session(account, opened, { overheard, wantsPass: true }) };
  }

  /** Opens a session for a device that another place has signed in. */
  async enterByPass({ pass, deviceId }: PassRequest, proof: DeviceProof): Promise<SignInOutcome<Session>> {
    const { passes, refreshTokens } = this.#parts;
    const shown = await passes.verify(pass);
    if (shown === null) return { ok: false, id: 'pass-refused' };
    if (shown.key !== proof.thumbprint || !proof.spend()) return { ok: false, id: 'proof-needed' };
    const holder = await this.#holderOf(shown);
    if (!holder.ok) return holder;
    const account = holder.value;
    const { key, issuer, familyId, expiresAt: until } = shown;
    const grounds: SessionGrounds = { key, from: { issuer, familyId, until } };
    const issued = await refreshTokens.begin(account.name, deviceId ?? null, grounds);
    return { ok: true, value: await this.#session(account, { ...issued, grounds, deviceId: deviceId ?? null }, {}) };
  }

  /** Whose pass it is, given to the device with this key; null where the pass does not stand, or not for this key. */
  async holderOf(pass: string, thumbprint: string): Promise<StoredAccount | null> {
    const shown = await this.#parts.passes.verify(pass);
    const holder = shown?.key === thumbprint ? await this.#holderOf(shown) : null;
    return holder?.ok === true ? holder.value : null;
  }

  async #holderOf(shown: Pass): Promise<SignInOutcome<StoredAccount>> {
    const { accounts, places } = this.#parts;
    const account = await accounts.byId(shown.accountId);
    if (account === null || account.darasa.school !== shown.school || (await this.#hasEnded(shown)))
      return { ok: false, id: 'pass-refused' };
    // Its roles are put aside with it, so this comes before they are looked at.
    if (account.darasa.disabled === true) return { ok: false, id: 'account-disabled' };
    return (await places.speaksFor(shown, account.roles)) ? { ok: true, value: account } : { ok: false, id: 'pass-refused' };
  }

  /** Whether the session at the place that signed somebody in has come to an end, as far as is known here. */
  async #hasEnded({ issuer, familyId }: Pick<Pass, 'issuer' | 'familyId'>): Promise<boolean> {
    const { places, refreshTokens } = this.#parts;
    return issuer === places.own.id ? !(await refreshTokens.lives(familyId)) : refreshTokens.hasEnded(familyId);
  }

  /** `proof`: the one that came along, if any. */
  async refresh(
    { refreshToken, wantsPass = false }: RefreshRequest,
    proof: DeviceProof | null,
    overheard: boolean,
  ): Promise<SignInOutcome<Session>> {
    const { refreshTokens, accounts } = this.#parts;
    const proves = provesBy(proof);
    const used = await refreshTokens.use(refreshToken, proves);
    if (!used.ok) return { ok: false, id: used.reason === 'unproved' ? 'proof-needed' : 'signed-out' };
    const account = await accounts.byId(used.accountId);
    const { from, through } = used.grounds;
    const stands =
      account !== null &&
      (from === undefined || !(await this.#hasEnded(from))) &&
      (through === undefined || (await this.#stands(account, through)));
    if (!stands || account.darasa.disabled === true) {
      await refreshTokens.end(used.refreshToken, () => true);
      return { ok: false, id: stands ? 'account-disabled' : 'signed-out' };
    }
    return { ok: true, value: await this.#session(account, used, { overheard, wantsPass }) };
  }

  /** Whether the card or code that a session began with is still the learner's: a lost card opens nothing any more once it is taken back. */
  async #stands({ name, darasa }: StoredAccount, { classId, by, tick }: SignedInThrough): Promise<boolean> {
    const held = await this.#parts.classSignIns.of(darasa.school, classId, name);
    return held !== null && held[by].tick === tick;
  }

  async signOut(token: string, proof: DeviceProof | null): Promise<void> {
    await this.#parts.refreshTokens.end(token, provesBy(proof));
  }

  async #session(account: StoredAccount, opened: OpenedSession, { overheard = true, wantsPass = false }: Answering): Promise<Session> {
    const { couch, accounts, accessTokens, passes, log } = this.#parts;
    const { refreshToken, origin, expiresAt, deviceId } = opened;
    const { key, from } = opened.grounds;
    const { school, displayName } = account.darasa;
    const database = schoolDatabase(school);
    const roles = [...account.roles, ...(await rolesFromClasses({ couch, accounts, database, school }, account.roles))];
    // Where a pass was shown, somebody between could have carried it here: the tokens stay bound, whichever way is taken later.
    const boundTo = overheard || from !== undefined ? key : undefined;
    const claims = { accountId: account.name, school, name: displayName, roles, origin, boundTo };
    const accessToken = await accessTokens.sign(deviceId === null ? claims : { ...claims, deviceId });
    const { familyId } = origin;
    const pass =
      key === undefined || from !== undefined || !wantsPass
        ? undefined
        : await passes.sign({ accountId: account.name, school, familyId, key, expiresAt });
    if (accessToken.length > LARGE_TOKEN_BYTES)
      log.warn({ school, accountId: account.name, bytes: accessToken.length }, 'A token is large: a proxy before the server may refuse it');
    return {
      accessToken,
      refreshToken,
      expiresIn: accessTokens.lifetimeSeconds,
      account: { id: account.name, name: displayName, roles },
      ...(boundTo === undefined ? {} : { tokenType: 'DPoP' }),
      ...(pass === undefined ? {} : { pass }),
    };
  }
}

/** A session as it goes on from here. */
interface OpenedSession extends IssuedToken {
  readonly expiresAt: number;
  readonly grounds: SessionGrounds;
  readonly deviceId: string | null;
}

interface Answering {
  readonly overheard?: boolean;
  readonly wantsPass?: boolean;
}

function provesBy(proof: DeviceProof | null): Proves {
  return (thumbprint) => proof !== null && proof.thumbprint === thumbprint && proof.spend();
}
