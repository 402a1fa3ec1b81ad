import type { FeedIndex } from '../../feed/index/feed-index.ts';
import type { Principal } from '../../policies/principal.ts';
import { passedHeaders, passOn } from './pass-on.ts';
import type { SchoolRequest } from './school-request.ts';

/** Larger documents are passed on as they come. */
const MAX_BYTES = 64 * 1024;

/** People whose own token the database has let read in their school. */
const admitted = new WeakSet<Principal>();

/** Whether a request asks for a document as anybody would: as JSON, whole, without conditions. */
export function isPlain(headers: Readonly<Record<string, string>>): boolean {
  const { accept, ...others } = headers;
  return Object.keys(others).length === 0 && (accept === undefined || accept === '*/*' || accept === 'application/json');
}

/**
 * A document as the database answered before, where that is still what it would answer: the index has caught up with the
 * database since the request came, and the winner, the only leaf, is that revision. Only for people whom the database itself has
 * let in with this same token; null where it has to be asked.
 */
export async function knownDocument({ feed, principal }: SchoolRequest, id: string): Promise<Response | null> {
  if (principal === null || !admitted.has(principal)) return null;
  const kept = (): { readonly rev: string; readonly body: string } | null => {
    const { built } = feed.index;
    const rev = built?.singleCopy === true ? onlyLeaf(built.index, id) : null;
    const body = rev === null ? null : (built?.bodies.get(id, rev) ?? null);
    return rev === null || body === null ? null : { rev, body };
  };
  if (kept() === null) return null;
  await feed.index.caughtUp();
  const found = kept();
  if (found === null) return null;
  return new Response(found.body, { headers: { 'Content-Type': 'application/json', ETag: `"${found.rev}"` } });
}

/** Passes a document on, and keeps it for the next who asks. */
export async function rememberDocument({ asPerson, feed, principal }: SchoolRequest, id: string, answer: Response): Promise<Response> {
  const length = Number(answer.headers.get('content-length') ?? Number.NaN);
  const rev = /^"(\d+-\w+)"$/.exec(answer.headers.get('etag') ?? '')?.[1];
  if (!answer.ok || rev === undefined || !(length <= MAX_BYTES)) return passOn(answer);
  const body = await answer.text();
  feed.index.built?.bodies.put(id, rev, body, length);
  if (principal !== null && asPerson) admitted.add(principal);
  return new Response(body, { status: answer.status, headers: passedHeaders(answer) });
}

function onlyLeaf(index: FeedIndex, id: string): string | null {
  const number = index.find(id);
  if (number === null || index.isDeleted(number)) return null;
  const [rev, ...others] = index.leavesOf(number);
  return rev === undefined || others.length > 0 ? null : rev;
}
