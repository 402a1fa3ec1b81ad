import { networkInterfaces } from 'node:os';
import { type CouchAdmin, openedAccount } from '@darasa/couchdb/provisioning';
import { opaqueId } from '@darasa/shared/documents';
import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { type Accounts, accounts } from './couch/accounts.ts';
import { classSignIns } from './couch/class-sign-ins.ts';
import type { CouchClient } from './couch/couch-client.ts';
import { SchoolDirectory } from './couch/school-directory.ts';
import { serverStore } from './couch/server-store.ts';
import { CourierDevices } from './courier/courier-devices.ts';
import { CourierKeys } from './courier/courier-keys.ts';
import { placeDocumentService } from './courier/place-document.ts';
import { SchoolFeeds } from './feed/school-feed.ts';
import type { ReplicaStatus } from './hub/replica.ts';
import { reachableAt } from './lan/reach.ts';
import { apiError, onError } from './middleware/errors.ts';
import { otherOrigins } from './middleware/other-origins.ts';
import { requestLog } from './middleware/request-log.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import type { ServerEnv } from './middleware/server-context.ts';
import { adminAccountRoutes } from './routes/admin-accounts.ts';
import { authRoutes } from './routes/auth.ts';
import { courierRoutes } from './routes/courier.ts';
import { adminSessionRoutes } from './routes/gateway/couch-session.ts';
import { gatewayRoutes } from './routes/gateway/index.ts';
import { healthRoutes } from './routes/health.ts';
import { hubStatusRoutes } from './routes/hub-status.ts';
import { hubRoutes } from './routes/hubs.ts';
import { placeRoutes } from './routes/place.ts';
import { reachRoutes } from './routes/reach.ts';
import { replicationRoutes } from './routes/replication/index.ts';
import { type LimitOptions, ReplicationGate } from './routes/replication/limits.ts';
import { type DemoAccounts, schoolRoutes } from './routes/schools.ts';
import { staticApp } from './routes/static-app.ts';
import { AccessTokens } from './services/access-tokens.ts';
import { Audit } from './services/audit.ts';
import { ClassSignIn, CODE_LIMITS } from './services/class-sign-in.ts';
import { DashboardSessions } from './services/dashboard-session.ts';
import { DeviceKeyRecords } from './services/device-key-records.ts';
import { DeviceProofs } from './services/device-proofs.ts';
import type { Environment } from './services/environment.ts';
import { erasingService } from './services/erasing.ts';
import { FeedServices } from './services/feed-services.ts';
import { gradingService } from './services/grading.ts';
import { HubCredentials } from './services/hub-credentials.ts';
import { HubPairing } from './services/hub-pairing.ts';
import { HubRecords } from './services/hub-records.ts';
import { type KnownPlaces, placesOfSchool } from './services/known-places.ts';
import { LockOut } from './services/lock-out.ts';
import { createMetrics } from './services/metrics.ts';
import { schoolPlace } from './services/own-place.ts';
import { Passes, type PlaceKey } from './services/passes.ts';
import { PasswordCheck } from './services/password.ts';
import { Presence } from './services/presence.ts';
import { Receipts } from './services/receipts.ts';
import { RefreshTokens } from './services/refresh-tokens.ts';
import { SignIn } from './services/sign-in.ts';
import { signInAuditService } from './services/sign-in-audit.ts';
import { keepKeys, SigningKeys } from './services/signing-keys.ts';
import { keepSweeping } from './services/sweeper.ts';

export interface ServerParts {
  readonly config: Config;
  readonly couch: CouchClient;
  readonly admin: CouchAdmin;
  readonly environment: Environment;
  readonly log: Logger;
  /** Offered by the sign-in page where the school is a demo. */
  readonly demoAccounts: DemoAccounts;
  /** Whether this server grades; of several servers of a school one is enough, and more do no harm. */
  readonly runServices: boolean;
  /** What makes of this server a class laptop; without it, it is the school's. */
  readonly hub?: HubServerParts;
  /** Other limits of replication than the usual ones. */
  readonly limits?: LimitOptions;
}

/** A class laptop: the same server under a name and key of its own, in a school that is elsewhere. */
export interface HubServerParts {
  readonly name: string;
  readonly places: KnownPlaces;
  readonly key: PlaceKey;
  readonly status: () => ReplicaStatus;
}

export interface Server {
  readonly feeds: SchoolFeeds;
  readonly accounts: Accounts;
  readonly refreshTokens: RefreshTokens;
  readonly app: Hono<ServerEnv>;
  /** Ends feeds and services; the database may go after. */
  close(): Promise<void>;
}

/** Puts the server together, for a CouchDB that is provisioned. */
export async function createServer({
  config,
  couch,
  admin,
  environment,
  log,
  demoAccounts,
  runServices,
  hub,
  limits = {},
}: ServerParts): Promise<Server> {
  const store = serverStore(couch);
  const schools = new SchoolDirectory(store);
  const people = accounts(couch, admin);
  const metrics = createMetrics();
  const keys = await SigningKeys.open(store, admin, environment);
  const refreshTokens = new RefreshTokens(store, environment, config.refreshTokenDays);
  const accessTokens = new AccessTokens(keys, environment, config.accessTokenSeconds, (origin) => refreshTokens.arrived(origin));
  const own = hub?.places.own ?? (await schoolPlace(store, environment));
  const proofs = await DeviceProofs.open(store, environment, config.publicUrl);
  const hubs = new HubRecords(store);
  const places = hub?.places ?? placesOfSchool(own, keys, hubs);
  const lockOut = new LockOut(store, environment);
  const ofClasses = classSignIns(couch);
  const signIn = new SignIn({
    couch,
    accounts: people,
    schools,
    passwords: new PasswordCheck(async () => (await people.some()).map(openedAccount)),
    lockOut,
    refreshTokens,
    accessTokens,
    classSignIns: ofClasses,
    places,
    deviceKeys: new DeviceKeyRecords({ couch, tokens: accessTokens, environment, log }),
    passes: new Passes(places, () => hub?.key ?? keys.current, environment),
    log,
  });
  const classSignIn = new ClassSignIn({
    schools,
    classSignIns: ofClasses,
    accounts: people,
    codes: new PasswordCheck(async () => []),
    lockOut: new LockOut(store, environment, CODE_LIMITS),
    signIn,
  });
  const credentials = new HubCredentials({
    ...{ couch, store, hubs, accounts: people, accessTokens, refreshTokens, environment },
    audience: own.id,
  });
  const feeds = new SchoolFeeds(couch, () => opaqueId(environment.random), log);
  const presence = new Presence(couch, accessTokens, environment, log, own.kind === 'hub' ? `${own.id}-` : '');

  const audit = new Audit(couch, accessTokens, environment, log);
  const sessions = new DashboardSessions(people, accessTokens);
  const grading = gradingService({ couch, store, accounts: people, feeds, tokens: accessTokens, environment, metrics, log });
  const courierKeys = await CourierKeys.open(store);
  // A school's server is where its people are told; a laptop is where it is found.
  const addresses = (): readonly string[] =>
    own.kind === 'hub' ? reachableAt(config, networkInterfaces()) : config.publicUrl === null ? [] : [config.publicUrl];
  const services = new FeedServices({ couch, store, schools, feeds, log }, [
    grading,
    erasingService({ couch, feeds, audit, log }),
    // A laptop’s staff partition is nobody’s: the school writes down what arrives.
    ...(hub === undefined ? [signInAuditService(couch, audit)] : []),
    placeDocumentService({ couch, tokens: accessTokens, own, name: hub?.name ?? null, addresses, keys: courierKeys, environment }),
  ]);
  const receipts = new Receipts({ couch, store, tokens: accessTokens, environment });
  if (runServices) await receipts.settleLeft();
  const closing = new AbortController();
  if (runServices) services.start();
  const keeping = keepKeys(keys, log, closing.signal);
  const sweeping = runServices ? keepSweeping(store, environment, log, closing.signal) : Promise.resolve();

  const { trustedProxies, metricsToken, publicUrl } = config;
  const gateway = {
    couch,
    audit,
    sessions,
    schools,
    signIn,
    accessTokens,
    proofs,
    metrics,
    publicUrl,
    trustedProxies,
    now: environment.now,
  };
  const gate = new ReplicationGate(limits, trustedProxies, environment.now);
  const app = new Hono<ServerEnv>({ strict: false });
  app.onError(onError);
  app.notFound((c) => apiError(c, 404, 'not-found', 'There is nothing here'));
  app.use(requestLog(log, metrics));
  app.use(securityHeaders());
  app.use(otherOrigins(config.appOrigins));
  app.route('/', healthRoutes({ couch, metrics, metricsToken, trustedProxies }));
  app.route('/v1/auth', authRoutes({ signIn, classSignIn, proofs, metrics, trustedProxies, now: environment.now }));
  app.route('/', schoolRoutes(schools, keys, demoAccounts));
  app.route('/', placeRoutes({ own, name: hub?.name ?? null, schools, now: environment.now }));
  app.route('/db', replicationRoutes({ couch, schools, feeds, accessTokens, proofs, presence, metrics, gate, credentials, own, receipts }));
  const pairing = new HubPairing(store, hubs, environment);
  const atHubs = {
    own,
    couch,
    schools,
    accounts: people,
    hubs,
    pairing,
    credentials,
    accessTokens,
    proofs,
    refreshTokens,
    audit,
    trustedProxies,
  };
  app.route('/v1/hubs', hubRoutes({ ...atHubs, now: environment.now }));
  app.route(
    '/v1/courier',
    courierRoutes({
      couch,
      accounts: people,
      accessTokens,
      proofs,
      holderOf: (pass, thumbprint) => signIn.holderOf(pass, thumbprint),
      own,
      keys: courierKeys,
      devices: new CourierDevices(store, environment),
      feeds,
      metrics,
      environment,
      trustedProxies,
    }),
  );
  app.route('/v1/admin/session', adminSessionRoutes(gateway));
  app.route('/v1/admin', adminAccountRoutes({ couch, admin, accounts: people, accessTokens, proofs, refreshTokens, audit, environment }));
  if (hub !== undefined) app.route('/', hubStatusRoutes({ accessTokens, proofs }, hub.status));
  app.all('/v1/*', (c) => apiError(c, 404, 'not-found', 'There is no such route'));
  app.route('/couch', gatewayRoutes(gateway));
  app.route(
    '/',
    reachRoutes({ config, name: async () => hub?.name ?? (await schools.list())[0]?.name ?? 'Darasa', interfaces: networkInterfaces }),
  );
  app.route('/', staticApp(config.appFolder, config.hubSources));

  return {
    app,
    feeds,
    accounts: people,
    refreshTokens,
    async close() {
      closing.abort();
      await Promise.all([sweeping, keeping]);
      await services.close();
      await feeds.close();
      await presence.settled();
    },
  };
}
