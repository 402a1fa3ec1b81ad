import {
  type AccountChangeRequest,
  type AccountsQuery,
  type AdminAccount,
  type AdminAccounts,
  type AdminClasses,
  adminAccountAnswerSchema,
  adminAccountsSchema,
  adminClassesSchema,
  apiErrorSchema,
  type CheckedLine,
  checkedLinesSchema,
  type LearnerLine,
  type NewAccountRequest,
} from '@darasa/shared/protocol';
import * as v from 'valibot';
import { database } from '$lib/client/index.ts';
import type { Registry } from './newcomer.ts';

/**
 * What came of a request to the school's server. `unreachable`: no answer that could be read, so what was asked may have been done.
 * `id`: of a refusal, stable; `reason`: the server's own words, in English and safe to show.
 */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: 'unreachable' | 'refused'; readonly id: string; readonly reason: string };

async function ask<Schema extends v.GenericSchema>(
  schema: Schema,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer<v.InferOutput<Schema>>> {
  const token = await database().accessToken();
  if (!token.ok) return { ok: false, problem: 'unreachable', id: '', reason: token.detail };
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
    return { ok: false, problem: 'unreachable', id: '', reason: error instanceof Error ? error.message : '' };
  }
  if (!response.ok) {
    const refusal = v.safeParse(apiErrorSchema, answer);
    const { id, message } = refusal.success ? refusal.output.error : { id: '', message: `HTTP ${response.status}` };
    // A server in trouble may have done a part of it.
    return { ok: false, problem: response.status >= 500 ? 'unreachable' : 'refused', id, reason: message };
  }
  const parsed = v.safeParse(schema, answer);
  return parsed.success ? { ok: true, value: parsed.output } : { ok: false, problem: 'refused', id: '', reason: parsed.issues[0].message };
}

/** A page of the accounts of the admin's own school, by name. */
export function findAccounts(query: Partial<AccountsQuery>): Promise<Answer<AdminAccounts>> {
  const asked = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]));
  return ask(adminAccountsSchema, 'GET', `/v1/admin/accounts?${new URLSearchParams(asked)}`);
}

export async function accountWithUsername(username: string): Promise<Answer<AdminAccount | null>> {
  const answer = await findAccounts({ search: username });
  return answer.ok ? { ok: true, value: answer.value.accounts.find((account) => account.username === username) ?? null } : answer;
}

export function readAccount(id: string): Promise<Answer<AdminAccount>> {
  return askAccount('GET', `/v1/admin/accounts/${encodeURIComponent(id)}`);
}

export async function readClasses(): Promise<Answer<AdminClasses['classes']>> {
  const answer = await ask(adminClassesSchema, 'GET', '/v1/admin/classes');
  return answer.ok ? { ok: true, value: answer.value.classes } : answer;
}

export function createAccount(account: NewAccountRequest): Promise<Answer<AdminAccount>> {
  return askAccount('POST', '/v1/admin/accounts', account);
}

export function changeAccount(id: string, change: AccountChangeRequest): Promise<Answer<AdminAccount>> {
  return askAccount('PATCH', `/v1/admin/accounts/${encodeURIComponent(id)}`, change);
}

/** What would become of each line, in their order. Nobody is added. */
export async function checkLearners(lines: readonly LearnerLine[]): Promise<Answer<readonly CheckedLine[]>> {
  const plain = lines.map(({ name, className, username }) => ({ name, className, username }));
  const answer = await ask(checkedLinesSchema, 'POST', '/v1/admin/accounts/check', { lines: plain });
  return answer.ok ? { ok: true, value: answer.value.lines } : answer;
}

async function askAccount(method: string, path: string, body?: unknown): Promise<Answer<AdminAccount>> {
  const answer = await ask(adminAccountAnswerSchema, method, path, body);
  return answer.ok ? { ok: true, value: answer.value.account } : answer;
}

/** Gives this browser the dashboard's cookie; answers the dashboard's address. */
export async function openDashboard(): Promise<Answer<string>> {
  const answer = await ask(v.object({ url: v.pipe(v.string(), v.startsWith('/')) }), 'POST', '/v1/admin/session');
  return answer.ok ? { ok: true, value: answer.value.url } : answer;
}

/** What making an account asks of the server. */
export const registry: Registry = { create: createAccount, withUsername: accountWithUsername, change: changeAccount };
