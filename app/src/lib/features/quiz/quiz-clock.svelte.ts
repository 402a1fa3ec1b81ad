import type { TimeLeft } from '$lib/client/index.ts';

/** Between two times that the device counts what is left: a killed tab costs no more than the clock on the wall can tell. */
const COUNT_EVERY_MS = 10_000;
const TICK_MS = 500;

/** Counts, and answers what is left; null when that could not be found out. */
export type CountTime = () => Promise<TimeLeft | null>;

/**
 * What is left of an attempt, counted down between the device's answers by a clock that only goes forward. `onover` is called
 * once when the quiz is over, with the last answer.
 */
export class QuizClock {
  #left = $state.raw<TimeLeft | null>(null);
  #since = $state(0);
  readonly #count: CountTime;
  readonly #onover: (left: TimeLeft) => void;
  readonly #elapsed: () => number;
  #from = 0;
  #counting = false;
  #over = false;

  constructor(count: CountTime, onover: (left: TimeLeft) => void, elapsed: () => number = () => performance.now()) {
    this.#count = count;
    this.#onover = onover;
    this.#elapsed = elapsed;
  }

  /** What is left of the quiz, in milliseconds: of its time, or until it closes. Null where nothing limits it. */
  get quizMs(): number | null {
    if (this.#left === null) return null;
    const { quizMs, closesInMs } = this.#left;
    const whole = quizMs === null || closesInMs === null ? (quizMs ?? closesInMs) : Math.min(quizMs, closesInMs);
    return whole === null ? null : Math.max(0, whole - this.#since);
  }

  /** What is left of a section that is shown; null where it has no limit. */
  sectionMs(id: string, shown: boolean): number | null {
    const left = this.#left?.sections[id];
    return left === undefined ? null : Math.max(0, left - (shown ? this.#since : 0));
  }

  /** Takes a new answer of the device's. */
  take(left: TimeLeft): void {
    this.#left = left;
    this.#from = this.#elapsed();
    this.#since = 0;
    this.#over = false;
    this.#check();
  }

  async count(): Promise<void> {
    if (this.#counting) return;
    this.#counting = true;
    const left = await this.#count();
    this.#counting = false;
    if (left !== null) this.take(left);
  }

  /** Runs until the answer is called. */
  start(): () => void {
    void this.count();
    const ticking = setInterval(() => {
      this.#since = this.#elapsed() - this.#from;
      // Only the device decides that it is over: its answer may be another than the countdown's.
      if (this.#since >= COUNT_EVERY_MS || (this.quizMs === 0 && !this.#over)) void this.count();
    }, TICK_MS);
    return () => clearInterval(ticking);
  }

  #check(): void {
    if (this.#over || this.#left === null || this.quizMs !== 0) return;
    this.#over = true;
    this.#onover(this.#left);
  }
}
