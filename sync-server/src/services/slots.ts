interface Line {
  open: number;
  readonly waiting: ((leave: () => void) => void)[];
}

/** So many at once for each name; some more wait for their turn, and the rest are turned away. */
export class Slots {
  readonly #max: number;
  readonly #maxWaiting: number;
  readonly #lines = new Map<string, Line>();

  constructor(max: number, maxWaiting: number) {
    this.#max = max;
    this.#maxWaiting = maxWaiting;
  }

  /** Answers the function that gives the place back; null when too many wait already. To call it twice does no harm. */
  async enter(name: string): Promise<(() => void) | null> {
    const line = this.#lines.get(name) ?? { open: 0, waiting: [] };
    this.#lines.set(name, line);
    if (line.open < this.#max) {
      line.open += 1;
      return this.#leave(name, line);
    }
    if (line.waiting.length >= this.#maxWaiting) return null;
    return new Promise((resolve) => line.waiting.push(resolve));
  }

  #leave(name: string, line: Line): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = line.waiting.shift();
      // The place goes to whoever waits first.
      if (next !== undefined) next(this.#leave(name, line));
      else line.open -= 1;
      if (line.open === 0) this.#lines.delete(name);
    };
  }
}
