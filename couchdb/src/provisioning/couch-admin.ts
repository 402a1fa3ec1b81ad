import * as v from 'valibot';
import { CouchError } from './couch-error.ts';

export interface CouchRequest {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  /** Statuses beside 2xx that the caller expects; any other is thrown as a CouchError. */
  readonly accept?: readonly number[];
  /** Milliseconds until the request is given up; a minute when not said. */
  readonly timeoutMs?: number;
}

export interface CouchReply {
  readonly status: number;
  readonly body: unknown;
}

/** A CouchDB (or the embedded store) and the right to administer it. */
export interface CouchAdmin {
  /** Without credentials and without a trailing slash. */
  readonly url: string;
  /** `path` begins with a slash and is encoded already. Throws a CouchError for a status that was not expected, a RangeError for a path that climbs. */
  request(method: string, path: string, request?: CouchRequest): Promise<CouchReply>;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const errorBody = v.object({ error: v.string(), reason: v.optional(v.nullable(v.string())) });

/**
 * The handle that all of provisioning works through. Credentials come beside the URL or within it
 * (`http://admin:secret@127.0.0.1:5984`). Throws a TypeError when the URL is none.
 */
export function couchAdmin(url: string, credentials?: Credentials): CouchAdmin {
  const parsed = new URL(url);
  const name = credentials?.name ?? decodeURIComponent(parsed.username);
  const password = credentials?.password ?? decodeURIComponent(parsed.password);
  parsed.username = '';
  parsed.password = '';
  const base = parsed.href.replace(/\/+$/, '');
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

  return {
    url: base,
    async request(method, path, { body, query, accept = [], timeoutMs = DEFAULT_TIMEOUT_MS } = {}) {
      const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
      const label = `${method} ${path}`;
      const address = new URL(`${base}${path}${search}`);
      // Reading an address resolves `..` and `%2e%2e`: what would be asked for is not what was written.
      if (!path.startsWith('/') || `${address.origin}${address.pathname}` !== `${base}${path.split('?', 1)[0]}`)
        throw new RangeError(`Not a path at CouchDB: ${path}`);
      let response: Response;
      let text: string;
      try {
        response = await fetch(address, {
          method,
          headers: { accept: 'application/json', authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(timeoutMs),
        });
        text = await response.text();
      } catch (cause) {
        throw new CouchError(label, 0, 'no_answer', cause instanceof Error ? cause.message : String(cause), { cause });
      }
      const reply = { status: response.status, body: parseJson(text) };
      if (response.ok || accept.includes(response.status)) return reply;
      const told = v.safeParse(errorBody, reply.body);
      throw new CouchError(
        label,
        response.status,
        told.success ? told.output.error : 'unexpected',
        told.success ? (told.output.reason ?? '') : text.slice(0, 200),
      );
    },
  };
}

/** What is not JSON becomes undefined, which no reply's schema accepts. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
