import type { Page } from '@playwright/test';

/** A voice as browsers list it. */
export interface FakeVoice {
  readonly lang: string;
  readonly localService: boolean;
}

/** What a page's voice does, from outside of the page. */
export class FakeSpeech {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Before the page is opened. It then has no voices until `voicesCome`. */
  static async of(page: Page): Promise<FakeSpeech> {
    await page.addInitScript(installFakeSpeech);
    return new FakeSpeech(page);
  }

  async voicesCome(...voices: readonly FakeVoice[]): Promise<void> {
    await this.#page.evaluate((all) => window.fakeSpeech.voicesCome(all), voices);
  }

  /** All that was begun to be said since the page was loaded: `sw-KE: Habari.`, in order. */
  async said(): Promise<readonly string[]> {
    return this.#page.evaluate(() => window.fakeSpeech.said);
  }

  async isSpeaking(): Promise<boolean> {
    return this.#page.evaluate(() => window.speechSynthesis.speaking);
  }

  /** What is being said comes to its end. */
  async sentenceEnds(): Promise<void> {
    await this.#page.evaluate(() => window.fakeSpeech.sentenceEnds());
  }
}

declare global {
  interface Window {
    /** Put there by `installFakeSpeech`. */
    fakeSpeech: { readonly said: string[]; voicesCome(voices: readonly FakeVoice[]): void; sentenceEnds(): void };
  }
}

/**
 * Replaces the page's [speech synthesis](https://wicg.github.io/speech-api/) by one without a sound, which does as Chromium's does: voices
 * come late, one text is said at a time and begins in a later task, words are told as boundaries, and a text that is cut off ends
 * with an error. It runs in the page, so it uses nothing from outside of itself.
 */
function installFakeSpeech(): void {
  class Utterance extends EventTarget {
    voice: FakeVoice | null = null;
    lang = '';
    rate = 1;
    readonly text: string;
    constructor(text = '') {
      super();
      this.text = text;
    }
  }
  const said: string[] = [];
  let voices: readonly FakeVoice[] = [];
  let queue: Utterance[] = [];
  let current: Utterance | null = null;
  let paused = false;
  const tell = (utterance: Utterance, type: string, more: object = {}): void => {
    utterance.dispatchEvent(Object.assign(new Event(type), { utterance, charIndex: 0 }, more));
  };
  const begin = (): void => {
    if (current !== null || paused) return;
    current = queue.shift() ?? null;
    if (current === null) return;
    said.push(`${current.voice?.lang ?? 'no voice'}: ${current.text}`);
    tell(current, 'start');
    for (const { index } of current.text.matchAll(/\S+/g)) tell(current, 'boundary', { name: 'word', charIndex: index });
  };
  class Speech extends EventTarget {
    get speaking(): boolean {
      return current !== null;
    }
    get pending(): boolean {
      return queue.length > 0;
    }
    get paused(): boolean {
      return paused;
    }
    getVoices(): readonly FakeVoice[] {
      return voices;
    }
    speak(utterance: Utterance): void {
      queue.push(utterance);
      setTimeout(begin);
    }
    cancel(): void {
      const cut = current;
      const never = queue;
      current = null;
      queue = [];
      setTimeout(() => {
        if (cut !== null) tell(cut, 'error', { error: 'interrupted' });
        for (const each of never) tell(each, 'error', { error: 'canceled' });
      });
    }
    pause(): void {
      paused = true;
      if (current !== null) tell(current, 'pause');
    }
    resume(): void {
      paused = false;
      if (current !== null) tell(current, 'resume');
      setTimeout(begin);
    }
  }
  const speech = new Speech();
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
  Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Utterance });
  window.fakeSpeech = {
    said,
    voicesCome: (come) => {
      voices = come;
      speech.dispatchEvent(new Event('voiceschanged'));
    },
    sentenceEnds: () => {
      const ended = current;
      current = null;
      if (ended !== null) tell(ended, 'end');
      setTimeout(begin);
    },
  };
}
