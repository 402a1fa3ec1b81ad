/** Whether the device can read aloud at all. Voices may still be missing for a language: see `canSpeak`. */
function synthesis(): SpeechSynthesis | null {
  return typeof window !== 'undefined' && 'speechSynthesis' in window ? window.speechSynthesis : null;
}

/** Whether the device has a voice for the language, for example `sw`. Some browsers load their voices late: ask again. */
export function canSpeak(language: string): boolean {
  return (
    synthesis()
      ?.getVoices()
      .some((voice) => voice.lang.toLowerCase().startsWith(language)) ?? false
  );
}

/** Calls back when the list of voices changes. Returns the way to stop. */
export function onVoicesChange(call: () => void): () => void {
  const speech = synthesis();
  speech?.addEventListener('voiceschanged', call);
  return () => speech?.removeEventListener('voiceschanged', call);
}

/**
 * Reads the text aloud, paragraph by paragraph: Chromium falls silent after about 15 seconds of one utterance.
 * `ended` is called once, at the end or when it is stopped. Returns the way to stop.
 */
export function speak(text: string, language: string, ended: () => void): () => void {
  const speech = synthesis();
  const parts = text.split(/\n+|(?<=[.!?؟۔])\s+/u).filter((part) => part.trim() !== '');
  if (speech === null || parts.length === 0) {
    ended();
    return () => undefined;
  }
  let over = false;
  const finish = (): void => {
    if (over) return;
    over = true;
    ended();
  };
  speech.cancel();
  for (const [index, part] of parts.entries()) {
    const utterance = new SpeechSynthesisUtterance(part);
    utterance.lang = language;
    utterance.addEventListener('error', finish);
    if (index === parts.length - 1) utterance.addEventListener('end', finish);
    speech.speak(utterance);
  }
  return () => {
    speech.cancel();
    finish();
  };
}
