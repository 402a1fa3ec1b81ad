import type { Answer } from '$lib/client/index.ts';

/** Long enough for a typed word, short enough that closing the app costs a letter or two. */
const TYPING_MS = 400;

/** Commits one answer on the device, or takes it back with null; a failure has been told to the person. */
export type SaveAnswer = (questionId: string, answer: Answer | null) => Promise<{ readonly done: boolean }>;

/**
 * Commits answers one after the other, the newest of each question last, and knows what is proved: `saved` only when the
 * device has committed everything that was given.
 */
export class AnswerSaver {
  state = $state<'idle' | 'saving' | 'saved' | 'failed'>('idle');
  /** What was given here and may not have come back in the view yet; null: taken back. */
  given = $state.raw<Readonly<Record<string, Answer | null>>>({});
  readonly #save: SaveAnswer;
  readonly #waiting = new Map<string, Answer | null>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(save: SaveAnswer) {
    this.#save = save;
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
      const { done } = await this.#save(questionId, answer);
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
