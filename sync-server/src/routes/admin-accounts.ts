import {
  type AccountOutcome,
  type AccountRecord,
  addToClass,
  type CouchAdmin,
  createAccount,
  readAccount,
  removeFromClass,
  schoolDatabase,
  updateAccount,
} from '@darasa/couchdb/provisioning';
import {
  type AccountChangeRequest,
  type AdminAccount,
  type AdminClasses,
  accountChangeSchema,
  newAccountSchema,
} from '@darasa/shared/protocol';
import { Hono } from 'hono';
import * as v from 'valibot';
import type { Accounts } from '../couch/accounts.ts';
import type { CouchClient } from '../couch/couch-client.ts';
import { readRange } from '../couch/school-documents.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { apiError, RequestProblem } from '../middleware/errors.ts';
import { readValid } from '../middleware/json-body.ts';
import type { ServerContext, ServerEnv } from '../middleware/server-context.ts';
import type { Principal } from '../policies/principal.ts';
import type { AccessTokens } from '../services/access-tokens.ts';
import type { Audit } from '../services/audit.ts';
import type { RefreshTokens } from '../services/refresh-tokens.ts';

export interface AdminAccountParts {
  readonly couch: CouchClient;
  readonly admin: CouchAdmin;
  readonly accounts: Accounts;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly audit: Audit;
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
} as const;

/** `/v1/admin/*`: the accounts and classes of the admin's own school. */
export function adminAccountRoutes(parts: AdminAccountParts): Hono<ServerEnv> {
  const { couch, admin, accounts, refreshTokens, audit } = parts;
  const routes = new Hono<ServerEnv>();
  routes.use(async (c, next) => {
    c.set('route', 'admin');
    c.header('Cache-Control', 'no-store');
    return next();
  });
  routes.use(authenticate(parts.accessTokens, (c) => apiError(c, 401, 'signed-out', 'Sign in again.')));

  routes.get('/accounts', async (c) => {
    const { school } = adminOf(c);
    const all = await accounts.ofSchool(school);
    const list = all.map(({ name, roles, darasa }) => adminAccount({ id: name, ...darasa, roles, disabled: darasa.disabled === true }));
    return c.json({ accounts: list.sort((a, b) => a.displayName.localeCompare(b.displayName)) });
  });

  routes.post('/accounts', async (c) => {
    const actor = adminOf(c);
    const asked = await readValid(c, newAccountSchema);
    await checkReferences(parts, actor.school, asked);
    const { username, displayName, password, kind } = asked;
    const roles = [...asked.guards.map((id) => `guards:${id}`), ...asked.authors.map((id) => `authors:${id}`)];
    let outcome = await createAccount(admin, { slug: actor.school, username, password, displayName, kind, roles });
    if (outcome.ok) outcome = await placeInClasses(admin, outcome.account, asked.classIds);
    if (!outcome.ok) return refusal(c, outcome.error);
    await audit.write({
      school: actor.school,
      actorId: actor.accountId,
      action: 'account.create',
      target: outcome.account.id,
      detail: { kind },
    });
    return c.json({ account: adminAccount(outcome.account) }, 201);
  });

  routes.patch('/accounts/:id', async (c) => {
    const actor = adminOf(c);
    const change = await readValid(c, accountChangeSchema);
    const id = c.req.param('id');
    const before = await readAccount(admin, id);
    // An account of another school is none.
    if (before === null || before.school !== actor.school) return refusal(c, 'unknown-account');
    if (id === actor.accountId && change.disabled === true)
      return apiError(c, 409, 'own-account', 'You cannot switch off your own account.');
    await checkReferences(parts, actor.school, { ...change, kind: before.kind });

    const { displayName, password, disabled } = change;
    let outcome = await updateAccount(admin, {
      id,
      ...(displayName === undefined ? {} : { displayName }),
      ...(password === undefined ? {} : { password }),
      ...(disabled === undefined ? {} : { disabled }),
      ...rolesChange(before, change),
    });
    if (outcome.ok && change.classIds !== undefined) outcome = await placeInClasses(admin, outcome.account, change.classIds);
    if (!outcome.ok) return refusal(c, outcome.error);
    // Whoever has the old password, or was switched off, is signed out everywhere.
    if (password !== undefined || disabled === true) await refreshTokens.endAllOf(id);
    // Which fields, not what they say now: a password must not stand in a document.
    await audit.write({
      school: actor.school,
      actorId: actor.accountId,
      action: 'account.change',
      target: id,
      detail: { fields: Object.keys(change) },
    });
    return c.json({ account: adminAccount(outcome.account) });
  });

  routes.get('/classes', async (c) => {
    const { school } = adminOf(c);
    return c.json(await classesOf(couch, schoolDatabase(school)));
  });
  return routes;
}

function adminOf(c: ServerContext): Principal {
  const principal = c.get('principal');
  if (principal === null) throw new RequestProblem(401, 'signed_out', 'Sign in first.');
  if (!principal.person.kinds.has('admin')) throw new RequestProblem(403, 'forbidden', 'This is for admins of the school.');
  return principal;
}

function refusal(c: ServerContext, error: keyof typeof MESSAGES): Response {
  const status =
    error === 'unknown-account' || error === 'unknown-school'
      ? 404
      : error === 'username-taken' || error === 'changed-meanwhile'
        ? 409
        : 400;
  return apiError(c, status, error, MESSAGES[error]);
}

const keysOf = (roles: readonly string[], prefix: string): string[] =>
  roles.filter((role) => role.startsWith(prefix)).map((role) => role.slice(prefix.length));

function adminAccount({ id, username, displayName, kind, disabled, roles }: Omit<AccountRecord, 'school'>): AdminAccount {
  return {
    id,
    username,
    displayName,
    kind,
    disabled,
    classIds: [...keysOf(roles, 'learns:'), ...keysOf(roles, 'teaches:')],
    guards: keysOf(roles, 'guards:'),
    authors: keysOf(roles, 'authors:'),
    operator: roles.includes('operator'),
  };
}

function rolesChange(before: AccountRecord, change: AccountChangeRequest): { addRoles: string[]; removeRoles: string[] } {
  const addRoles: string[] = [];
  const removeRoles: string[] = [];
  for (const [prefix, wanted] of [
    ['guards:', change.guards],
    ['authors:', change.authors],
  ] as const) {
    if (wanted === undefined) continue;
    addRoles.push(...wanted.map((id) => prefix + id));
    removeRoles.push(...keysOf(before.roles, prefix).flatMap((id) => (wanted.includes(id) ? [] : [prefix + id])));
  }
  return { addRoles, removeRoles };
}

async function placeInClasses(admin: CouchAdmin, account: AccountRecord, classIds: readonly string[]): Promise<AccountOutcome> {
  const role = account.kind === 'teacher' ? 'teacher' : 'learner';
  const before = [...keysOf(account.roles, 'learns:'), ...keysOf(account.roles, 'teaches:')];
  let outcome: AccountOutcome = { ok: true, account };
  for (const classId of before.filter((id) => !classIds.includes(id))) {
    if (outcome.ok) outcome = await removeFromClass(admin, { classId, accountId: account.id, role });
  }
  for (const classId of classIds.filter((id) => !before.includes(id))) {
    if (outcome.ok) outcome = await addToClass(admin, { classId, accountId: account.id, role });
  }
  return outcome;
}

interface References {
  readonly kind?: AdminAccount['kind'];
  readonly classIds?: readonly string[] | undefined;
  readonly guards?: readonly string[] | undefined;
}

/** Classes and learners that an account is to be tied to have to be the school's own. Throws 400. */
async function checkReferences(
  { couch, admin }: AdminAccountParts,
  school: string,
  { kind, classIds = [], guards = [] }: References,
): Promise<void> {
  if (classIds.length > 0) {
    if (kind !== undefined && kind !== 'learner' && kind !== 'teacher')
      throw new RequestProblem(400, 'bad_request', 'classIds: only learners and teachers have classes');
    const known = new Set((await classesOf(couch, schoolDatabase(school))).classes.map(({ classId }) => classId));
    const unknown = classIds.find((id) => !known.has(id));
    if (unknown !== undefined) throw new RequestProblem(400, 'bad_request', `classIds: there is no class ${unknown}`);
  }
  for (const id of guards) {
    const learner = await readAccount(admin, id);
    if (learner === null || learner.school !== school || learner.kind !== 'learner')
      throw new RequestProblem(400, 'bad_request', `guards: there is no learner ${id}`);
  }
}

const classDoc = v.looseObject({ type: v.literal('class'), classId: v.string(), name: v.string(), courseIds: v.array(v.string()) });
const memberDoc = v.looseObject({ type: v.literal('member'), classId: v.string(), role: v.picklist(['learner', 'teacher']) });

async function classesOf(couch: CouchClient, database: string): Promise<AdminClasses> {
  const docs = await readRange(couch, database, 'class-');
  const members = docs.flatMap((doc) => {
    const parsed = v.safeParse(memberDoc, doc);
    return parsed.success ? [parsed.output] : [];
  });
  const count = (classId: string, role: string): number =>
    members.filter((member) => member.classId === classId && member.role === role).length;
  const classes = docs.flatMap((doc) => {
    const parsed = v.safeParse(classDoc, doc);
    if (!parsed.success) return [];
    const { classId, name, courseIds } = parsed.output;
    return [{ classId, name, courseIds, learners: count(classId, 'learner'), teachers: count(classId, 'teacher') }];
  });
  return { classes };
}
