import {
  type AccountChangeRequest,
  type AdminAccount,
  type AdminClasses,
  adminAccountAnswerSchema,
  adminAccountsSchema,
  adminClassesSchema,
  apiErrorSchema,
  type NewAccountRequest,
} from '@darasa/shared/protocol';
import * as v from 'valibot';
import { database } from '$lib/client/index.ts';

/** What came of a request to the school's server. `reason`: the server's own words, safe to show. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: 'unreachable' | 'refused'; readonly reason: string };

export type NewAccount = Pick<NewAccountRequest, 'username' | 'displayName' | 'password' | 'kind' | 'classIds'>;

async function ask<Schema extends v.GenericSchema>(
  schema: Schema,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer<v.InferOutput<Schema>>> {
  const token = await database().accessToken();
  if (!token.ok) return { ok: false, problem: 'unreachable', reason: token.detail };
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(path, {
      method,
      headers: { authorization: `Bearer ${token.value}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    answer = await response.json();
  } catch (error) {
    // No network, or an answer that is not the server's.
    return { ok: false, problem: 'unreachable', reason: error instanceof Error ? error.message : '' };
  }
  if (!response.ok) {
    const refusal = v.safeParse(apiErrorSchema, answer);
    return { ok: false, problem: 'refused', reason: refusal.success ? refusal.output.error.message : `HTTP ${response.status}` };
  }
  const parsed = v.safeParse(schema, answer);
  return parsed.success ? { ok: true, value: parsed.output } : { ok: false, problem: 'refused', reason: parsed.issues[0].message };
}

/** Every account of the admin's own school. */
export async function readAccounts(): Promise<Answer<readonly AdminAccount[]>> {
  const answer = await ask(adminAccountsSchema, 'GET', '/v1/admin/accounts');
  return answer.ok ? { ok: true, value: answer.value.accounts } : answer;
}

export async function readClasses(): Promise<Answer<AdminClasses['classes']>> {
  const answer = await ask(adminClassesSchema, 'GET', '/v1/admin/classes');
  return answer.ok ? { ok: true, value: answer.value.classes } : answer;
}

export async function createAccount(account: NewAccount): Promise<Answer<AdminAccount>> {
  const answer = await ask(adminAccountAnswerSchema, 'POST', '/v1/admin/accounts', account);
  return answer.ok ? { ok: true, value: answer.value.account } : answer;
}

export async function changeAccount(id: string, change: AccountChangeRequest): Promise<Answer<AdminAccount>> {
  const answer = await ask(adminAccountAnswerSchema, 'PATCH', `/v1/admin/accounts/${encodeURIComponent(id)}`, change);
  return answer.ok ? { ok: true, value: answer.value.account } : answer;
}

/** Gives this browser the dashboard's cookie; answers the dashboard's address. */
export async function openDashboard(): Promise<Answer<string>> {
  const answer = await ask(v.object({ url: v.pipe(v.string(), v.startsWith('/')) }), 'POST', '/v1/admin/session');
  return answer.ok ? { ok: true, value: answer.value.url } : answer;
}
