import * as v from 'valibot';

export interface CouchRequest {
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, with the content type in `headers`. */
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The `Authorization` of a person; without it the server's own. */
  readonly authorization?: string;
  readonly signal?: AbortSignal;
}

/** No answer came from CouchDB. The person's request can be made again later. */
export class CouchUnreachable extends Error {
  override readonly name = 'CouchUnreachable';
}

/** CouchDB answered the server's own request with an error that the server did not expect. */
export class CouchRefused extends Error {
  override readonly name = 'CouchRefused';
  readonly status: number;

  constructor(request: string, status: number, answer: string) {
    super(`${request}: ${status} ${answer.slice(0, 300)}`);
    this.status = status;
  }
}

/** A path that means another one once it is read as an address, by `..` or an encoded form of it. Nothing was sent. */
export class PathClimbs extends Error {
  override readonly name = 'PathClimbs';
}

/** CouchDB over HTTP, with the server's own credentials unless a request brings another's. */
export interface CouchClient {
  /** Any answer, whatever its status. `path` begins with a slash and is encoded. Throws CouchUnreachable, and PathClimbs. */
  send(method: string, path: string, request?: CouchRequest): Promise<Response>;
  /** The body of a 2xx answer. Throws CouchRefused for any other. */
  ask<Schema extends v.GenericSchema>(schema: Schema, method: string, path: string, request?: CouchRequest): Promise<v.InferOutput<Schema>>;
  /** The same, and null for 404. */
  find<Schema extends v.GenericSchema>(schema: Schema, path: string, request?: CouchRequest): Promise<v.InferOutput<Schema> | null>;
}

/** `url` carries the credentials of a server admin. */
export function couchClient(url: string): CouchClient {
  const parsed = new URL(url);
  const credentials = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
  parsed.username = '';
  parsed.password = '';
  const base = parsed.href.replace(/\/+$/, '');
  const own = `Basic ${Buffer.from(credentials).toString('base64')}`;

  async function send(method: string, path: string, request: CouchRequest = {}): Promise<Response> {
    const search = request.query === undefined ? '' : `?${new URLSearchParams(request.query)}`;
    const address = addressOf(base, path, search);
    const body = request.json === undefined ? request.body : JSON.stringify(request.json);
    try {
      return await fetch(address, {
        method,
        redirect: 'manual',
        headers: {
          accept: 'application/json',
          // fetch would unpack a packed attachment and leave the headers of the packed one.
          'accept-encoding': 'identity',
          ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
          authorization: request.authorization ?? own,
        },
        ...(body === undefined ? {} : { body }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
    } catch (cause) {
      if (request.signal?.aborted === true) throw cause;
      throw new CouchUnreachable(`${method} ${path}: no answer from CouchDB`, { cause });
    }
  }

  async function read<Schema extends v.GenericSchema>(schema: Schema, label: string, response: Response): Promise<v.InferOutput<Schema>> {
    const text = await response.text().catch((cause: unknown) => {
      throw new CouchUnreachable(`${label}: the answer broke off`, { cause });
    });
    if (!response.ok) throw new CouchRefused(label, response.status, text);
    return v.parse(schema, JSON.parse(text));
  }

  return {
    send,
    async ask(schema, method, path, request) {
      return read(schema, `${method} ${path}`, await send(method, path, request));
    },
    async find(schema, path, request) {
      const response = await send('GET', path, request);
      if (response.status === 404) {
        await response.body?.cancel();
        return null;
      }
      return read(schema, `GET ${path}`, response);
    },
  };
}

/** The same CouchDB, asked with another's `Authorization` wherever a request does not bring its own. */
export function actingAs(couch: CouchClient, authorization: () => Promise<string>): CouchClient {
  const as = async (request: CouchRequest = {}): Promise<CouchRequest> => ({
    ...request,
    authorization: request.authorization ?? (await authorization()),
  });
  return {
    send: async (method, path, request) => couch.send(method, path, await as(request)),
    ask: async (schema, method, path, request) => couch.ask(schema, method, path, await as(request)),
    find: async (schema, path, request) => couch.find(schema, path, await as(request)),
  };
}

/** Reading an address resolves `..`, `%2e%2e` and the like, so what is asked for could be something else than was written. */
function addressOf(base: string, path: string, search: string): URL {
  const address = new URL(`${base}${path}${search}`);
  const written = `${base}${path.split('?', 1)[0]}`;
  if (!path.startsWith('/') || `${address.origin}${address.pathname}` !== written) throw new PathClimbs(`Not a path at CouchDB: ${path}`);
  return address;
}

/** The path of a document in a database. */
export function documentPath(database: string, id: string): string {
  return `/${encodeURIComponent(database)}/${encodeURIComponent(id)}`;
}
