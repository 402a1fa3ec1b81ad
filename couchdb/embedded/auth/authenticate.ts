import type { Config } from '../config.ts';
import { badRequest, unauthorized } from '../errors.ts';
import { type Accounts, anonymous, type UserContext } from './accounts.ts';
import { cookieHeader, makeCookie, parseCookie } from './cookie.ts';
import { readToken } from './jwt.ts';

export interface Identity {
  readonly caller: UserContext;
  /** CouchDB's name of the handler that knew the caller. */
  readonly handler?: 'default' | 'cookie' | 'jwt';
  /** A renewed session cookie to send back. */
  readonly setCookie?: string;
}

export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/** CouchDB's handlers in its order: cookie, token, basic. Throws its refusal when what was presented does not hold. */
export async function authenticate(credentials: Credentials, config: Config, accounts: Accounts, now: Date): Promise<Identity> {
  const session = await fromCookie(credentials.cookie, config, accounts, now);
  if (session) return session;
  const [scheme, value] = splitHeader(credentials.authorization);
  if (scheme === 'bearer' && jwtEnabled(config)) return { caller: await readToken(value, config), handler: 'jwt' };
  if (scheme === 'basic') return fromBasic(value, accounts);
  return { caller: anonymous };
}

export function jwtEnabled(config: Config): boolean {
  return config.get('chttpd', 'authentication_handlers')?.includes('jwt_authentication_handler') === true;
}

export async function sessionCookie(name: string, config: Config, accounts: Accounts, now: Date): Promise<string> {
  const account = await accounts.find(name);
  const value = makeCookie(name, Math.floor(now.getTime() / 1000), config.get('chttpd_auth', 'secret') ?? '', saltOf(account?.verifier));
  return cookieHeader(value, config.number('chttpd_auth', 'timeout'), now);
}

function saltOf(verifier: Record<string, unknown> | undefined): string {
  return typeof verifier?.['salt'] === 'string' ? verifier['salt'] : '';
}

function splitHeader(header: string | undefined): [scheme: string, value: string] {
  const at = header?.indexOf(' ') ?? -1;
  if (header === undefined || at < 0) return ['', ''];
  return [header.slice(0, at).toLowerCase(), header.slice(at + 1).trim()];
}

async function fromBasic(value: string, accounts: Accounts): Promise<Identity> {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw badRequest('Authorization header has invalid base64 value');
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return { caller: anonymous };
  const account = await accounts.signIn(text.slice(0, colon), text.slice(colon + 1));
  if (!account) throw unauthorized('Name or password is incorrect.');
  return { caller: account.context, handler: 'default' };
}

async function fromCookie(header: string | undefined, config: Config, accounts: Accounts, now: Date): Promise<Identity | undefined> {
  const cookie = parseCookie(header);
  if (!cookie) return undefined;
  const account = await accounts.find(cookie.name);
  const timeout = config.number('chttpd_auth', 'timeout');
  const age = Math.floor(now.getTime() / 1000) - cookie.seconds;
  const secret = config.get('chttpd_auth', 'secret') ?? '';
  if (!account || age >= timeout || !cookie.isGenuine(secret, saltOf(account.verifier))) return undefined;
  const identity: Identity = { caller: account.context, handler: 'cookie' };
  // CouchDB renews a session when less than nine tenths of its time are left.
  if (timeout - age > timeout * 0.9) return identity;
  return { ...identity, setCookie: await sessionCookie(cookie.name, config, accounts, now) };
}
