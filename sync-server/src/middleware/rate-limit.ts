import type { MiddlewareHandler } from 'hono';
import { type BucketSize, TokenBuckets } from '../services/token-buckets.ts';
import { clientAddress } from './client-address.ts';
import { apiError } from './errors.ts';
import type { ServerEnv } from './server-context.ts';

/** A class of forty signs in through one address: `burst` has to let it in at once. */
export interface RateLimitOptions extends BucketSize {
  readonly trustedProxies: number;
  readonly now: () => number;
}

/** A bucket of requests for each address. Throws a RangeError for limits that let nobody in. */
export function rateLimit({ trustedProxies, now, ...size }: RateLimitOptions): MiddlewareHandler<ServerEnv> {
  const buckets = new TokenBuckets(size, now);
  return async (c, next) => {
    const retryAfterSeconds = buckets.take(clientAddress(c, trustedProxies));
    if (retryAfterSeconds === null) return next();
    return apiError(c, 429, 'too-many-requests', 'Too many tries from this network. Wait a moment.', retryAfterSeconds);
  };
}
