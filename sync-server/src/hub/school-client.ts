import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { schoolDatabase } from '@darasa/couchdb/provisioning';
import {
  apiErrorSchema,
  type HubPeople,
  type HubToken,
  hubPeopleSchema,
  hubTokenSchema,
  type PairAnswer,
  type PairRequest,
  pairAnswerSchema,
  placeSchema,
  publicJwkSchema,
} from '@darasa/shared/protocol';
import { EXCHANGE_TYPE, type SendExchange } from '@darasa/shared/sync';
import { SignJWT } from 'jose';
import * as v from 'valibot';
import type { EndedFamily } from '../services/refresh-tokens.ts';
import type { HubIdentity, Paired, SchoolKey } from './identity.ts';

/** The school answered, and said no. `id` is stable: see `shared/src/protocol/auth.ts`. */
export class SchoolRefused extends Error {
  override readonly name = 'SchoolRefused';
  readonly status: number;
  readonly id: string;

  constructor(request: string, status: number, id: string, message: string) {
    super(`${request}: ${status} ${message}`);
    this.status = status;
    this.id = id;
  }
}

const jwks = v.object({ keys: v.array(v.object({ ...publicJwkSchema.entries, kid: v.string() })) });
const ANSWER_MS = 60_000;
/** A reply of which nothing has come for so long is given up; the school sends news or the end of waiting within 55 s. */
const SILENCE_MS = 90_000;
const ASSERTION_SECONDS = 50;
/** Before a token ends another is fetched. */
const RENEW_BEFORE_MS = 60_000;
const packed = promisify(gzip);

/** Redeems a code at a school. Throws SchoolRefused for a wrong one. */
export async function pairWith(url: string, request: PairRequest): Promise<PairAnswer> {
  return ask(pairAnswerSchema, `${url}/v1/hubs/pair`, { method: 'POST', json: request });
}

/** The school, as its class laptop asks it. */
export class SchoolClient {
  readonly #identity: HubIdentity;
  readonly #paired: Paired;
  readonly #now: () => number;
  #token: (HubToken & { readonly until: number }) | null = null;

  constructor(identity: HubIdentity, paired: Paired, now: () => number) {
    this.#identity = identity;
    this.#paired = paired;
    this.#now = now;
  }

  /** The token that is good now, and whether it is a new one. Fetches the school's keys with each. */
  async token(): Promise<{ readonly token: HubToken; readonly fresh: boolean }> {
    if (this.#token !== null && this.#token.until > this.#now()) return { token: this.#token, fresh: false };
    const { url, place, hubId, school } = this.#paired;
    const answering = await ask(placeSchema, `${url}/v1/place`);
    if (answering.id !== place)
      throw new SchoolRefused('GET /v1/place', 200, 'another-place', 'Another server answers at the school’s address');
    const { keys } = await ask(jwks, `${url}/.well-known/jwks.json`);
    await this.#identity.rememberKeys(keys satisfies SchoolKey[]);
    // By the school's clock: a laptop's may be years off.
    const seconds = Math.floor(answering.now / 1_000);
    const assertion = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: this.#identity.kid })
      .setIssuer(hubId)
      .setSubject(hubId)
      .setAudience(place)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + ASSERTION_SECONDS)
      .sign(this.#identity.privateKey);
    const token = await ask(hubTokenSchema, `${url}/v1/hubs/token`, { method: 'POST', json: { school: school.slug, assertion } });
    this.#token = { ...token, until: this.#now() + token.expiresIn * 1_000 - RENEW_BEFORE_MS };
    return { token, fresh: true };
  }

  /** The next request asks for a new token. */
  forgetToken(): void {
    this.#token = null;
  }

  async people(): Promise<HubPeople> {
    return this.#asHub(hubPeopleSchema, '/v1/hubs/people');
  }

  async release(accounts: readonly string[]): Promise<void> {
    await this.#asHub(v.null(), '/v1/hubs/release', { accounts });
  }

  async tellEnded(ended: readonly EndedFamily[]): Promise<void> {
    await this.#asHub(v.null(), '/v1/hubs/ended', { ended });
  }

  /** Sends exchanges; one that waits for news ends with `interrupted`. */
  exchange(interrupted: () => AbortSignal): SendExchange {
    const client = this;
    return async function* (request, waits) {
      const { token } = await client.token();
      const silence = new AbortController();
      const signal = waits ? AbortSignal.any([silence.signal, interrupted()]) : silence.signal;
      let timer = setTimeout(() => silence.abort(), SILENCE_MS);
      try {
        const { url, school } = client.#paired;
        const response = await fetch(`${url}/db/${schoolDatabase(school.slug)}/_exchange${waits ? '?feed=longpoll' : ''}`, {
          method: 'POST',
          body: new Uint8Array(await packed(request)),
          headers: {
            'content-type': EXCHANGE_TYPE,
            'content-encoding': 'gzip',
            'accept-encoding': 'br, gzip',
            authorization: `Bearer ${token.accessToken}`,
          },
          signal,
        });
        if (!response.ok || response.body === null) {
          if (response.status === 401 || response.status === 403) client.forgetToken();
          throw new SchoolRefused('POST _exchange', response.status, 'exchange', await response.text());
        }
        const decoder = new TextDecoder();
        let rest = '';
        for await (const chunk of response.body) {
          clearTimeout(timer);
          timer = setTimeout(() => silence.abort(), SILENCE_MS);
          const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
          rest = lines.pop() ?? '';
          yield* lines;
        }
        if (rest !== '') yield rest;
      } finally {
        clearTimeout(timer);
      }
    };
  }

  async #asHub<Schema extends v.GenericSchema>(schema: Schema, path: string, json?: unknown): Promise<v.InferOutput<Schema>> {
    const { token } = await this.token();
    const body = json === undefined ? {} : { method: 'POST', json };
    return ask(schema, `${this.#paired.url}${path}`, { ...body, authorization: `Bearer ${token.accessToken}` });
  }
}

interface Asked {
  readonly method?: string;
  readonly json?: unknown;
  readonly authorization?: string;
}

/** An answer without a body is null. */
async function ask<Schema extends v.GenericSchema>(
  schema: Schema,
  url: string,
  { method = 'GET', json, authorization }: Asked = {},
): Promise<v.InferOutput<Schema>> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const text = await response.text();
  if (response.ok) return v.parse(schema, text === '' ? null : JSON.parse(text));
  const told = v.safeParse(v.pipe(v.string(), v.parseJson(), apiErrorSchema), text);
  const { id, message } = told.success ? told.output.error : { id: 'unexpected', message: text.slice(0, 200) };
  throw new SchoolRefused(`${method} ${new URL(url).pathname}`, response.status, id, message);
}
