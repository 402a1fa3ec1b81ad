import type { AccountTokens, DeviceKey, OutboxRow } from '@darasa/shared/protocol';
import type { RenewedTokens } from './device-records.ts';
import type { SendEnvironment } from './send-work.ts';

interface Received {
  readonly path: string;
  readonly account: string;
  readonly body: string;
  readonly type: string | null;
  readonly encoding: string | null;
  readonly device: string | null;
}

interface Family {
  generation: number;
  /** The current generation is known to have arrived: its access token was used. */
  proved: boolean;
}

/** A school as a sender meets it: it takes work, and rotates refresh tokens as `sync-server/src/services/refresh-tokens.ts` does. */
export class FakeSchool {
  readonly received: Received[] = [];
  /** Accounts whose session ended because a token was used twice. */
  readonly ended: string[] = [];
  refreshes = 0;
  /** What it answers to work: null for no answer at all. */
  status: number | null = 200;
  portal = false;
  /** Sessions are bound to the device's key, and their proofs go by this nonce. */
  nonce: string | null = null;
  /** What the proofs that it took said. */
  readonly proofs: Record<string, unknown>[] = [];
  onReceived: () => void = () => undefined;
  readonly #families = new Map<string, Family>();
  readonly #disabled = new Set<string>();

  begin(account: string): void {
    this.#families.set(account, { generation: 0, proved: true });
  }

  disable(account: string): void {
    this.#disabled.add(account);
  }

  async answer(path: string, init: RequestInit): Promise<Response> {
    if (this.portal) return new Response('<html>Pay here</html>');
    if (this.nonce !== null) {
      const claims = claimsOf(new Headers(init.headers).get('dpop'));
      if (claims['nonce'] !== this.nonce)
        return Response.json({ error: { id: 'proof-needed', message: '' } }, { status: 401, headers: { 'dpop-nonce': this.nonce } });
      this.proofs.push(claims);
    }
    return path === '/v1/auth/refresh' ? this.#refresh(String(init.body)) : this.#take(path, init);
  }

  #refresh(body: string): Response {
    this.refreshes += 1;
    const { refreshToken } = JSON.parse(body) as { refreshToken: string }; // what the sender wrote
    const [account = '', shown] = refreshToken.split('.');
    const family = this.#families.get(account);
    if (this.#disabled.has(account)) return refusal(403, 'account-disabled');
    if (family === undefined) return refusal(401, 'signed-out');
    if (Number(shown) === family.generation) this.#families.set(account, { generation: family.generation + 1, proved: false });
    else if (Number(shown) !== family.generation - 1 || family.proved) {
      this.#families.delete(account);
      this.ended.push(account);
      return refusal(401, 'signed-out');
    }
    const generation = this.#families.get(account)?.generation ?? 0;
    const bound = this.nonce === null ? {} : { tokenType: 'DPoP' };
    return Response.json({
      ...bound,
      ...tokensOf(account, generation),
      expiresIn: 900,
      account: { id: account, name: account, roles: [] },
    });
  }

  /** A request came with this token: so it arrived. Null for one of no session. */
  hear(authorization: string | null): string | null {
    const [account = '', generation] = (authorization ?? '').replace(/^(Bearer|DPoP) access:/, '').split('.');
    const family = this.#families.get(account);
    if (family === undefined) return null;
    if (Number(generation) === family.generation) family.proved = true;
    return account;
  }

  async #take(path: string, { headers, body }: RequestInit): Promise<Response> {
    const given = new Headers(headers);
    const account = this.hear(given.get('authorization'));
    if (account === null) return refusal(401, 'signed-out');
    if (this.status === null) throw new TypeError('Failed to fetch');
    if (this.status !== 200) return refusal(this.status, 'refused');
    this.received.push({
      path,
      account,
      body: await new Response(body).text(),
      type: given.get('content-type'),
      encoding: given.get('content-encoding'),
      device: given.get('darasa-device'),
    });
    this.onReceived();
    return new Response('');
  }
}

/** What a proof says; nothing where there is none. */
function claimsOf(proof: string | null): Record<string, unknown> {
  const claims = proof?.split('.')[1];
  return claims === undefined ? {} : JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')));
}

function refusal(status: number, id: string): Response {
  return Response.json({ error: { id, message: id } }, { status });
}

function tokensOf(account: string, generation: number): { refreshToken: string; accessToken: string } {
  return { refreshToken: `${account}.${generation}`, accessToken: `access:${account}.${generation}` };
}

/** A device with a service worker, at 100,000 ms by its clock. */
export function fakeDevice(school: FakeSchool) {
  const accounts = new Map<string, AccountTokens>();
  const rows = new Map<string, OutboxRow>();
  const waits: number[] = [];
  const held = new Map<string, Promise<unknown>>();
  let updates = 0;
  const tokens = (accountId: string): AccountTokens => {
    const found = accounts.get(accountId);
    if (found === undefined) throw new Error(`${accountId} is not on this device`);
    return found;
  };
  const replaceTokens = async (used: AccountTokens, renewed: RenewedTokens): Promise<void> => {
    const now = tokens(used.accountId);
    if (now.refreshToken === used.refreshToken) accounts.set(used.accountId, { ...now, ...renewed });
  };
  // The lock manager’s type has overloads that are not used here.
  const request = ((name: string, work: () => Promise<unknown>) => {
    const mine = (held.get(name) ?? Promise.resolve()).then(work);
    held.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }) as SendEnvironment['locks']['request'];
  const environment: SendEnvironment = {
    records: {
      outbox: async () => [...rows.values()],
      tokens: async (accountId) => accounts.get(accountId) ?? null,
      deviceId: async () => 'phone',
      deviceKey: async () => device.key,
      replaceTokens,
      sent: async ({ accountId, updatedAt }) => {
        if (rows.get(accountId)?.updatedAt === updatedAt) rows.delete(accountId);
      },
      close: () => undefined,
    },
    fetch: async (input, init = {}) => school.answer(String(input), init),
    locks: { request },
    now: () => 100_000,
    origin: 'https://school.example',
    random: (bytes) => bytes.fill(7),
    nonces: new Map(),
    chance: () => device.chance,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      device.onWait();
    },
    pageIsOpen: async () => device.pageIsOpen,
  };
  const device = {
    environment,
    waits,
    tokens,
    key: null as DeviceKey | null,
    chance: 0,
    pageIsOpen: false,
    onWait: (): void => undefined,
    outbox: (): string[] => [...rows.values()].map(({ body }) => new TextDecoder().decode(body)),
    signIn(accountId: string, known: Partial<AccountTokens> = {}): void {
      school.begin(accountId);
      accounts.set(accountId, { accountId, accessExpiresAt: 0, bound: false, ...tokensOf(accountId, 0), ...known });
    },
    write(accountId: string, text: string | null): void {
      updates += 1;
      if (text === null) rows.delete(accountId);
      else rows.set(accountId, { accountId, school: 'greenhill', body: new TextEncoder().encode(text), gzipped: true, updatedAt: updates });
    },
    /** Under the lock, as `app/src/workers/database/session.ts`. */
    async refreshAsThePageDoes(accountId: string): Promise<void> {
      const used = tokens(accountId);
      const answer = await school.answer('/v1/auth/refresh', { body: JSON.stringify({ refreshToken: used.refreshToken }) });
      const { refreshToken, accessToken } = (await answer.json()) as RenewedTokens; // the fake’s own answer
      await replaceTokens(used, { refreshToken, accessToken, accessExpiresAt: 1_000_000, bound: false });
      school.hear(`Bearer ${accessToken}`);
    },
  };
  return device;
}
