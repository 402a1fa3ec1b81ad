import {
  type AccountRecord,
  accountRecord,
  type CouchAdmin,
  createAccount,
  readAccount,
  schoolDatabase,
  updateAccount,
} from '@darasa/couchdb/provisioning';
import { accountChangeSchema, accountsQuerySchema, learnerListSchema, newAccountSchema } from '@darasa/shared/protocol';
import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import * as v from 'valibot';
import type { Accounts } from '../couch/accounts.ts';
import { classesOf } from '../couch/classes.ts';
import type { CouchClient } from '../couch/couch-client.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { apiError, RequestProblem } from '../middleware/errors.ts';
import { MAX_READ_BYTES, readValid } from '../middleware/json-body.ts';
import { packedJson } from '../middleware/packed-json.ts';
import { personNow } from '../middleware/person-now.ts';
import type { ServerContext, ServerEnv } from '../middleware/server-context.ts';
import { accountChangeProblem } from '../policies/account-change.ts';
import { accountPage, adminAccount } from '../policies/account-list.ts';
import { checkLearnerList } from '../policies/learner-list.ts';
import type { Principal } from '../policies/principal.ts';
import type { AccessTokens } from '../services/access-tokens.ts';
import { checkTies, classesOfAccount, placeInClasses, rolesChange } from '../services/account-ties.ts';
import type { Audit } from '../services/audit.ts';
import type { DeviceProofs } from '../services/device-proofs.ts';
import type { Environment } from '../services/environment.ts';
import type { RefreshTokens } from '../services/refresh-tokens.ts';
import { adminErasureRoutes } from './admin-erasures.ts';

export interface AdminAccountParts {
  readonly couch: CouchClient;
  readonly admin: CouchAdmin;
  readonly accounts: Accounts;
  readonly accessTokens: AccessTokens;
  readonly proofs: DeviceProofs;
  readonly refreshTokens: RefreshTokens;
  readonly audit: Audit;
  readonly environment: Environment;
}

const MESSAGES = {
  'unknown-school': 'There is no such school.',
  'unknown-account': 'There is no such account.',
  'invalid-username': 'A sign-in name is letters, digits, dots and hyphens, at most 40.',
  'invalid-name': 'A name must not be blank.',
  'invalid-role': 'One of the roles cannot be given.',
  'weak-password': 'A password has at least 8 characters and is not the sign-in name.',
  'username-taken': 'Somebody has this sign-in name already.',
  'changed-meanwhile': 'Somebody else changed this account just now. Load it again.',
  'operators-only': 'Only an operator may do this to an operator, or make one.',
  'operator-kind': 'Only an admin can be an operator.',
  'own-account': 'You cannot do this to your own account.',
} as const;

/** `/v1/admin/*`: the accounts and classes of the admin's own school, and what is to be erased there. */
export function adminAccountRoutes(parts: AdminAccountParts): Hono<ServerEnv> {
  const { couch, admin, accounts, refreshTokens, audit } = parts;
  const routes = new Hono<ServerEnv>();
  routes.use(async (c, next) => {
    c.set('route', 'admin');
    c.header('Cache-Control', 'no-store');
    return next();
  });
  routes.use(authenticate(parts, (c) => apiError(c, 401, 'signed-out', 'Sign in again.')));
  routes.use(personNow(accounts));

  routes.get('/accounts', async (c) => {
    const { school } = adminOf(c);
    const query = v.safeParse(accountsQuerySchema, c.req.query());
    if (!query.success)
      throw new RequestProblem(400, 'bad_request', `${v.getDotPath(query.issues[0]) ?? 'query'}: ${query.issues[0].message}`);
    const page = accountPage(
      (await accounts.ofSchool(school)).map((account) => adminAccount(accountRecord(account))),
      query.output,
    );
    if (page === null) throw new RequestProblem(400, 'bad_request', 'after: is not the next of a page');
    return packedJson(c, page);
  });

  // Only asks: each good line is then made like any other account, so that a list of hundreds survives a network that comes and goes.
  routes.post('/accounts/check', async (c) => {
    const { school } = adminOf(c);
    const { lines } = await readValid(c, learnerListSchema, MAX_READ_BYTES);
    const [all, { classes }] = await Promise.all([accounts.ofSchool(school), classesOf(couch, schoolDatabase(school))]);
    const known = all.map((account) => adminAccount(accountRecord(account)));
    return packedJson(c, { lines: checkLearnerList(lines, { accounts: known, classes }) });
  });

  routes.get('/accounts/:id', async (c) => {
    const account = await ownAccount(parts, adminOf(c).school, c.req.param('id'));
    return account === null ? refusal(c, 'unknown-account') : c.json({ account: adminAccount(account) });
  });

  routes.post('/accounts', async (c) => {
    const actor = adminOf(c);
    const asked = await readValid(c, newAccountSchema);
    const { username, displayName, password, kind, operator } = asked;
    const problem = accountChangeProblem({ actor: asActor(actor), before: null, kind, change: { operator } });
    if (problem !== null) return refusal(c, problem);
    await checkTies(parts, actor.school, asked);
    const roles = [
      ...asked.guards.map((id) => `guards:${id}`),
      ...asked.authors.map((id) => `authors:${id}`),
      ...(operator ? ['operator'] : []),
    ];
    let outcome = await createAccount(admin, { slug: actor.school, username, password, displayName, kind, roles });
    if (!outcome.ok) return refusal(c, outcome.error);
    await audit.write({
      school: actor.school,
      actorId: actor.accountId,
      action: 'account.create',
      target: outcome.account.id,
      detail: { kind, operator },
    });
    outcome = await placeInClasses(admin, outcome.account, asked.classIds);
    if (!outcome.ok) return refusal(c, outcome.error);
    return c.json({ account: adminAccount(outcome.account) }, 201);
  });

  routes.patch('/accounts/:id', async (c) => {
    const actor = adminOf(c);
    const change = await readValid(c, accountChangeSchema);
    const id = c.req.param('id');
    const before = await ownAccount(parts, actor.school, id);
    if (before === null) return refusal(c, 'unknown-account');
    const { kind } = before;
    const problem = accountChangeProblem({ actor: asActor(actor), before: adminAccount(before), kind, change });
    if (problem !== null) return refusal(c, problem);
    await checkTies(parts, actor.school, { ...change, kind });

    const { username, displayName, password, disabled } = change;
    let outcome = await updateAccount(admin, {
      id,
      ...(username === undefined ? {} : { username }),
      ...(displayName === undefined ? {} : { displayName }),
      ...(password === undefined ? {} : { password }),
      ...(disabled === undefined ? {} : { disabled }),
      ...rolesChange(before, change),
    });
    if (!outcome.ok) return refusal(c, outcome.error);
    // Whoever has the old password, or was switched off, is signed out everywhere.
    if (password !== undefined || disabled === true) await refreshTokens.endAllOf(id);
    // Which fields, not what they say now: a password must not stand in a document.
    await audit.write({
      school: actor.school,
      actorId: actor.accountId,
      action: 'account.change',
      target: id,
      detail: { fields: Object.keys(change), ...(disabled === undefined ? {} : { disabled }) },
    });
    // A new name is the roster's as well.
    if (change.classIds !== undefined || displayName !== undefined)
      outcome = await placeInClasses(admin, outcome.account, change.classIds ?? classesOfAccount(before));
    if (!outcome.ok) return refusal(c, outcome.error);
    return c.json({ account: adminAccount(outcome.account) });
  });

  routes.route('/erasures', adminErasureRoutes(parts, adminOf));

  routes.get('/classes', async (c) => {
    const { school } = adminOf(c);
    return packedJson(c, await classesOf(couch, schoolDatabase(school)));
  });
  return routes;
}

function adminOf(c: ServerContext): Principal {
  const principal = c.get('principal');
  if (principal === null) throw new RequestProblem(401, 'signed_out', 'Sign in first.');
  if (!principal.person.kinds.has('admin')) throw new RequestProblem(403, 'forbidden', 'This is for admins of the school.');
  return principal;
}

const asActor = ({ accountId, person }: Principal): { accountId: string; operator: boolean } => ({
  accountId,
  operator: person.kinds.has('operator'),
});

/** An account of another school is none. */
async function ownAccount({ admin }: AdminAccountParts, school: string, id: string): Promise<AccountRecord | null> {
  const account = await readAccount(admin, id);
  return account?.school === school ? account : null;
}

/** Of the refusals that are not simply a wrong request. */
const STATUSES: Partial<Record<keyof typeof MESSAGES, ContentfulStatusCode>> = {
  'unknown-account': 404,
  'unknown-school': 404,
  'username-taken': 409,
  'changed-meanwhile': 409,
  'own-account': 409,
  'operators-only': 403,
};

function refusal(c: ServerContext, error: keyof typeof MESSAGES): Response {
  return apiError(c, STATUSES[error] ?? 400, error, MESSAGES[error]);
}
