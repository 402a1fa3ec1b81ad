import type { Config } from '../config.ts';
import type { Databases } from '../databases.ts';
import { isStringArray, type JsonObject } from '../json.ts';
import { PasswordCheck, parseAdminHash } from './passwords.ts';

export interface UserContext {
  readonly name: string | null;
  readonly roles: readonly string[];
}

export const anonymous: UserContext = { name: null, roles: [] };

export interface Account {
  readonly context: UserContext;
  readonly verifier: JsonObject;
}

/** People who can sign in: the admins of the configuration, then the documents of `_users`. */
export class Accounts {
  readonly #config: Config;
  readonly #databases: Databases;
  readonly #passwords = new PasswordCheck();

  constructor(config: Config, databases: Databases) {
    this.#config = config;
    this.#databases = databases;
  }

  async find(name: string): Promise<Account | undefined> {
    const adminLine = this.#config.get('admins', name);
    const adminVerifier = adminLine === undefined ? undefined : parseAdminHash(adminLine);
    if (!this.#databases.has('_users')) return adminVerifier && { context: { name, roles: ['_admin'] }, verifier: adminVerifier };
    const document = await this.#databases.get('_users').use((pouch) => pouch.get(`org.couchdb.user:${name}`).catch(() => undefined));
    const roles = isStringArray(document?.['roles']) ? document['roles'] : [];
    if (adminVerifier) return { context: { name, roles: ['_admin', ...roles] }, verifier: adminVerifier };
    return document && { context: { name, roles }, verifier: document };
  }

  /** `undefined` when the name is unknown or the password is wrong. */
  async signIn(name: string, password: string): Promise<Account | undefined> {
    const account = await this.find(name);
    return account && (await this.#passwords.matches(password, account.verifier)) ? account : undefined;
  }
}
