import { clientAddress } from '../../middleware/client-address.ts';
import { couchError } from '../../middleware/errors.ts';
import type { ServerContext } from '../../middleware/server-context.ts';
import { Slots } from '../../services/slots.ts';
import { type BucketSize, TokenBuckets } from '../../services/token-buckets.ts';

/** How much of replication one account, or one address of people who have not signed in, may ask for. */
export interface ReplicationLimits {
  readonly requests: BucketSize;
  /** Requests over many documents that are answered at the same time; and that wait for it. */
  readonly heavy: number;
  readonly heavyWaiting: number;
  /** Feeds that wait for news. */
  readonly feeds: number;
}

/** An account has few devices, though a demo learner's may be a whole class; behind an address may be a whole school. */
export const ACCOUNT_LIMITS: ReplicationLimits = { requests: { burst: 2_000, perMinute: 1_200 }, heavy: 12, heavyWaiting: 200, feeds: 100 };
export const ADDRESS_LIMITS: ReplicationLimits = { requests: { burst: 2_000, perMinute: 1_200 }, heavy: 20, heavyWaiting: 200, feeds: 200 };

export interface LimitOptions {
  readonly account?: ReplicationLimits;
  readonly address?: ReplicationLimits;
}

export type Load = 'light' | 'heavy' | 'feed';
const RETRY_SECONDS = 5;

/** Holds each account and each address to its limits. Whoever has signed in counts by account: behind one address may be forty phones. */
export class ReplicationGate {
  readonly #account: Measures;
  readonly #address: Measures;
  readonly #trustedProxies: number;

  constructor({ account = ACCOUNT_LIMITS, address = ADDRESS_LIMITS }: LimitOptions, trustedProxies: number, now: () => number) {
    this.#account = measures(account, now);
    this.#address = measures(address, now);
    this.#trustedProxies = trustedProxies;
  }

  /** Answers a request when its turn has come, and keeps its place until the answer is out. */
  async pass(c: ServerContext, load: Load, answer: () => Promise<Response> | Response): Promise<Response> {
    const principal = c.get('principal');
    const by = principal === null ? this.#address : this.#account;
    const who = principal === null ? clientAddress(c, this.#trustedProxies) : `${principal.school} ${principal.accountId}`;
    const seconds = by.requests.take(who);
    if (seconds !== null) return tooMany(c, seconds);
    if (load === 'light') return answer();

    const leave = await by[load].enter(who);
    if (leave === null) return tooMany(c, RETRY_SECONDS);
    try {
      return untilRead(await answer(), leave);
    } catch (error) {
      leave();
      throw error;
    }
  }
}

interface Measures {
  readonly requests: TokenBuckets;
  readonly heavy: Slots;
  readonly feed: Slots;
}

function measures({ requests, heavy, heavyWaiting, feeds }: ReplicationLimits, now: () => number): Measures {
  return { requests: new TokenBuckets(requests, now), heavy: new Slots(heavy, heavyWaiting), feed: new Slots(feeds, 0) };
}

function tooMany(c: ServerContext, retryAfterSeconds: number): Response {
  c.header('Retry-After', String(retryAfterSeconds));
  return couchError(c, 429, 'too_many_requests', 'Too many requests at once. Come again in a moment.');
}

/** The same answer; `done` is called when its body has been read, has broken off, or is not wanted any more. */
function untilRead(answer: Response, done: () => void): Response {
  if (answer.body === null) {
    done();
    return answer;
  }
  const reader = answer.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done: ended, value } = await reader.read();
        if (!ended) return controller.enqueue(value);
        done();
        controller.close();
      } catch (error) {
        done();
        controller.error(error);
      }
    },
    async cancel(reason) {
      done();
      await reader.cancel(reason);
    },
  });
  return new Response(body, { status: answer.status, headers: answer.headers });
}
