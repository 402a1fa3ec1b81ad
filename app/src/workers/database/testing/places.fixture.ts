import { thumbprintOf } from '@darasa/shared/protocol';
import { DeviceProofs } from '../../../../../sync-server/src/services/device-proofs.ts';

/** A place of a school as devices with keys meet it: it judges proofs by the server's own code. */
export interface FakePlace {
  readonly fetch: typeof fetch;
  /** Paths of the auth routes that were asked and answered with a session, in order. */
  readonly opened: string[];
  /** Whether its tokens are bound, as over plain HTTP. */
  bound: boolean;
  /** What came with each request for the school's database that it let in: `Bearer` or `DPoP`. */
  readonly letIn: string[];
  readonly endSessions: () => void;
}

let places = 0;

/** `passes`: the thumbprints of the keys that passes name, shared by the places of one school. */
export function fakePlace(kind: 'school' | 'hub', passes: Map<string, string>, now: () => number): FakePlace {
  places += 1;
  const name = `${kind}-${places}`;
  const proofs = new DeviceProofs({ now, random: (bytes) => bytes.fill(1) }, name, null);
  const keys = new Map<string, string | null>();
  let issued = 0;
  const refusal = (id: string): Response =>
    Response.json({ error: { id, message: id } }, { status: 401, headers: { 'dpop-nonce': proofs.nonce() } });
  const session = (path: string, key: string | null, wantsPass = path === '/v1/auth/login'): Response => {
    issued += 1;
    place.opened.push(path);
    const [refreshToken, accessToken, pass] = [`refresh-${name}-${issued}`, `a.${name}.${issued}`, `pass-${name}-${issued}`];
    for (const token of [refreshToken, accessToken]) keys.set(token, key);
    if (key !== null) passes.set(pass, key);
    const bound = key !== null && place.bound ? { tokenType: 'DPoP' } : {};
    const more = wantsPass && key !== null ? { pass } : {};
    const account = { id: 'aminaaaaaaaa', name: 'Amina', roles: ['school:greenhill', 'learner'] };
    return Response.json({ refreshToken, accessToken, expiresIn: 900, account, ...bound, ...more });
  };
  const place: FakePlace = {
    opened: [],
    bound: kind === 'hub',
    letIn: [],
    endSessions: () => keys.clear(),
    fetch: async (input, init) => {
      const { pathname, host } = new URL(String(input));
      if (pathname === '/v1/place') return Response.json({ kind, id: name, name, school: 'greenhill', version: '0.1.0', now: now() });
      const headers = new Headers(init?.headers);
      const text = headers.get('dpop');
      const request = { method: init?.method ?? 'GET', path: pathname, hosts: [host] };
      const read = text === null ? null : await proofs.read(text, request, pathname === '/v1/auth/pass');
      if (read?.ok === false) return refusal('proof-needed');
      const provedBy = (): string | null => (read?.ok === true && read.proof.spend() ? read.proof.thumbprint : null);
      const body = pathname.startsWith('/db/') ? {} : JSON.parse(String(init?.body ?? '{}'));
      switch (pathname) {
        case '/v1/auth/login':
          return session(pathname, body.deviceKey === undefined ? null : thumbprintOf(body.deviceKey));
        case '/v1/auth/refresh': {
          const key = keys.get(body.refreshToken);
          if (key === undefined) return refusal('signed-out');
          return key === null || provedBy() === key ? session(pathname, key, body.wantsPass === true) : refusal('proof-needed');
        }
        case '/v1/auth/pass': {
          const key = passes.get(body.pass);
          return key !== undefined && provedBy() === key ? session(pathname, key) : refusal('pass-refused');
        }
        default: {
          const [scheme = '', token = ''] = (headers.get('authorization') ?? '').split(' ');
          const key = keys.get(token);
          const mayPass =
            key !== undefined && (place.bound && key !== null ? scheme === 'DPoP' && provedBy() === key : scheme === 'Bearer');
          if (!mayPass) return refusal('unauthorized');
          place.letIn.push(scheme);
          return Response.json({});
        }
      }
    },
  };
  return place;
}
