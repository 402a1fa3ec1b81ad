/** A short word about what just happened, with a way back where there is one. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'done' | 'problem';
  readonly undo: (() => void) | null;
}

/** Long enough to read and to reach the button; what can be undone stays longer. */
const LIFE_MS = 5_000;
const LIFE_WITH_UNDO_MS = 10_000;

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #last = 0;

  done(text: string, undo: (() => void) | null = null): void {
    this.#show({ text, tone: 'done', undo }, undo === null ? LIFE_MS : LIFE_WITH_UNDO_MS);
  }

  /** Problems stay until they are closed. */
  problem(text: string): void {
    this.#show({ text, tone: 'problem', undo: null }, null);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((each) => each.id !== id);
  }

  #show(toast: Omit<Toast, 'id'>, lifeMs: number | null): void {
    this.#last += 1;
    const id = this.#last;
    this.list = [...this.list.filter((each) => each.text !== toast.text), { ...toast, id }];
    if (lifeMs !== null) setTimeout(() => this.dismiss(id), lifeMs);
  }
}

export const toasts = new Toasts();
