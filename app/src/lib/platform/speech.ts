/** How the reading of a text ended: all of it was read, somebody stopped it (also another text that is read), or the voice failed. */
export type SpeechEnd = 'read' | 'stopped' | 'failed';

function synthesis(): SpeechSynthesis | null {
  return typeof window !== 'undefined' && 'speechSynthesis' in window ? window.speechSynthesis : null;
}

/** `sw` of `sw-KE`, which Android writes `sw_KE`. */
const primary = (tag: string): string => tag.toLowerCase().split(/[-_]/, 1)[0] ?? '';

/** The voice for a language, for example `sw`: one of the device before one that needs the network, which is none without a network. */
export function voiceFor(language: string, voices: readonly SpeechSynthesisVoice[], online: boolean): SpeechSynthesisVoice | null {
  const able = voices.filter(({ lang }) => primary(lang) === primary(language));
  const local = able.filter(({ localService }) => localService);
  const from = local.length > 0 || !online ? local : able;
  return from.find((voice) => voice.default) ?? from[0] ?? null;
}

const voiceNow = (language: string): SpeechSynthesisVoice | null => voiceFor(language, synthesis()?.getVoices() ?? [], navigator.onLine);

/** Whether the device can read the language aloud now. Some browsers load their voices late: see `onVoicesChange`. */
export function canSpeak(language: string): boolean {
  return voiceNow(language) !== null;
}

/** Calls back when another answer of `canSpeak` is possible. Returns the way to stop. */
export function onVoicesChange(call: () => void): () => void {
  const speech = synthesis();
  speech?.addEventListener('voiceschanged', call);
  window.addEventListener('online', call);
  window.addEventListener('offline', call);
  return () => {
    speech?.removeEventListener('voiceschanged', call);
    window.removeEventListener('online', call);
    window.removeEventListener('offline', call);
  };
}

/**
 * Reads the text aloud, sentence by sentence: Chromium falls silent after about 15 seconds of one utterance of a remote voice.
 * `ended` is called once. Returns the way to stop.
 */
export function speak(text: string, language: string, ended: (how: SpeechEnd) => void): () => void {
  const speech = synthesis();
  const voice = voiceNow(language);
  const parts = text.split(/\n+|(?<=[.!?؟۔])\s+/u).filter((part) => part.trim() !== '');
  let over = false;
  // Held here: Chromium forgets to tell of an utterance that nobody holds.
  let current: SpeechSynthesisUtterance | null = null;
  const finish = (how: SpeechEnd): void => {
    if (over) return;
    over = true;
    current = null;
    window.removeEventListener('pagehide', stop);
    ended(how);
  };
  const stop = (): void => {
    if (over) return;
    finish('stopped');
    speech?.cancel();
  };
  const next = (at: number): void => {
    const part = parts[at];
    if (over) return;
    if (speech === null || voice === null) {
      finish('failed');
      return;
    }
    if (part === undefined) {
      finish('read');
      return;
    }
    current = new SpeechSynthesisUtterance(part);
    current.voice = voice;
    current.lang = voice.lang;
    current.addEventListener('end', () => next(at + 1));
    current.addEventListener('error', ({ error }) => finish(error === 'canceled' || error === 'interrupted' ? 'stopped' : 'failed'));
    speech.speak(current);
  };
  // Some browsers go on reading when the page is gone.
  window.addEventListener('pagehide', stop);
  speech?.cancel();
  next(0);
  return stop;
}
