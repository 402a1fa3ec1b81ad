import type { LevelStore } from 'leveldown';

/** A key as PouchDB's leveldb adapter forms it: the store's part, then the name in it. */
export function levelKey(part: string, name: string): string {
  return `\u00ff${part}\u00ff${name}`;
}

/** Every value of one part of the store, or only that there is one when `values` is false. */
export async function* readPart(level: LevelStore, part: string, values: boolean): AsyncGenerator<Buffer> {
  const iterator = level.iterator({
    gte: levelKey(part, ''),
    lt: `\u00ff${part}\u0100`,
    values,
    fillCache: values,
    keyAsBuffer: false,
    valueAsBuffer: true,
  });
  try {
    for (;;) {
      const entry = await new Promise<Buffer | undefined>((resolve, reject) => {
        iterator.next((error, key, value) => (error ? reject(error) : resolve(key === undefined ? undefined : (value ?? Buffer.alloc(0)))));
      });
      if (entry === undefined) return;
      yield entry;
    }
  } finally {
    await levelCall((done) => iterator.end(done));
  }
}

export function levelCall(work: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));
}

/** A value of the store, parsed; `undefined` when there is none. */
export function readLevel(level: LevelStore, key: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    level.get(key, { asBuffer: false }, (error, value) => {
      if (!error) resolve(JSON.parse(value));
      else if (/NotFound/i.test(error.message)) resolve(undefined);
      else reject(error);
    });
  });
}
