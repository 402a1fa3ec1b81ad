import { type Partition, parsePartition } from '@darasa/shared/documents';
import { mayReadPartition } from '@darasa/shared/rules';
import { EXCHANGE_LIMITS, EXCHANGE_TYPE, type ExchangeDocument, type ExchangeRequest, readRequest } from '@darasa/shared/sync';
import { answerExchange, type RefusedPush } from '../../exchange/answer-exchange.ts';
import { packedReply } from '../../exchange/packed-reply.ts';
import { readLeaves } from '../../exchange/read-leaves.ts';
import { writePushed } from '../../exchange/write-pushed.ts';
import { couchError, RequestProblem } from '../../middleware/errors.ts';
import { readBody } from '../../middleware/json-body.ts';
import { readableWithin } from '../../policies/document-reader.ts';
import type { Principal } from '../../policies/principal.ts';
import { allowedQuery } from '../../policies/query.ts';
import { judgeAndWrite } from './bulk-docs.ts';
import { noteContact } from './note-contact.ts';
import type { SchoolRequest } from './school-request.ts';

/** How long a device waits for the index of a server that has just started; then it replicates as any PouchDB does. */
const BUILDING_MS = 3_000;

/**
 * `POST /db/school-<slug>/_exchange`: one round trip that sends, receives and proves; see `docs/sync-spec.md`. Writes pass
 * the judgement of `_bulk_docs`, reads the access table.
 */
export async function exchange(request: SchoolRequest): Promise<Response> {
  const { c, couch, database, feed, hub, principal, url } = request;
  const { feed: kind } = allowedQuery(url, ['feed']);
  if (kind !== undefined && kind !== 'longpoll') throw new RequestProblem(400, 'bad_request', 'The feed is longpoll, or none');
  if (c.req.header('content-type') !== EXCHANGE_TYPE) return couchError(c, 415, 'bad_content_type', `Only ${EXCHANGE_TYPE} is spoken here`);
  const asked = await readExchange(request);
  // Not a refusal of each document: the device would put work aside that only came without its token.
  if (asked.blocks.length > 0 && principal === null) throw new RequestProblem(401, 'unauthorized', 'Sign in to write');
  const built = await feed.index.ready(BUILDING_MS);
  if (built === null) {
    c.header('Retry-After', '5');
    return couchError(c, 503, 'index_building', 'The server has just started and reads the school: replicate meanwhile, or come again');
  }
  // What is pushed is noted where it is written.
  if (asked.blocks.length === 0) noteContact(request, 0);
  const scope = asked.question.scope ?? null;
  const person = principal?.person ?? null;
  const lines = answerExchange(asked, {
    hub,
    built: () => feed.index.built ?? built,
    readable: () => readableWithin(person, feed.openCourses(), scope),
    push: async (docs) => (principal === null ? [] : push(request, principal, docs)),
    read: (leaves) => readLeaves(couch, database, (feed.index.built ?? built).cache, leaves, ({ id, rev }) => feed.index.distrust(id, rev)),
    wait: async (partitions, ms) => {
      // Whoever waits takes another place than whoever works, and says so where it can be read before the body.
      if (kind !== 'longpoll') return;
      const left = (principal?.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
      await feed.index.changeIn(partitions, Math.max(0, Math.min(ms, left)), c.req.raw.signal);
    },
  });
  return packedReply(lines, c.req.header('accept-encoding'), (error) => c.get('log').warn({ err: error }, 'An exchange broke off'));
}

async function readExchange({ c }: SchoolRequest): Promise<ExchangeRequest> {
  const body = new TextDecoder().decode(await readBody(c, EXCHANGE_LIMITS.pushBytes));
  let asked: ExchangeRequest;
  try {
    asked = readRequest(body);
  } catch (cause) {
    throw new RequestProblem(400, 'bad_request', 'This is no request of an exchange', { cause });
  }
  const docs = asked.blocks.reduce((sum, [, , ids]) => sum + ids.length, 0);
  if (docs > EXCHANGE_LIMITS.pushDocs)
    throw new RequestProblem(413, 'too_large', `An exchange brings at most ${EXCHANGE_LIMITS.pushDocs} documents`);
  return asked;
}

async function push(request: SchoolRequest, principal: Principal, docs: readonly ExchangeDocument[]): Promise<readonly RefusedPush[]> {
  const { feed, openCourses } = request;
  const mayRead = (partitionId: string): boolean => {
    const partition: Partition | null = parsePartition(partitionId);
    return partition !== null && mayReadPartition(principal.person, partition, openCourses);
  };
  return writePushed(feed.index, docs, (given) => judgeAndWrite(request, principal, given, false), mayRead);
}
