import { createHash } from 'node:crypto';
import type { Accounts, StoredAccount } from '../couch/accounts.ts';
import type { AccessTokens } from './access-tokens.ts';

const SESSION_SECONDS = 3_600;

/** An admin at the raw database. */
export interface DashboardAdmin {
  readonly accountId: string;
  readonly school: string;
  readonly name: string;
  /** The account's own roles. */
  readonly roles: readonly string[];
  /** Whether everything of this CouchDB is open to them, or their own school's database alone. */
  readonly operator: boolean;
  /** Changes with the password: a cookie of the one before is worth nothing. */
  readonly stamp: string;
}

/** Who may use the raw database. The account is read at each request: one that was switched off is out at once. */
export class DashboardSessions {
  readonly #accounts: Accounts;
  readonly #tokens: AccessTokens;
  readonly lifetimeSeconds = SESSION_SECONDS;

  constructor(accounts: Accounts, tokens: AccessTokens) {
    this.#accounts = accounts;
    this.#tokens = tokens;
  }

  /** The value of the cookie, for an account that `admin` accepts. */
  async open({ accountId, stamp }: DashboardAdmin): Promise<string> {
    return this.#tokens.signDashboard(accountId, stamp, SESSION_SECONDS);
  }

  async ofCookie(cookie: string): Promise<DashboardAdmin | null> {
    const verified = await this.#tokens.verifyDashboard(cookie);
    if (verified === null) return null;
    const admin = await this.ofAccount(verified.accountId);
    return admin?.stamp === verified.stamp ? admin : null;
  }

  async ofBearer(token: string): Promise<DashboardAdmin | 'not-admin' | null> {
    const access = await this.#tokens.verify(token);
    return access === null ? null : ((await this.ofAccount(access.accountId)) ?? 'not-admin');
  }

  async ofAccount(accountId: string): Promise<DashboardAdmin | null> {
    const account = await this.#accounts.byId(accountId);
    return account === null ? null : dashboardAdmin(account);
  }

  /** The token that CouchDB gets with one request of an admin. An operator is a server admin there; an admin is themself. */
  async couchToken({ accountId, roles, operator }: DashboardAdmin): Promise<string> {
    return this.#tokens.signForDatabase(accountId, operator ? ['_admin'] : roles);
  }
}

export function dashboardAdmin(account: StoredAccount): DashboardAdmin | null {
  const { name, roles, darasa } = account;
  if (darasa.disabled === true || !roles.includes('admin')) return null;
  const { school, displayName } = darasa;
  return { accountId: name, school, name: displayName, roles, operator: roles.includes('operator'), stamp: stampOf(account) };
}

/** The salt is made anew with each password; of the verifier nothing goes out. */
function stampOf({ name, ['salt']: salt }: StoredAccount): string {
  return createHash('sha256')
    .update(`${name} ${String(salt)}`)
    .digest('base64url')
    .slice(0, 22);
}
