import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Config } from '../config.ts';
import { badRequest, CouchError, unauthorized } from '../errors.ts';
import { isStringArray } from '../json.ts';
import type { UserContext } from './accounts.ts';

const algorithms: Readonly<Record<string, readonly string[]>> = {
  ec: ['ES256', 'ES384', 'ES512'],
  rsa: ['RS256', 'RS384', 'RS512'],
  hmac: ['HS256', 'HS384', 'HS512'],
  eddsa: ['EdDSA'],
};

function familyOf(algorithm: unknown): string | undefined {
  return Object.keys(algorithms).find((family) => algorithms[family]?.includes(String(algorithm)));
}

function keyOf(config: Config, family: string, kid: string): KeyObject {
  const text = config.get('jwt_keys', `${family}:${kid}`);
  if (text === undefined) throw badRequest(`No key matching kid "${kid}"`);
  if (family === 'hmac') return createSecretKey(Buffer.from(text, 'base64'));
  try {
    return createPublicKey(text.replaceAll('\\n', '\n'));
  } catch {
    throw badRequest(`The key matching kid "${kid}" is not a public key in PEM form`);
  }
}

/** The person whom a token names, verified with the key that the configuration holds under the token's `kid`. */
export async function readToken(token: string, config: Config): Promise<UserContext> {
  const header = headerOf(token);
  const family = familyOf(header.alg);
  if (!family) throw badRequest('Invalid alg header parameter');
  const kid = typeof header.kid === 'string' ? header.kid : '_default';
  const algorithm = String(header.alg);
  const payload = await verify(token, keyOf(config, family, kid), algorithm);
  for (const claim of requiredClaims(config)) {
    if (payload[claim] === undefined) throw unauthorized(`Missing ${claim} claim.`);
  }
  if (typeof payload.sub !== 'string' || payload.sub === '') throw unauthorized('Token missing sub claim.');
  const roles = payload[config.get('jwt_auth', 'roles_claim_name') ?? '_couchdb.roles'];
  return { name: payload.sub, roles: isStringArray(roles) ? roles : [] };
}

function headerOf(token: string): { alg?: unknown; kid?: unknown } {
  const parts = token.split('.');
  try {
    if (parts.length !== 3) throw new Error('not three parts');
    const header: unknown = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString('utf8'));
    if (typeof header !== 'object' || header === null) throw new Error('not an object');
    return header;
  } catch {
    throw badRequest('Malformed token');
  }
}

async function verify(token: string, key: KeyObject, algorithm: string): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, key, { algorithms: [algorithm] })).payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw unauthorized('exp not in future');
    if (error instanceof errors.JWTClaimValidationFailed) throw unauthorized(`${error.claim} not in past`);
    if (error instanceof errors.JWSSignatureVerificationFailed) throw badRequest('Bad signature');
    if (error instanceof errors.JOSEError) throw badRequest('Malformed token');
    throw new CouchError(400, 'bad_request', 'Malformed token');
  }
}

function requiredClaims(config: Config): string[] {
  return (config.get('jwt_auth', 'required_claims') ?? '')
    .split(',')
    .map((claim) => claim.trim())
    .filter((claim) => claim !== '');
}
