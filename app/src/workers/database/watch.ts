import type { ViewName, Views } from './api.ts';
import type { Environment } from './environment.ts';
import type { ViewContext } from './views/context.ts';
import { loadView } from './views/index.ts';

/** A frame: changes that come together are shown together. */
const GATHER_MS = 16;
/** While documents stream in, views are computed this often at most. */
const AT_MOST_EVERY_MS = 250;

interface Query {
  readonly run: () => Promise<void>;
  deps: ReadonlySet<string>;
  scheduled: boolean;
  running: boolean;
  dirty: boolean;
  stopped: boolean;
  lastRun: number;
}

/** Makes a context for one computation; it tells `note` what the computation depends on. Null: nobody is signed in. */
export type MakeContext = (note: (key: string) => void) => ViewContext | null;

/** The views that screens watch. Each is computed at once, and again when something that it was made of has changed. */
export class LiveQueries {
  readonly #environment: Environment;
  readonly #makeContext: MakeContext;
  readonly #onError: (error: unknown) => void;
  readonly #queries = new Set<Query>();

  constructor(environment: Environment, makeContext: MakeContext, onError: (error: unknown) => void) {
    this.#environment = environment;
    this.#makeContext = makeContext;
    this.#onError = onError;
  }

  /** Rejects when the first computation fails. While nobody is signed in nothing is shown. */
  async watch<Name extends ViewName>(
    name: Name,
    params: Views[Name]['params'],
    show: (result: Views[Name]['result']) => void,
  ): Promise<{ stop(): void }> {
    let last: string | null = null;
    const query: Query = {
      deps: new Set(),
      scheduled: false,
      running: false,
      dirty: false,
      stopped: false,
      lastRun: 0,
      run: async () => {
        const deps = new Set<string>();
        const context = this.#makeContext((key) => deps.add(key));
        // Noted before the work is done: what changes meanwhile makes it run again.
        query.deps = deps;
        if (context === null) {
          last = null;
          return;
        }
        const result = await loadView(name, params, context);
        const text = JSON.stringify(result);
        if (text === last || query.stopped) return;
        last = text;
        show(result);
      },
    };
    this.#queries.add(query);
    try {
      await this.#compute(query);
    } catch (error) {
      this.#queries.delete(query);
      throw error;
    }
    return {
      stop: () => {
        query.stopped = true;
        this.#queries.delete(query);
      },
    };
  }

  /** These keys (see `keysOf`) changed. */
  changed(keys: ReadonlySet<string>): void {
    for (const query of this.#queries) {
      for (const key of keys) {
        if (!query.deps.has(key)) continue;
        this.#schedule(query);
        break;
      }
    }
  }

  /** Everything may have changed: another person, other roles, a lost message. */
  allChanged(): void {
    for (const query of this.#queries) this.#schedule(query);
  }

  #schedule(query: Query): void {
    if (query.running) query.dirty = true;
    if (query.running || query.scheduled || query.stopped) return;
    query.scheduled = true;
    const since = this.#environment.now() - query.lastRun;
    // The clock may have been set back meanwhile.
    const wait = since >= AT_MOST_EVERY_MS || since < 0 ? GATHER_MS : Math.max(GATHER_MS, AT_MOST_EVERY_MS - since);
    this.#environment.after(wait, () => {
      query.scheduled = false;
      if (!query.stopped) this.#compute(query).catch(this.#onError);
    });
  }

  async #compute(query: Query): Promise<void> {
    query.running = true;
    query.dirty = false;
    try {
      await query.run();
    } finally {
      query.running = false;
      query.lastRun = this.#environment.now();
      if (query.dirty) this.#schedule(query);
    }
  }
}
