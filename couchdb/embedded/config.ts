import { randomBytes } from 'node:crypto';
import { hashAdminPassword } from './auth/passwords.ts';
import { readJsonFile, writeJsonFile } from './durable-file.ts';
import { CouchError } from './errors.ts';
import { isJsonObject } from './json.ts';

type Sections = Map<string, Map<string, string>>;

/** CouchDB's defaults for the settings that this store heeds. */
const defaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  chttpd: {
    authentication_handlers: '{chttpd_auth, cookie_authentication_handler}, {chttpd_auth, default_authentication_handler}',
    require_valid_user: 'false',
    max_http_request_size: String(256 * 1024 * 1024),
  },
  chttpd_auth: { timeout: '600', iterations: '600000', allow_persistent_cookies: 'true' },
  couchdb: { max_document_size: '8000000' },
  jwt_auth: { required_claims: '', roles_claim_name: '_couchdb.roles' },
};

/** The node's configuration: what `_node/_local/_config` shows and changes, kept in one file. */
export class Config {
  readonly #path: string;
  readonly #sections: Sections = new Map();
  #saving: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<void> {
    const stored = (await readJsonFile(this.#path)) ?? {};
    for (const [section, values] of Object.entries(stored)) {
      if (!isJsonObject(values)) continue;
      this.#sections.set(section, new Map(Object.entries(values).map(([key, value]) => [key, String(value)])));
    }
    if (!this.get('couchdb', 'uuid')) this.#put('couchdb', 'uuid', randomBytes(16).toString('hex'));
    if (!this.get('chttpd_auth', 'secret')) this.#put('chttpd_auth', 'secret', randomBytes(16).toString('hex'));
    await this.#save();
  }

  get(section: string, key: string): string | undefined {
    return this.#sections.get(section)?.get(key) ?? defaults[section]?.[key];
  }

  number(section: string, key: string): number {
    return Number(this.get(section, key));
  }

  section(section: string): Record<string, string> {
    return { ...defaults[section], ...Object.fromEntries(this.#sections.get(section) ?? []) };
  }

  all(): Record<string, Record<string, string>> {
    const names = new Set([...Object.keys(defaults), ...this.#sections.keys()]);
    return Object.fromEntries([...names].sort().map((name) => [name, this.section(name)]));
  }

  /** The value before, as CouchDB answers. Admins' passwords are stored as their hash. */
  async set(section: string, key: string, value: string): Promise<string> {
    const before = this.get(section, key) ?? '';
    const stored =
      section === 'admins' && !value.startsWith('-pbkdf2')
        ? await hashAdminPassword(value, this.number('chttpd_auth', 'iterations'))
        : value;
    this.#put(section, key, stored);
    await this.#save();
    return before;
  }

  async delete(section: string, key: string): Promise<string> {
    const before = this.#sections.get(section)?.get(key);
    if (before === undefined) throw new CouchError(404, 'not_found', 'unknown_config_value');
    this.#sections.get(section)?.delete(key);
    await this.#save();
    return before;
  }

  #put(section: string, key: string, value: string): void {
    const values = this.#sections.get(section) ?? new Map<string, string>();
    values.set(key, value);
    this.#sections.set(section, values);
  }

  #save(): Promise<void> {
    const write = () =>
      writeJsonFile(this.#path, Object.fromEntries([...this.#sections].map(([section, values]) => [section, Object.fromEntries(values)])));
    this.#saving = this.#saving.then(write, write);
    return this.#saving;
  }
}
