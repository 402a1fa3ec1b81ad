import type { ContentfulStatusCode } from 'hono/utils/http-status';

/**
 * A refusal in CouchDB's own words: `{ error, reason }` with its status. Thrown by everything below the routes and turned into a
 * response in one place (`app.ts`), so that each rule stands where it is checked.
 */
export class CouchError extends Error {
  readonly status: ContentfulStatusCode;
  readonly error: string;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: ContentfulStatusCode, error: string, reason: string, headers: Readonly<Record<string, string>> = {}) {
    super(`${error}: ${reason}`);
    this.name = 'CouchError';
    this.status = status;
    this.error = error;
    this.reason = reason;
    this.headers = headers;
  }
}

export const badRequest = (reason: string) => new CouchError(400, 'bad_request', reason);
export const notFound = (reason = 'missing') => new CouchError(404, 'not_found', reason);
export const missingDatabase = () => notFound('Database does not exist.');
export const conflict = () => new CouchError(409, 'conflict', 'Document update conflict.');
export const unauthorized = (reason: string) => new CouchError(401, 'unauthorized', reason);
export const forbidden = (reason: string) => new CouchError(403, 'forbidden', reason);
export const queryParseError = (reason: string) => new CouchError(400, 'query_parse_error', reason);
export const invalidRevision = () => badRequest('Invalid rev format');

export function methodNotAllowed(allowed: string): CouchError {
  return new CouchError(405, 'method_not_allowed', `Only ${allowed} allowed`, { Allow: allowed });
}

interface PouchFailure {
  readonly status?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
  readonly reason?: unknown;
}

/** PouchDB's errors carry a status and a name of their own; give them CouchDB's words. Anything else is a bug and stays as it is. */
export function fromPouch(failure: unknown): unknown {
  if (failure instanceof CouchError || typeof failure !== 'object' || failure === null) return failure;
  const { status, name, message, reason } = failure as PouchFailure;
  const words = typeof reason === 'string' ? reason : String(message ?? '');
  if (status === 404) return notFound(words === 'deleted' ? 'deleted' : words || 'missing');
  if (status === 409) return conflict();
  if (status === 412) return new CouchError(412, 'missing_stub', words);
  if (name === 'query_parse_error') return queryParseError(words);
  if (status === 400) return new CouchError(400, typeof name === 'string' ? name : 'bad_request', words);
  return failure;
}
