import type { SyncProblem } from './api.ts';
import { isStorageClosed, isStorageFull } from './local-database.ts';

/** Any error's usual members, and CouchDB's. PouchDB makes errors of its own of ours and copies their members. */
interface Told {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly status?: unknown;
}

function told(error: unknown): Told {
  return typeof error === 'object' && error !== null ? (error as Told) : { message: String(error) }; // every member is unknown still
}

/**
 * No answer to a request: the network failed, or there was no token to ask with. Its members are its own, because PouchDB
 * makes errors of ours anew and drops the names that native errors inherit.
 */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly reason: 'unreachable' | 'signed-out';

  constructor(reason: 'unreachable' | 'signed-out', detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** The server lets this person have nothing of what was asked for. */
export function isForbidden(error: unknown): boolean {
  const { name, status } = told(error);
  return name === 'forbidden' || status === 403;
}

function wordsOf({ reason, message, name }: Told): string {
  return [message, reason, name].find((each): each is string => typeof each === 'string' && each !== '') ?? 'unknown';
}

/** What an error of replication means to the person. */
export function syncProblem(error: unknown): SyncProblem {
  const members = told(error);
  const { name, reason, status } = members;
  const detail = wordsOf(members);
  // Only the server's own word ends a session; a request that it refuses to a token that it has just given does not.
  if (name === 'NoAnswer') return { id: reason === 'signed-out' ? 'signed-out' : 'unreachable', detail };
  if (isForbidden(error)) return { id: 'forbidden', detail };
  if (isStorageFull(error)) return { id: 'storage-full', detail };
  if (isStorageClosed(error)) return { id: 'storage-closed', detail };
  if (typeof status === 'number' && status >= 400) return { id: 'server', detail: `${status} ${detail}` };
  // An answer that broke off in the middle, in the words of the three browser engines; or the page of a captive portal.
  if (/network|fetch|load failed|abort|timed? ?out|terminated/i.test(detail)) return { id: 'unreachable', detail };
  return { id: /JSON/.test(detail) ? 'server' : 'unexpected', detail };
}

/** Milliseconds after which the school wants to be asked again, where it said so. */
export function retryAfterOf(error: unknown): number {
  const { retryAfterMs } = told(error) as { readonly retryAfterMs?: unknown }; // a member of ours: see exchange-over-http.ts
  return typeof retryAfterMs === 'number' ? retryAfterMs : 0;
}
