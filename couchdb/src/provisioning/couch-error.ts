/** CouchDB's own words for what went wrong with one request. */
export class CouchError extends Error {
  override readonly name = 'CouchError';
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** CouchDB's `error`, for example `not_found`. */
  readonly error: string;
  readonly reason: string;

  constructor(request: string, status: number, error: string, reason: string, options?: ErrorOptions) {
    super(`${request}: ${status} ${error}: ${reason}`, options);
    this.status = status;
    this.error = error;
    this.reason = reason;
  }
}
