import * as v from 'valibot';
import type { CouchAdmin } from './couch-admin.ts';

const JWT_HANDLER = '{chttpd_auth, jwt_authentication_handler}';
/** CouchDB's own list when its configuration names none. Source: default.ini of CouchDB 3.5. */
const DEFAULT_HANDLERS = '{chttpd_auth, cookie_authentication_handler}, {chttpd_auth, default_authentication_handler}';

const membership = v.looseObject({ cluster_nodes: v.array(v.string()) });

/** The nodes whose configuration has to be the same; a store that knows no membership is one node. */
async function nodesOf(couch: CouchAdmin): Promise<readonly string[]> {
  const reply = await couch.request('GET', '/_membership', { accept: [404, 501] });
  return reply.status === 200 ? v.parse(membership, reply.body).cluster_nodes : ['_local'];
}

const configPath = (node: string, section: string, key: string): string =>
  `/_node/${encodeURIComponent(node)}/_config/${section}/${encodeURIComponent(key)}`;

/**
 * Makes every node accept tokens: adds the JWT handler, first, where the configuration does not name it. A store
 * without a configuration (404) takes tokens by itself.
 */
export async function ensureJwtHandler(couch: CouchAdmin): Promise<void> {
  for (const node of await nodesOf(couch)) {
    const path = configPath(node, 'chttpd', 'authentication_handlers');
    const reply = await couch.request('GET', path, { accept: [404] });
    const handlers = reply.status === 200 ? v.parse(v.string(), reply.body) : DEFAULT_HANDLERS;
    if (handlers.includes('jwt_authentication_handler')) continue;
    await couch.request('PUT', path, { body: `${JWT_HANDLER}, ${handlers}` });
  }
}

export interface JwtKey {
  /** The key's id, as it stands in the header of the tokens. */
  readonly kid: string;
  /** The public key of the pair that signs ES256 tokens, as PEM (SubjectPublicKeyInfo). */
  readonly publicPem: string;
}

/**
 * Lets every node of the cluster verify tokens that were signed with the key, at once and without a restart.
 * CouchDB keeps a value on one line, so the line ends of the PEM are written as the two characters `\n`.
 */
export async function installJwtKey(couch: CouchAdmin, { kid, publicPem }: JwtKey): Promise<void> {
  const value = publicPem.trim().replaceAll(/\r?\n/g, '\\n');
  for (const node of await nodesOf(couch)) {
    const path = configPath(node, 'jwt_keys', `ec:${kid}`);
    const reply = await couch.request('GET', path, { accept: [404] });
    if (reply.status === 200 && reply.body === value) continue;
    await couch.request('PUT', path, { body: value });
  }
}

/** Makes every node forget a key, for example one that has been replaced and whose last tokens have expired. */
export async function removeJwtKey(couch: CouchAdmin, kid: string): Promise<void> {
  for (const node of await nodesOf(couch)) {
    await couch.request('DELETE', configPath(node, 'jwt_keys', `ec:${kid}`), { accept: [404] });
  }
}
