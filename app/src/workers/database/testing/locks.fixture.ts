interface Request {
  readonly shared: boolean;
  readonly grant: () => void;
}

interface Held {
  readonly shared: boolean;
  readonly steal: () => void;
}

/** A lock manager as [browsers have it](https://w3c.github.io/web-locks/): shared or exclusive, in the order of asking, given up by signal, stolen. */
export function fakeLocks(): Pick<LockManager, 'request'> {
  const waiting = new Map<string, Request[]>();
  const held = new Map<string, Set<Held>>();

  const grantNext = (name: string): void => {
    const next = waiting.get(name)?.[0];
    const holders = [...(held.get(name) ?? [])];
    if (next === undefined || holders.some(({ shared }) => !shared || !next.shared)) return;
    waiting.get(name)?.shift();
    next.grant();
    grantNext(name);
  };

  const request = async (name: string, ...rest: unknown[]): Promise<unknown> => {
    const work = rest.at(-1) as (lock: unknown) => unknown; // the last argument of every form
    const options = (rest.length > 1 ? rest[0] : {}) as LockOptions; // the one before it
    const shared = options.mode === 'shared';
    const holders = held.get(name) ?? new Set<Held>();
    const queue = waiting.get(name) ?? [];
    held.set(name, holders);
    waiting.set(name, queue);
    if (options.steal === true) {
      for (const holder of holders) holder.steal();
      holders.clear();
    } else if (options.ifAvailable === true && (queue.length > 0 || [...holders].some((holder) => !holder.shared || !shared))) {
      return work(null);
    }
    return new Promise((resolve, reject) => {
      const asked: Request = {
        shared,
        grant: () => {
          const own: Held = { shared, steal: () => reject(new DOMException('The lock was stolen', 'AbortError')) };
          holders.add(own);
          Promise.resolve({ name })
            .then(work)
            .then(resolve, reject)
            .finally(() => {
              holders.delete(own);
              grantNext(name);
            });
        },
      };
      options.signal?.addEventListener('abort', () => {
        const place = queue.indexOf(asked);
        if (place < 0) return;
        queue.splice(place, 1);
        reject(options.signal?.reason);
        grantNext(name);
      });
      if (options.signal?.aborted === true) reject(options.signal.reason);
      else if (options.steal === true) asked.grant();
      else {
        queue.push(asked);
        grantNext(name);
      }
    });
  };
  // The browser’s type has overloads that a plain function cannot name.
  return { request: request as LockManager['request'] };
}
