export interface BucketSize {
  /** Requests that may come at once. */
  readonly burst: number;
  readonly perMinute: number;
}

/** Fewer buckets than this are not worth looking through for full ones. */
const MANY = 10_000;

/** A bucket of requests for each name (an address, an account), in this server's memory. Throws a RangeError for sizes that let nobody in. */
export class TokenBuckets {
  readonly #size: BucketSize;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(size: BucketSize, now: () => number) {
    if (size.burst < 1 || size.perMinute <= 0) throw new RangeError('A rate limit has to let somebody in');
    this.#size = size;
    this.#now = now;
  }

  /** Takes one request from a bucket. Answers after how many seconds to come again, or null when it may go on. */
  take(name: string): number | null {
    const { burst, perMinute } = this.#size;
    const at = this.#now();
    const refillMs = (burst / perMinute) * 60_000;
    // Full buckets are as good as none.
    if (this.#buckets.size > MANY) for (const [key, bucket] of this.#buckets) if (at - bucket.at > refillMs) this.#buckets.delete(key);

    const bucket = this.#buckets.get(name) ?? { left: burst, at };
    const left = Math.min(burst, bucket.left + ((at - bucket.at) / 60_000) * perMinute);
    const goesOn = left >= 1;
    this.#buckets.set(name, { left: goesOn ? left - 1 : left, at });
    return goesOn ? null : Math.ceil(((1 - left) / perMinute) * 60);
  }
}
