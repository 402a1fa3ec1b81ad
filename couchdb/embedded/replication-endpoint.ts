import type { UserContext } from './auth/accounts.ts';
import { badRequest, CouchError } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { type Pouch, PouchConstruct } from './pouch.ts';

/** Answers a request in process, as the person given. */
export type Reach = (request: Request, actingAs: UserContext) => Response | Promise<Response>;

/** Addresses of databases of this store, as the routes see them when they are reached in process. */
const inProcess = 'http://in-process.invalid';

/** One end of a replication. */
export interface Endpoint {
  readonly shown: string;
  readonly url: string;
  readonly pouch: Pouch;
  request(input: string, init?: RequestInit): Promise<Response>;
}

/** Reads what a replication is asked to connect. `reach` answers for the databases of this store, as the person given. */
export function endpointOf(given: unknown, caller: UserContext, role: 'source' | 'target', reach: Reach): Endpoint {
  const address = isJsonObject(given) ? given['url'] : given;
  if (typeof address !== 'string' || address === '') throw badRequest(`\`${role}\` is missing or is not a database`);
  const isRemote = /^https?:\/\//.test(address);
  const url = isRemote ? address : `${inProcess}/${encodeURIComponent(address)}`;
  const headers = isJsonObject(given) ? headersOf(given) : {};
  const request = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const all = new Headers(init.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return isRemote ? fetch(input, { ...init, headers: all }) : reach(new Request(input, { ...init, headers: all }), caller);
  };
  const pouch = new PouchConstruct(url, { skip_setup: true, fetch: request });
  takeAttachmentsAsText(pouch);
  return { shown: withoutPassword(address), url, request, pouch };
}

/** Throws what CouchDB answers when there is no such database, or not for this person. */
export async function requireThere({ url, shown, request }: Endpoint): Promise<void> {
  const plain = new URL(url);
  const headers: Record<string, string> = {};
  if (plain.username) {
    headers['authorization'] = basic(decodeURIComponent(plain.username), decodeURIComponent(plain.password));
    plain.username = '';
    plain.password = '';
  }
  const answer = await request(plain.href, { headers }).catch((error: unknown) => {
    throw new CouchError(500, 'replication_error', `could not reach ${shown}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (answer.ok) return;
  if (answer.status === 404) throw new CouchError(500, 'db_not_found', `could not open ${shown}`);
  throw new CouchError(
    answer.status === 401 ? 401 : 403,
    answer.status === 401 ? 'unauthorized' : 'forbidden',
    `unauthorized to access or create database ${shown}`,
  );
}

/** For `create_target`. */
export async function create({ url, request }: Endpoint): Promise<void> {
  const plain = new URL(url);
  const headers: Record<string, string> = plain.username
    ? { authorization: basic(decodeURIComponent(plain.username), decodeURIComponent(plain.password)) }
    : {};
  plain.username = '';
  plain.password = '';
  const answer = await request(plain.href, { method: 'PUT', headers });
  if (!answer.ok && answer.status !== 412) throw new CouchError(403, 'forbidden', 'the target could not be created');
}

/** PouchDB reads attachments from a remote source as blobs and hands these to a remote target as they are; JSON wants base64. */
function takeAttachmentsAsText(pouch: Pouch): void {
  const { bulkDocs } = pouch;
  pouch.bulkDocs = async (body, options) => {
    // PouchDB's replicator gives the body of `_bulk_docs` here, not a list.
    const { docs } = body as unknown as { docs: { _attachments?: Record<string, { data?: unknown }> }[] };
    for (const document of docs) {
      for (const attachment of Object.values(document._attachments ?? {})) {
        const { data } = attachment;
        if (data instanceof Blob) attachment.data = Buffer.from(await data.arrayBuffer()).toString('base64');
        else if (Buffer.isBuffer(data)) attachment.data = data.toString('base64');
      }
    }
    return bulkDocs.call(pouch, body, options);
  };
}

function headersOf(given: JsonObject): Record<string, string> {
  const headers = isJsonObject(given['headers']) ? given['headers'] : {};
  const auth = isJsonObject(given['auth']) && isJsonObject(given['auth']['basic']) ? given['auth']['basic'] : undefined;
  return {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    ...(auth ? { authorization: basic(String(auth['username']), String(auth['password'])) } : {}),
  };
}

function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

function withoutPassword(address: string): string {
  return address.replace(/^(https?:\/\/)[^/@]*@/, '$1');
}
