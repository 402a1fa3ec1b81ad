import type { SpeechEnd } from '$lib/platform/speech.ts';

/** What is read in one go, in one language. */
export interface Passage {
  readonly text: string;
  readonly language: string;
  /** It is being read, or no longer. */
  readonly mark?: (read: boolean) => void;
}

export interface Voice {
  readonly can: (language: string) => boolean;
  /** Calls `ended` once; returns the way to stop. */
  readonly speak: (text: string, language: string, ended: (how: SpeechEnd) => void) => () => void;
}

/**
 * Reads passages one after the other. A pause stops and remembers the passage, which is read from its beginning again: the browser's own
 * pause ends the reading on Android and is forgotten by remote voices.
 */
export class ReadingAloud {
  state = $state<'silent' | 'reading' | 'paused'>('silent');
  readonly #voice: Voice;
  readonly #failed: () => void;
  #passages: readonly Passage[] = [];
  #at = 0;
  #halt: () => void = () => undefined;

  /** `failed` is called when the voice gives up in the middle. */
  constructor(voice: Voice, failed: () => void) {
    this.#voice = voice;
    this.#failed = failed;
  }

  /** Reads from the first passage; those in a language without a voice are left out. */
  start(passages: readonly Passage[]): void {
    this.stop();
    this.#passages = passages.filter(({ language }) => this.#voice.can(language));
    this.#at = 0;
    this.resume();
  }

  pause(): void {
    if (this.state !== 'reading') return;
    this.state = 'paused';
    this.#halt();
  }

  resume(): void {
    const passage = this.#passages[this.#at];
    if (passage === undefined) {
      this.state = 'silent';
      return;
    }
    this.state = 'reading';
    passage.mark?.(true);
    this.#halt = this.#voice.speak(passage.text, passage.language, (how) => {
      passage.mark?.(false);
      if (this.state !== 'reading') return;
      if (how === 'read') {
        this.#at += 1;
        this.resume();
        return;
      }
      this.state = 'silent';
      if (how === 'failed') this.#failed();
    });
  }

  stop(): void {
    if (this.state === 'silent') return;
    this.state = 'silent';
    this.#halt();
  }
}
