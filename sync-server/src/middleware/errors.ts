import { CouchError } from '@darasa/couchdb/provisioning';
import type { ApiError } from '@darasa/shared/protocol';
import type { ErrorHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { CouchUnreachable, PathClimbs } from '../couch/couch-client.ts';
import type { ServerContext, ServerEnv } from './server-context.ts';

/** What is wrong with a request, thrown where it is read and answered by `onError`. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly status: ContentfulStatusCode;
  /** CouchDB's own name for it, for example `bad_request`. */
  readonly error: string;

  constructor(status: ContentfulStatusCode, error: string, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.status = status;
    this.error = error;
  }
}

/** An error outside the replication routes: a stable id and a message that is safe to show. */
export function apiError(
  c: ServerContext,
  status: ContentfulStatusCode,
  id: string,
  message: string,
  retryAfterSeconds?: number,
): Response {
  const body: ApiError = { error: { id, message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) } };
  if (retryAfterSeconds !== undefined) c.header('Retry-After', String(retryAfterSeconds));
  return c.json(body, status);
}

/** An error in CouchDB's own form, for the routes that speak its protocol. */
export function couchError(c: ServerContext, status: ContentfulStatusCode, error: string, reason: string): Response {
  return c.json({ error, reason }, status);
}

const speaksCouch = (path: string): boolean => path.startsWith('/db/') || path.startsWith('/couch/');

/** The one place where a thrown error becomes an answer. */
export const onError: ErrorHandler<ServerEnv> = (error, c) => {
  const couch = speaksCouch(c.req.path);
  if (error instanceof RequestProblem) {
    const { status, message } = error;
    // The rest of the body is not read: the connection cannot carry another request.
    if (status === 413) c.header('Connection', 'close');
    return couch ? couchError(c, status, error.error, message) : apiError(c, status, error.error.replaceAll('_', '-'), message);
  }
  if (error instanceof PathClimbs) {
    c.get('log').warn({ err: error }, 'A path would have left its place');
    return couch ? couchError(c, 400, 'bad_request', 'Not a path of a document') : apiError(c, 400, 'bad-request', 'Not a path');
  }
  // Provisioning's own requests say it with the status 0.
  if (error instanceof CouchUnreachable || (error instanceof CouchError && error.status === 0)) {
    c.get('log').warn({ err: error }, 'CouchDB does not answer');
    c.header('Retry-After', '5');
    const message = 'The school’s database does not answer just now. Your work is safe on this device.';
    return couch ? couchError(c, 503, 'service_unavailable', message) : apiError(c, 503, 'database-unreachable', message, 5);
  }
  c.get('log').error({ err: error }, 'A request failed');
  const message = `Something went wrong on the server (request ${c.get('requestId')})`;
  return couch ? couchError(c, 500, 'internal_server_error', message) : apiError(c, 500, 'internal', message);
};
