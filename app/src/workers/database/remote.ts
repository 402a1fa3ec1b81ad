import { CLOCK_HEADER, DEVICE_HEADER, schoolDatabasePath } from '@darasa/shared/protocol';
import { anyOf } from './any-signal.ts';
import type { PlaceRow } from './device-store.ts';
import type { Environment } from './environment.ts';
import type { Pouch } from './local-database.ts';
import type { SessionKeeper } from './session.ts';
import { NoAnswer } from './sync-problem.ts';

/** A feed may stay silent for a heartbeat; anything else that says nothing for this long has hung. */
const PATIENCE_MS = 120_000;

/** What a device says of itself with each request: which one it is, and what its clock shows, so that the server knows how far it is off. */
export function deviceHeaders(deviceId: string, now: number): Record<string, string> {
  return { [DEVICE_HEADER]: deviceId, [CLOCK_HEADER]: String(now) };
}

/** An account as it asks a place. */
export interface Asking {
  readonly place: PlaceRow;
  readonly school: string;
  readonly accountId: string;
  readonly deviceId: string;
}

/** `fetch` with the account's access token for a place: a fresh one for each request, and a new one when the place says it has ended. */
export function authorised(environment: Environment, session: SessionKeeper, { accountId, deviceId, place }: Asking): typeof fetch {
  const send = async (input: RequestInfo | URL, init: RequestInit | undefined, stale: string | null): Promise<[Response, string]> => {
    const answer = await session.token(accountId, stale, place);
    if (!answer.ok) throw new NoAnswer(answer.reason, answer.detail);
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${answer.token}`);
    for (const [name, value] of Object.entries(deviceHeaders(deviceId, environment.now()))) headers.set(name, value);
    const hung = AbortSignal.timeout(PATIENCE_MS);
    const signal = init?.signal == null ? hung : anyOf(init.signal, hung);
    try {
      const response = await environment.fetch(input, { ...init, headers, signal, credentials: 'omit' });
      return [response, answer.token];
    } catch (error) {
      // Stopped by who asked: that is no failure of the network.
      if (init?.signal?.aborted === true) throw error;
      throw new NoAnswer('unreachable', error instanceof Error ? error.message : String(error));
    }
  };
  return async (input, init) => {
    const [response, token] = await send(input, init, null);
    if (response.status !== 401) return response;
    return (await send(input, init, token))[0];
  };
}

/** Opens the school's database as an account sees it at a place. `identity` names what is pulled, and for whom. */
export function openSchool(environment: Environment, session: SessionKeeper, asking: Asking, identity: string): Pouch {
  const url = asking.place.address + schoolDatabasePath(asking.school);
  return environment.openRemote(url, `${url} ${identity}`, authorised(environment, session, asking));
}
