import { personFrom } from '@darasa/shared/rules';
import type { MiddlewareHandler } from 'hono';
import type { Accounts, StoredAccount } from '../couch/accounts.ts';
import type { Principal } from '../policies/principal.ts';
import type { ServerEnv } from './server-context.ts';

/** A token says what its person was when it was signed; who may change accounts or hubs is asked anew. After `authenticate`. */
export function personNow(accounts: Pick<Accounts, 'byId'>): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const principal = c.get('principal');
    // A hub has no account, and is asked for by its own record.
    if (principal === null || principal.person.hub !== null) return next();
    c.set('principal', asNow(principal, await accounts.byId(principal.accountId)));
    return next();
  };
}

/** The person with the roles that the account has now: none where it is switched off, gone, or of another school. */
function asNow(principal: Principal, account: StoredAccount | null): Principal {
  const open = account !== null && account.darasa.disabled !== true && account.darasa.school === principal.school;
  const roles = open ? account.roles : [];
  return { ...principal, roles, person: personFrom(principal.accountId, roles) };
}
