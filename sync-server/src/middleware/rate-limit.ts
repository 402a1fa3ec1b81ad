import type { MiddlewareHandler } from 'hono';
import { clientAddress } from './client-address.ts';
import { apiError } from './errors.ts';
import type { ServerEnv } from './server-context.ts';

export interface RateLimitOptions {
  /** Requests that may come at once: a class of forty signs in through one address. */
  readonly burst: number;
  readonly perMinute: number;
  readonly trustedProxies: number;
  readonly now: () => number;
}

/** A bucket of requests for each address, kept in this server's memory. Throws a RangeError for limits that let nobody in. */
export function rateLimit({ burst, perMinute, trustedProxies, now }: RateLimitOptions): MiddlewareHandler<ServerEnv> {
  if (burst < 1 || perMinute <= 0) throw new RangeError('A rate limit has to let somebody in');
  const buckets = new Map<string, { left: number; at: number }>();
  const refillMs = (burst / perMinute) * 60_000;

  return async (c, next) => {
    const at = now();
    // Full buckets are as good as none.
    if (buckets.size > 10_000) for (const [address, bucket] of buckets) if (at - bucket.at > refillMs) buckets.delete(address);

    const address = clientAddress(c, trustedProxies);
    const bucket = buckets.get(address) ?? { left: burst, at };
    const left = Math.min(burst, bucket.left + ((at - bucket.at) / 60_000) * perMinute);
    if (left < 1) {
      buckets.set(address, { left, at });
      const retryAfterSeconds = Math.ceil(((1 - left) / perMinute) * 60);
      return apiError(c, 429, 'too-many-requests', 'Too many tries from this network. Wait a moment.', retryAfterSeconds);
    }
    buckets.set(address, { left: left - 1, at });
    return next();
  };
}
