import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { classCardId } from '@darasa/shared/documents';
import {
  type HubList,
  hubEndedSchema,
  hubReleaseSchema,
  hubTokenRequestSchema,
  newHubCodeSchema,
  type PairAnswer,
  pairRequestSchema,
} from '@darasa/shared/protocol';
import { Hono } from 'hono';
import type { Accounts } from '../couch/accounts.ts';
import type { CouchClient } from '../couch/couch-client.ts';
import type { SchoolDirectory } from '../couch/school-directory.ts';
import { readDocuments } from '../couch/school-documents.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { apiError, RequestProblem } from '../middleware/errors.ts';
import { readValid } from '../middleware/json-body.ts';
import { packedJson } from '../middleware/packed-json.ts';
import { personNow } from '../middleware/person-now.ts';
import { rateLimit } from '../middleware/rate-limit.ts';
import type { ServerContext, ServerEnv } from '../middleware/server-context.ts';
import type { Principal } from '../policies/principal.ts';
import type { AccessTokens } from '../services/access-tokens.ts';
import type { Audit } from '../services/audit.ts';
import type { DeviceProofs } from '../services/device-proofs.ts';
import type { HubCredentials } from '../services/hub-credentials.ts';
import type { HubPairing } from '../services/hub-pairing.ts';
import type { HubRecord, HubRecords } from '../services/hub-records.ts';
import type { OwnPlace } from '../services/own-place.ts';
import type { RefreshTokens } from '../services/refresh-tokens.ts';

export interface HubRouteParts {
  readonly own: OwnPlace;
  readonly couch: CouchClient;
  readonly schools: SchoolDirectory;
  readonly accounts: Accounts;
  readonly hubs: HubRecords;
  readonly pairing: HubPairing;
  readonly credentials: HubCredentials;
  readonly accessTokens: AccessTokens;
  readonly proofs: DeviceProofs;
  readonly refreshTokens: RefreshTokens;
  readonly audit: Audit;
  readonly trustedProxies: number;
  readonly now: () => number;
}

/** `/v1/hubs/*`: the class laptops of a school, for those who make codes and for the laptops themselves. */
export function hubRoutes(parts: HubRouteParts): Hono<ServerEnv> {
  const { own, couch, schools, hubs, pairing, credentials, refreshTokens, audit, trustedProxies, now } = parts;
  const routes = new Hono<ServerEnv>();
  routes.use(async (c, next) => {
    c.set('route', 'hubs');
    c.header('Cache-Control', 'no-store');
    return next();
  });

  // A code has 50 random bits and an hour: nobody guesses one at this pace.
  routes.post('/pair', rateLimit({ burst: 10, perMinute: 5, trustedProxies, now }), async (c) => {
    const hub = await pairing.pair(await readValid(c, pairRequestSchema));
    const school = hub === null ? null : await schools.find(hub.school);
    if (hub === null || school === null)
      return apiError(c, 403, 'wrong-code', 'The code is wrong, too old, or was used. Ask for a new one.');
    await audit.write({ school: hub.school, actorId: hub.pairedBy, action: 'hub.pair', target: hub.hubId, detail: { name: hub.name } });
    const { hubId, name, classes } = hub;
    const answer: PairAnswer = { hubId, name, school: { slug: school.slug, name: school.name }, classes, place: own.id };
    return c.json(answer);
  });

  routes.post('/token', rateLimit({ burst: 60, perMinute: 30, trustedProxies, now }), async (c) => {
    const { school, assertion } = await readValid(c, hubTokenRequestSchema);
    const outcome = await credentials.token(school, assertion);
    if (outcome.ok) return c.json(outcome.token);
    if (outcome.id === 'hub-revoked') return apiError(c, 403, outcome.id, 'This laptop was removed by the school.');
    return apiError(c, 401, outcome.id, 'The school knows no such laptop, or not with this key.');
  });

  routes.use(authenticate(parts, (c) => apiError(c, 401, 'signed-out', 'Sign in again.')));
  routes.use(personNow(parts.accounts));

  routes.get('/people', async (c) => packedJson(c, await credentials.people(await hubOf(c, credentials))));
  routes.post('/release', async (c) => {
    const { accounts } = await readValid(c, hubReleaseSchema);
    await credentials.release(await hubOf(c, credentials), accounts);
    return c.body(null, 204);
  });
  routes.post('/ended', async (c) => {
    await hubOf(c, credentials);
    const { ended } = await readValid(c, hubEndedSchema, 1_000_000);
    await refreshTokens.noteEnded(ended);
    return c.body(null, 204);
  });

  routes.post('/codes', async (c) => {
    const actor = mayPair(c);
    const wanted = await readValid(c, newHubCodeSchema);
    const { kinds, teaches } = actor.person;
    if (!kinds.has('admin') && !wanted.classes.every((classId) => teaches.has(classId)))
      throw new RequestProblem(403, 'forbidden', 'A teacher pairs a laptop with classes of their own.');
    const cards = await readDocuments(couch, schoolDatabase(actor.school), wanted.classes.map(classCardId));
    const unknown = wanted.classes.find((classId) => !cards.has(classCardId(classId)));
    if (unknown !== undefined) throw new RequestProblem(400, 'bad_request', `classes: there is no class ${unknown}`);
    const code = await pairing.makeCode({ ...wanted, school: actor.school, madeBy: actor.accountId });
    const { name, classes } = wanted;
    await audit.write({ school: actor.school, actorId: actor.accountId, action: 'hub.code', target: name, detail: { classes } });
    return c.json(code, 201);
  });

  routes.get('/', async (c) => {
    const actor = mayPair(c);
    const known = (await hubs.list(actor.school)).filter((hub) => isConcern(actor, hub));
    const answer: HubList = {
      hubs: known.map(({ hubId, name, classes, pairedAt, lastSeenAt, revokedAt }) => ({
        ...{ id: hubId, name, classes, pairedAt },
        ...{ lastSeenAt: lastSeenAt ?? null, revokedAt: revokedAt ?? null },
      })),
    };
    return c.json(answer);
  });

  routes.delete('/:id', async (c) => {
    const actor = mayPair(c);
    const hub = await hubs.find(actor.school, c.req.param('id'));
    if (hub === null || !isConcern(actor, hub)) return apiError(c, 404, 'unknown-hub', 'There is no such laptop.');
    await hubs.revoke(actor.school, hub.hubId, new Date(now()).toISOString());
    const { school, accountId: actorId } = actor;
    await audit.write({ school, actorId, action: 'hub.revoke', target: hub.hubId, detail: { name: hub.name } });
    return c.body(null, 204);
  });
  return routes;
}

/** Whoever may pair laptops and revoke them: admins, and teachers for their classes. */
function mayPair(c: ServerContext): Principal {
  const principal = c.get('principal');
  if (principal === null) throw new RequestProblem(401, 'signed_out', 'Sign in first.');
  const { kinds } = principal.person;
  if (!kinds.has('admin') && !kinds.has('teacher')) throw new RequestProblem(403, 'forbidden', 'This is for admins and teachers.');
  return principal;
}

/** A laptop is a teacher's concern that keeps any class of theirs: whoever misses it may revoke it. */
const isConcern = ({ person }: Principal, { classes }: HubRecord): boolean =>
  person.kinds.has('admin') || classes.some((classId) => person.teaches.has(classId));

async function hubOf(c: ServerContext, credentials: HubCredentials): Promise<HubRecord> {
  const principal = c.get('principal');
  const hubId = principal?.person.hub ?? null;
  if (principal === null || hubId === null) throw new RequestProblem(403, 'forbidden', 'This is for paired laptops.');
  const hub = await credentials.current(principal.school, hubId);
  if (hub === null) throw new RequestProblem(403, 'hub_revoked', 'This laptop was removed by the school.');
  return hub;
}
