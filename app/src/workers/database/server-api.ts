import {
  apiErrorSchema,
  type CardRequest,
  type ClassNames,
  type ClassSignInRequest,
  classNamesSchema,
  type DeviceKey,
  type LoginRequest,
  type PassRequest,
  PROOF_HEADER,
  type RefreshRequest,
  type Schools,
  type Session,
  schoolsSchema,
  sessionSchema,
} from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { AskProved } from './device-keys.ts';

/** An answer of the server, or why there is none. `unreachable`: no answer came, or one that is not Darasa's. */
export type ServerAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: 'unreachable'; readonly detail: string }
  | {
      readonly ok: false;
      readonly reason: 'refused';
      readonly status: number;
      readonly id: string;
      readonly detail: string;
      readonly retryAfterSeconds: number | undefined;
    };

/** A phone on a bad network hangs rather than fails. */
const PATIENCE_MS = 20_000;

/** The server's routes outside replication. */
export class ServerApi {
  readonly origin: string;
  readonly #fetch: typeof fetch;
  readonly #about: () => Promise<Record<string, string>>;
  readonly #askProved: AskProved;

  /** `about`: what the device says of itself, as headers of every request. */
  constructor(origin: string, send: typeof fetch, about: () => Promise<Record<string, string>>, askProved: AskProved) {
    this.origin = origin;
    this.#askProved = askProved;
    this.#fetch = send;
    this.#about = about;
  }

  schools(): Promise<ServerAnswer<Schools>> {
    return this.#ask('/v1/schools', null, schoolsSchema);
  }

  login(request: LoginRequest): Promise<ServerAnswer<Session>> {
    return this.#ask('/v1/auth/login', request, sessionSchema);
  }

  classNames(request: { readonly school: string; readonly classCode: string }): Promise<ServerAnswer<ClassNames>> {
    return this.#ask('/v1/auth/class', request, classNamesSchema);
  }

  classSignIn(request: ClassSignInRequest): Promise<ServerAnswer<Session>> {
    return this.#ask('/v1/auth/class-sign-in', request, sessionSchema);
  }

  card(request: CardRequest): Promise<ServerAnswer<Session>> {
    return this.#ask('/v1/auth/card', request, sessionSchema);
  }

  /** `key`: the account's on this device, where it has one. */
  refresh(request: RefreshRequest, key: DeviceKey | null): Promise<ServerAnswer<Session>> {
    return this.#ask('/v1/auth/refresh', request, sessionSchema, key);
  }

  /** Opens a session by a pass of another place. */
  pass(request: PassRequest, key: DeviceKey): Promise<ServerAnswer<Session>> {
    return this.#ask('/v1/auth/pass', request, sessionSchema, key);
  }

  logout(refreshToken: string, key: DeviceKey | null): Promise<ServerAnswer<unknown>> {
    return this.#ask('/v1/auth/logout', { refreshToken }, v.unknown(), key);
  }

  async #ask<Value>(
    path: string,
    body: unknown,
    schema: v.GenericSchema<unknown, Value>,
    key: DeviceKey | null = null,
  ): Promise<ServerAnswer<Value>> {
    const about = await this.#about();
    const url = this.origin + path;
    const method = body === null ? 'GET' : 'POST';
    const send = (proof: Record<string, string>): Promise<Response> =>
      this.#fetch(url, {
        ...(body === null ? {} : { method, body: JSON.stringify(body) }),
        headers: { ...(body === null ? {} : { 'content-type': 'application/json' }), ...about, ...proof },
        credentials: 'omit',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    let response: Response;
    let json: unknown;
    try {
      response = key === null ? await send({}) : await this.#askProved(key, { method, url }, (proof) => send({ [PROOF_HEADER]: proof }));
      const text = await response.text();
      json = text === '' ? null : JSON.parse(text);
    } catch (error) {
      // No network, a time-out, or the page of a captive portal instead of an answer.
      return { ok: false, reason: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
    }
    if (response.ok) {
      const parsed = v.safeParse(schema, json);
      if (parsed.success) return { ok: true, value: parsed.output };
      return { ok: false, reason: 'unreachable', detail: `${path} answered in a way that this app does not understand` };
    }
    const parsed = v.safeParse(apiErrorSchema, json);
    // Behind a broken gateway there is no server: its 5xx pages say nothing about the person.
    if (!parsed.success) return { ok: false, reason: 'unreachable', detail: `${path} answered ${response.status}` };
    const { id, message, retryAfterSeconds } = parsed.output.error;
    if (response.status >= 500) return { ok: false, reason: 'unreachable', detail: message };
    return { ok: false, reason: 'refused', status: response.status, id, detail: message, retryAfterSeconds };
  }
}
