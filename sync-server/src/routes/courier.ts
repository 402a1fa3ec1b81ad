import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { bytesOf, COURIER_TYPE, CourierFile, type CourierLimits, CourierProblem, streamOf } from '@darasa/shared/courier';
import { COURIER_ERROR, type CourierReport, contentFileRequestSchema } from '@darasa/shared/protocol';
import { Hono } from 'hono';
import { actingAs } from '../couch/couch-client.ts';
import { type AuthorParts, authorOf } from '../courier/author.ts';
import type { CourierKeys } from '../courier/courier-keys.ts';
import { importWork, refusedByReason } from '../courier/import-work.ts';
import { type ContentParts, makeContentFile, newSerial } from '../courier/make-content-file.ts';
import { writeReceipt } from '../courier/receipt.ts';
import type { SchoolFeeds } from '../feed/school-feed.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { apiError, RequestProblem } from '../middleware/errors.ts';
import { readValid } from '../middleware/json-body.ts';
import { rateLimit } from '../middleware/rate-limit.ts';
import type { ServerContext, ServerEnv } from '../middleware/server-context.ts';
import { documentReader } from '../policies/document-reader.ts';
import type { Principal } from '../policies/principal.ts';
import type { AccessTokens } from '../services/access-tokens.ts';
import type { DeviceProofs } from '../services/device-proofs.ts';
import type { Environment } from '../services/environment.ts';
import type { Metrics } from '../services/metrics.ts';
import type { OwnPlace } from '../services/own-place.ts';
import { writeJudged } from './replication/bulk-docs.ts';

export interface CourierRouteParts extends AuthorParts, ContentParts {
  readonly accessTokens: AccessTokens;
  readonly proofs: DeviceProofs;
  readonly own: OwnPlace;
  readonly keys: CourierKeys;
  readonly feeds: SchoolFeeds;
  readonly metrics: Metrics;
  readonly environment: Environment;
  readonly trustedProxies: number;
}

/** What one file of work may bring: a year of a learner's photos. */
const LIMITS: CourierLimits = { fileBytes: 200_000_000, lineBytes: 32_000_000, unpackedBytes: 400_000_000 };

/**
 * `POST /v1/courier`: takes a courier file that somebody of the school carries, in the name of the person whose device made it. It is read as
 * it comes.
 * `POST /v1/courier/content`: makes one for devices.
 */
export function courierRoutes(parts: CourierRouteParts): Hono<ServerEnv> {
  const { trustedProxies, environment } = parts;
  const routes = new Hono<ServerEnv>();
  routes.use(async (c, next) => {
    c.set('route', 'courier');
    c.header('Cache-Control', 'no-store');
    return next();
  });
  // A teacher brings the files of a class at once.
  routes.use(rateLimit({ burst: 100, perMinute: 60, trustedProxies, now: environment.now }));
  routes.use(authenticate(parts, (c) => apiError(c, 401, 'signed-out', 'Sign in again.')));
  routes.post('/', async (c) => {
    const carrier = signedIn(c);
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
  routes.post('/content', async (c) => {
    const actor = signedIn(c);
    const wanted = await readValid(c, contentFileRequestSchema);
    const outcome = await makeContentFile(wanted, actor, parts);
    if (!outcome.ok) return apiError(c, outcome.status, outcome.id, outcome.message);
    return new Response(streamOf(outcome.file), { headers: { 'Content-Type': COURIER_TYPE } });
  });
  return routes;
}

function signedIn(c: ServerContext): Principal {
  const principal = c.get('principal');
  if (principal === null) throw new RequestProblem(401, 'signed_out', 'Sign in first.');
  return principal;
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
  await parts.devices.note(school, principal.accountId, answerTo);
  const receipt = writeReceipt(
    work,
    { header: file.header, accountId: principal.accountId, answerTo },
    {
      own,
      keys,
      serial: newSerial(environment),
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
