import { type Answer, database } from '$lib/client/index.ts';
import { carryOut } from '../shell/outcomes.ts';

/** Long enough for a typed word, short enough that closing the app costs a letter or two. */
const TYPING_MS = 400;

/**
 * Commits answers one after the other, the newest of each question last, and knows what is proved: `saved` only when the
 * device has committed everything that was given.
 */
export class AnswerSaver {
  state = $state<'idle' | 'saving' | 'saved' | 'failed'>('idle');
  /** What was given here and may not have come back in the view yet; null: taken back. */
  given = $state.raw<Readonly<Record<string, Answer | null>>>({});
  readonly #courseId: string;
  readonly #quizId: string;
  readonly #waiting = new Map<string, Answer | null>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(courseId: string, quizId: string) {
    this.#courseId = courseId;
    this.#quizId = quizId;
  }

  give(questionId: string, answer: Answer | null, typing = false): void {
    this.given = { ...this.given, [questionId]: answer };
    this.#waiting.set(questionId, answer);
    this.state = 'saving';
    clearTimeout(this.#timer);
    if (typing) this.#timer = setTimeout(() => void this.flush(), TYPING_MS);
    else void this.flush();
  }

  /** Commits what waits; answers whether everything is on the device. */
  flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#queue = this.#queue.then(() => this.#commit());
    return this.#queue.then(() => this.#waiting.size === 0);
  }

  async #commit(): Promise<void> {
    for (const [questionId, answer] of [...this.#waiting]) {
      const { done } = await carryOut(database().saveAnswer(this.#courseId, this.#quizId, questionId, answer));
      if (!done) {
        this.state = 'failed';
        return;
      }
      // A newer answer to the same question may have come meanwhile: it waits for its own turn.
      if (this.#waiting.get(questionId) === answer) this.#waiting.delete(questionId);
    }
    if (this.#waiting.size === 0 && this.state === 'saving') this.state = 'saved';
    if (this.#waiting.size === 0 && this.state === 'failed') this.state = 'saved';
  }
}
