import { opaqueId } from '@darasa/shared/documents';
import type { ClockReading } from '@darasa/shared/rules';
import type { Environment } from './environment.ts';

/** Replies name their second alone: the middle of it is off by half of one at most. */
const HALF_A_SECOND = 500;

/**
 * The clocks that the time of an attempt is read from. The school's is heard in the `Date` of its replies, and then goes on by the
 * clock of this session that only goes forward: what is done to the device's clock does not touch it.
 */
export class SchoolClock {
  readonly #environment: Pick<Environment, 'now' | 'elapsed'>;
  readonly #session: string;
  #heard: { readonly school: number; readonly mono: number; readonly place: string } | null = null;

  constructor(environment: Pick<Environment, 'now' | 'elapsed' | 'random'>) {
    this.#environment = environment;
    this.#session = opaqueId(environment.random);
  }

  /** Requests whose replies are listened to. */
  hearing(send: typeof fetch): typeof fetch {
    return async (input, init) => {
      const reply = await send(input, init);
      const told = Date.parse(reply.headers.get('date') ?? '');
      const place = new URL(input instanceof Request ? input.url : String(input)).origin;
      // A class laptop has a clock of its own: two clocks are never taken for one.
      if (Number.isFinite(told) && (this.#heard === null || this.#heard.place === place))
        this.#heard = { school: told + HALF_A_SECOND, mono: this.#environment.elapsed(), place };
      return reply;
    };
  }

  reading(): ClockReading {
    const { now, elapsed } = this.#environment;
    const mono = elapsed();
    const school = this.#heard === null ? null : this.#heard.school + (mono - this.#heard.mono);
    return { wall: now(), mono, session: this.#session, school };
  }
}
