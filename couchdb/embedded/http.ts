import type { Context, Hono } from 'hono';
import type { Accounts, UserContext } from './auth/accounts.ts';
import type { Config } from './config.ts';
import type { Databases } from './databases.ts';
import { badRequest, CouchError, queryParseError } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import type { Replicator } from './replicator.ts';
import type { Report } from './report.ts';

/** What the routes work with. */
export interface Store {
  readonly config: Config;
  readonly databases: Databases;
  readonly accounts: Accounts;
  readonly replicator: Replicator;
  readonly now: () => Date;
  readonly report: Report;
}

export interface StoreEnvironment {
  Bindings: {
    /** Set by the store's own replicator, which reaches the routes in process; a request from the network cannot. */
    actingAs?: UserContext;
    incoming?: { url?: string };
  };
  Variables: { caller: UserContext; handler: string | undefined };
}

export type StoreContext = Context<StoreEnvironment>;
export type StoreRoutes = Hono<StoreEnvironment>;

/** The whole body, refused as soon as it grows past `limit` bytes. */
export async function readBody(c: StoreContext, limit: number): Promise<Buffer> {
  const tooLarge = () => new CouchError(413, 'too_large', 'the request entity is too large');
  if (Number(c.req.header('content-length') ?? 0) > limit) throw tooLarge();
  const body = c.req.raw.body;
  if (!body) return Buffer.alloc(0);
  const parts: Uint8Array[] = [];
  let length = 0;
  // Node's streams of bytes can be iterated; the types of the DOM do not say so.
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
    length += part.byteLength;
    if (length > limit) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export async function readJson(c: StoreContext, store: Store): Promise<unknown> {
  const body = await readBody(c, store.config.number('chttpd', 'max_http_request_size'));
  return parseJson(body);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw badRequest('invalid UTF-8 JSON');
  }
}

export async function readJsonObject(c: StoreContext, store: Store): Promise<JsonObject> {
  const value = await readJson(c, store);
  if (!isJsonObject(value)) throw badRequest('Request body must be a JSON object');
  return value;
}

/** POST bodies of CouchDB's lists must say that they are JSON. */
export function requireJsonType(c: StoreContext): void {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && type !== '' && type !== 'application/json') {
    throw new CouchError(415, 'bad_content_type', 'Content-Type must be application/json');
  }
}

/** `undefined` when the parameter is absent. */
export function booleanParameter(c: StoreContext, name: string): boolean | undefined {
  const value = c.req.query(name);
  if (value === undefined) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw queryParseError(`Invalid boolean parameter: ${JSON.stringify(value)}`);
}

export function flag(c: StoreContext, name: string): boolean {
  return c.req.query(name) === 'true';
}

export function jsonParameter(c: StoreContext, name: string): unknown {
  const value = c.req.query(name);
  if (value === undefined) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest('invalid UTF-8 JSON');
  }
}

/** The revision that a request names: by parameter, or by its If-Match header. Both must agree. */
export function revisionOf(c: StoreContext): string | undefined {
  const parameter = c.req.query('rev');
  const header = c.req.header('if-match')?.replace(/^"|"$/g, '');
  if (parameter !== undefined && header !== undefined && parameter !== header) {
    throw badRequest('Document rev and etag have different values');
  }
  return parameter ?? header;
}

export function json(c: StoreContext, value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const body = `${JSON.stringify(value)}\n`;
  return c.body(body, status as 200, {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  });
}
