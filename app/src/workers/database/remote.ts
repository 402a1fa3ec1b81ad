import { CLOCK_HEADER, DEVICE_HEADER, PROOF_HEADER, schoolDatabasePath, tokenHash } from '@darasa/shared/protocol';
import { anyOf } from './any-signal.ts';
import type { DeviceKeys } from './device-keys.ts';
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

/**
 * `fetch` with the account's access token for a place: a fresh one for each request, and a new one when the place says it has ended. Where it
 * is bound to the device's key, each request is proved with that.
 */
export function authorised(
  environment: Environment,
  session: SessionKeeper,
  keys: DeviceKeys,
  { accountId, deviceId, place }: Asking,
): typeof fetch {
  // The hash of a long token takes a while, and each request brings the same one.
  let hashed = { token: '', ath: '' };
  const send = async (input: RequestInfo | URL, init: RequestInit | undefined, stale: string | null): Promise<[Response, string]> => {
    const answer = await session.token(accountId, stale, place);
    if (!answer.ok) throw new NoAnswer(answer.reason, answer.detail);
    const headers = new Headers(init?.headers);
    const { token, key } = answer;
    headers.set('authorization', `${key === null ? 'Bearer' : 'DPoP'} ${token}`);
    for (const [name, value] of Object.entries(deviceHeaders(deviceId, environment.now()))) headers.set(name, value);
    const hung = AbortSignal.timeout(PATIENCE_MS);
    const signal = init?.signal == null ? hung : anyOf(init.signal, hung);
    try {
      const ask = (): Promise<Response> => environment.fetch(input, { ...init, headers, signal, credentials: 'omit' });
      if (key === null) return [await ask(), token];
      if (hashed.token !== token) hashed = { token, ath: tokenHash(token) };
      const request = { method: init?.method ?? 'GET', url: String(input instanceof Request ? input.url : input), ath: hashed.ath };
      const response = await keys.ask(key, request, (proof) => {
        headers.set(PROOF_HEADER, proof);
        return ask();
      });
      return [response, token];
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
export function openSchool(environment: Environment, session: SessionKeeper, keys: DeviceKeys, asking: Asking, identity: string): Pouch {
  const url = asking.place.address + schoolDatabasePath(asking.school);
  return environment.openRemote(url, `${url} ${identity}`, authorised(environment, session, keys, asking));
}
