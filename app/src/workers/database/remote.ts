import type { Environment } from './environment.ts';
import type { Pouch } from './local-database.ts';
import { schoolDatabasePath } from './school-database-path.ts';
import type { SessionKeeper } from './session.ts';

/** No token, so no request: the session ended, or the server could not be asked for a new one. */
export class NoToken extends Error {
  override readonly name = 'NoToken';
  readonly reason: 'unreachable' | 'signed-out';

  constructor(reason: 'unreachable' | 'signed-out', detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** A feed may stay silent for a heartbeat; anything else that says nothing for this long has hung. */
const PATIENCE_MS = 120_000;

/** `fetch` with the account's access token: a fresh one for each request, and a new one when the server says it has ended. */
export function authorised(environment: Environment, session: SessionKeeper, accountId: string): typeof fetch {
  const send = async (input: RequestInfo | URL, init: RequestInit | undefined, stale: string | null): Promise<[Response, string]> => {
    const answer = await session.token(accountId, stale);
    if (!answer.ok) throw new NoToken(answer.reason, answer.detail);
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${answer.token}`);
    const hung = AbortSignal.timeout(PATIENCE_MS);
    const signal = init?.signal == null ? hung : anyOf(init.signal, hung);
    const response = await environment.fetch(input, { ...init, headers, signal, credentials: 'omit' });
    return [response, answer.token];
  };
  return async (input, init) => {
    const [response, token] = await send(input, init, null);
    if (response.status !== 401) return response;
    return (await send(input, init, token))[0];
  };
}

/** AbortSignal.any came to WebKit in 17.4 only. */
function anyOf(one: AbortSignal, other: AbortSignal): AbortSignal {
  const controller = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted) controller.abort(signal.reason);
    signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
}

/** Opens the school's database as an account sees it. `identity` names what is pulled, and for whom. */
export function openSchool(
  environment: Environment,
  session: SessionKeeper,
  place: { readonly origin: string; readonly school: string; readonly accountId: string },
  identity: string,
): Pouch {
  const url = place.origin + schoolDatabasePath(place.school);
  return environment.openRemote(url, `${url} ${identity}`, authorised(environment, session, place.accountId));
}
