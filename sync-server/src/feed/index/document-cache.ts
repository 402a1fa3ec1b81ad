/** Larger documents are read each time: they carry attachments or long texts, and would push out many others. */
const MAX_DOCUMENT_BYTES = 64 * 1024;

interface Giving {
  /** Gives up what was used longest ago; answers its bytes, 0 when there is nothing. */
  giveUp(): number;
}

/** What all caches of a process may hold together, of whichever school. The one that was used longest ago gives first. */
export class CacheBudget {
  readonly #maxBytes: number;
  /** Those that hold something, the one that was used longest ago first. */
  readonly #holders = new Set<Giving>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  used(cache: Giving): void {
    this.#holders.delete(cache);
    this.#holders.add(cache);
  }

  take(bytes: number): void {
    this.#bytes += bytes;
    for (const cache of this.#holders) {
      while (this.#bytes > this.#maxBytes) {
        const given = cache.giveUp();
        if (given === 0) break;
        this.#bytes -= given;
      }
      if (this.#bytes <= this.#maxBytes) return;
      this.#holders.delete(cache);
    }
  }

  release(cache: Giving, bytes: number): void {
    this.#holders.delete(cache);
    this.#bytes -= bytes;
  }
}

/**
 * Revisions that were read lately, in one form or another: a revision never changes, and the learners of a class read the
 * same ones. Bounded by the bytes of their JSON; what was used longest ago goes first.
 */
export class DocumentCache<Form> {
  readonly #budget: CacheBudget;
  readonly #entries = new Map<string, { readonly form: Form; readonly bytes: number }>();
  #closed = false;

  constructor(budget: CacheBudget) {
    this.#budget = budget;
  }

  get(id: string, rev: string): Form | null {
    const key = `${id} ${rev}`;
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    this.#budget.used(this);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.form;
  }

  put(id: string, rev: string, form: Form, bytes: number): void {
    const key = `${id} ${rev}`;
    if (bytes > MAX_DOCUMENT_BYTES || this.#entries.has(key) || this.#closed) return;
    this.#entries.set(key, { form, bytes });
    this.#budget.used(this);
    this.#budget.take(bytes);
  }

  giveUp(): number {
    for (const [oldest, { bytes }] of this.#entries) {
      this.#entries.delete(oldest);
      return bytes;
    }
    return 0;
  }

  /** Holds nothing from here on, though somebody may still be reading what belonged here. */
  close(): void {
    this.#closed = true;
    let bytes = 0;
    for (const entry of this.#entries.values()) bytes += entry.bytes;
    this.#entries.clear();
    this.#budget.release(this, bytes);
  }
}
