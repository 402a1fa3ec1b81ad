import { grown } from './id-table.ts';

/**
 * The documents of one partition in the order of their last change: pairs of an ordinal and a document's number, ordinals
 * rising. A document that changes again is appended again; its earlier entry is stale, and goes when half of all are.
 */
export class ChangeOrder {
  #pairs = new Uint32Array(4);
  #used = 0;

  /** Entries, stale ones too. */
  get length(): number {
    return this.#used / 2;
  }

  get byteLength(): number {
    return this.#pairs.byteLength;
  }

  append(ordinal: number, number: number): void {
    if (this.#used + 2 > this.#pairs.length) this.#pairs = grown(this.#pairs, this.#used + 2);
    this.#pairs[this.#used] = ordinal;
    this.#pairs[this.#used + 1] = number;
    this.#used += 2;
  }

  ordinal(entry: number): number {
    return this.#pairs[entry * 2] ?? 0;
  }

  number(entry: number): number {
    return this.#pairs[entry * 2 + 1] ?? 0;
  }

  /** The first entry after an ordinal; `length` when there is none. */
  after(ordinal: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ordinal(middle) > ordinal) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  keep(isCurrent: (number: number, ordinal: number) => boolean): void {
    let kept = 0;
    for (let entry = 0; entry < this.length; entry += 1) {
      const [ordinal, number] = [this.ordinal(entry), this.number(entry)];
      if (!isCurrent(number, ordinal)) continue;
      this.#pairs[kept] = ordinal;
      this.#pairs[kept + 1] = number;
      kept += 2;
    }
    this.#used = kept;
  }
}
