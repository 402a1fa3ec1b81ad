import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { bytesOf, COURIER_TYPE, CourierFile, type CourierLimits, CourierProblem } from '@darasa/shared/courier';
import { opaqueId } from '@darasa/shared/documents';
import { COURIER_ERROR, type CourierReport } from '@darasa/shared/protocol';
import { Hono } from 'hono';
import { actingAs } from '../couch/couch-client.ts';
import { type AuthorParts, authorOf } from '../courier/author.ts';
import type { CourierKeys } from '../courier/courier-keys.ts';
import { importWork, refusedByReason } from '../courier/import-work.ts';
import { writeReceipt } from '../courier/receipt.ts';
import type { SchoolFeeds } from '../feed/school-feed.ts';
import { apiError, RequestProblem } from '../middleware/errors.ts';
import type { ServerContext, ServerEnv } from '../middleware/server-context.ts';
import { documentReader } from '../policies/document-reader.ts';
import type { Principal } from '../policies/principal.ts';
import type { Environment } from '../services/environment.ts';
import type { Metrics } from '../services/metrics.ts';
import type { OwnPlace } from '../services/own-place.ts';
import { writeJudged } from './replication/bulk-docs.ts';

export interface CourierRouteParts extends AuthorParts {
  readonly own: OwnPlace;
  readonly keys: CourierKeys;
  readonly feeds: SchoolFeeds;
  readonly metrics: Metrics;
  readonly environment: Environment;
}

/** What one file of work may bring: a year of a learner's photos. */
const LIMITS: CourierLimits = { fileBytes: 200_000_000, lineBytes: 32_000_000, unpackedBytes: 400_000_000 };

/**
 * `POST /v1/courier`: takes a courier file that somebody of the school carries, in the name of the person whose device made it. It is read as
 * it comes. After `authenticate`: `personOf` answers who carries it.
 */
export function courierRoutes(parts: CourierRouteParts, personOf: (c: ServerContext) => Principal): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.post('/', async (c) => {
    const carrier = personOf(c);
    if (c.req.header('content-type') !== COURIER_TYPE) return apiError(c, 415, 'bad-content-type', `Only ${COURIER_TYPE} is taken here`);
    const body = c.req.raw.body;
    if (body === null) throw new RequestProblem(400, 'bad_request', 'There is no file');
    try {
      return c.json(await take(body, carrier, parts));
    } catch (error) {
      if (!(error instanceof CourierProblem)) throw error;
      // The rest of the body is not read: the connection cannot carry another request.
      c.header('Connection', 'close');
      return apiError(c, 422, COURIER_ERROR + error.id, error.message);
    }
  });
  return routes;
}

async function take(body: ReadableStream<Uint8Array>, carrier: Principal, parts: CourierRouteParts): Promise<CourierReport> {
  const { couch, feeds, metrics, keys, own, environment } = parts;
  const file = await CourierFile.open(bytesOf(body));
  const { school, from, serial } = file.header;
  if (school !== carrier.school) throw new CourierProblem('other-school', `The file is of the school ${school}`);
  const { principal, signer } = await authorOf(file.header, parts);
  const database = schoolDatabase(school);
  const asAuthor = actingAs(couch, async () => principal.authorization);
  const work = await importWork(file.lines({ signer, keys: keys.openingKeys, limits: LIMITS }), (docs) =>
    writeJudged({ couch: asAuthor, database, metrics }, principal, docs, false),
  );
  if (work.problem !== null) throw work.problem;

  const feed = await feeds.of(school);
  const mayRead = documentReader(carrier.person, feed.openCourses());
  const answerTo = from.kind === 'device' ? from.answerTo : keys.opening.key;
  const receipt = writeReceipt(
    work,
    { header: file.header, accountId: principal.accountId, answerTo },
    {
      own,
      keys,
      serial: opaqueId(environment.random) + opaqueId(environment.random),
      madeAt: new Date(environment.now()).toISOString(),
    },
  );
  const pieces: Uint8Array[] = [];
  for await (const piece of receipt) pieces.push(piece);
  return {
    serial,
    accountId: principal.accountId,
    taken: work.taken,
    known: work.known,
    refused: refusedByReason(work.refused, mayRead),
    receipt: Buffer.concat(pieces).toString('base64url'),
  };
}
