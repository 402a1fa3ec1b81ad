import type { Chance } from './chance.ts';

/** A schedule takes a thousand or so. */
const MOST_TURNS = 100_000;

/** Somebody asks again and again. */
export class NeverRests extends Error {
  override readonly name = 'NeverRests';
}

/**
 * Lets tasks that run at once take turns: wherever a task would wait for a disk or a network it waits for its turn, and chance
 * says who is next. The same seed gives the same order.
 */
export class Turns {
  readonly #chance: Chance;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  taken = 0;
  /** Called when every task that runs waits for something else than a turn: time has to pass, or a feed to move. */
  idle: () => void = () => undefined;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  start(task: () => Promise<void>, failed: (error: unknown) => void): void {
    this.#running += 1;
    task()
      .catch(failed)
      .finally(() => {
        this.#running -= 1;
      });
  }

  /** Gives turns until so many were given or no task is left. What servers do by themselves is no task, but takes turns too. */
  async give(turns: number): Promise<void> {
    await this.#flush();
    for (let given = 0; given < turns && (this.#running > 0 || this.#waiting.length > 0); given += 1) {
      const [next] = this.#waiting.splice(this.#chance.below(Math.max(1, this.#waiting.length)), 1);
      this.taken += 1;
      if (this.taken > MOST_TURNS) throw new NeverRests();
      if (next === undefined) this.idle();
      else next();
      await this.#flush();
    }
  }

  /** Until every task has ended, and nobody waits for a turn. */
  async settle(): Promise<void> {
    await this.#flush();
    while (this.#running > 0 || this.#waiting.length > 0) await this.give(1_000);
  }

  /** Everything that can go on without a turn goes on, what waits for the end of this round of the event loop too: twice, for that begins after. */
  async #flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
