import type { DocumentReader } from '../policies/document-reader.ts';
import type { SchoolTail } from './school-tail.ts';

/** Counts the changes that somebody may read, so that none is missed between reading a page and beginning to wait. */
export class ChangeWaiter {
  readonly #unsubscribe: () => void;
  #seen = false;
  #wake: (() => void) | null = null;

  constructor(tail: SchoolTail, mayRead: DocumentReader) {
    this.#unsubscribe = tail.subscribe((id) => {
      if (id !== null && !mayRead(id)) return;
      this.#seen = true;
      this.#wake?.();
    });
  }

  /** Before a page is read: from here on changes count. */
  arm(): void {
    this.#seen = false;
  }

  /** Waits for a change since `arm`, or until the time is over or the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#seen || signal.aborted || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.#wake = done;
    });
  }

  close(): void {
    this.#unsubscribe();
  }
}
