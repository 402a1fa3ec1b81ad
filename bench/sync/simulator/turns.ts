import type { Chance } from './chance.ts';

/**
 * Lets tasks that run at once take turns: wherever a task would wait for a disk or a network it waits for its turn, and chance
 * says who is next. The same seed gives the same order.
 */
export class Turns {
  readonly #chance: Chance;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  taken = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Starts a task; what it throws is thrown by `settle`. */
  start(task: () => Promise<void>, failed: (error: unknown) => void): void {
    this.#running += 1;
    task()
      .catch(failed)
      .finally(() => {
        this.#running -= 1;
      });
  }

  /** Gives turns until so many were given or no task is left. */
  async give(turns: number): Promise<void> {
    for (let given = 0; given < turns && this.#running > 0; given += 1) {
      // Everything that can go on without a turn goes on first.
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = this.#waiting.splice(this.#chance.below(Math.max(1, this.#waiting.length)), 1);
      this.taken += 1;
      next?.();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  async settle(): Promise<void> {
    while (this.#running > 0) await this.give(1_000);
  }
}
