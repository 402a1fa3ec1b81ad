interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes only when it is told to. The servers under test set their timers by it. */
export class VirtualClock {
  /** Milliseconds since 1970. */
  now: number = Date.parse('2026-01-15T08:00:00.000Z');
  readonly #timers = new Map<number, Timer>();
  #timersSet = 0;

  /** Puts this clock in the place of `setTimeout` and `Date.now` until the function that it answers is called. */
  install(): () => void {
    const { setTimeout, clearTimeout } = globalThis;
    const { now } = Date;
    Date.now = () => this.now;
    const set = (run: () => void, ms = 0): number => {
      this.#timersSet += 1;
      this.#timers.set(this.#timersSet, { at: this.now + ms, run });
      return this.#timersSet;
    };
    // Of Node's timers the server uses no more than that they can be set and cleared.
    globalThis.setTimeout = set as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((timer: number) => void this.#timers.delete(timer)) as unknown as typeof clearTimeout;
    return () => {
      Date.now = now;
      Object.assign(globalThis, { setTimeout, clearTimeout });
    };
  }

  /** One jump, as a machine that slept: what is due meanwhile runs at its end, each timer once. */
  pass(ms: number): void {
    this.now += ms;
    const due = [...this.#timers].filter(([, { at }]) => at <= this.now).sort(([, one], [, other]) => one.at - other.at);
    for (const [timer, { run }] of due) if (this.#timers.delete(timer)) run();
  }

  /** On to the next timer; answers whether there was one. */
  passToNext(): boolean {
    const next = Math.min(...[...this.#timers.values()].map(({ at }) => at));
    if (next === Number.POSITIVE_INFINITY) return false;
    this.pass(Math.max(0, next - this.now));
    return true;
  }
}
