import { type Formats, formatsFor } from './formats.ts';
import { directionOf, type Locale } from './locales.ts';
import type { Messages } from './messages.ts';

const CATALOGUES: Readonly<Record<Locale, () => Promise<Messages>>> = {
  en: async () => (await import('./en.ts')).en,
  sw: async () => (await import('./sw.ts')).sw,
  ar: async () => (await import('./ar.ts')).ar,
};

let spoken = $state.raw<{ readonly messages: Messages; readonly formats: Formats } | null>(null);

/** Loads a language and shows it everywhere at once. Nothing is shown before the first call has answered. */
export async function speakLanguage(locale: Locale): Promise<void> {
  const messages = await CATALOGUES[locale]();
  spoken = { messages, formats: formatsFor(locale) };
  document.documentElement.lang = locale;
  document.documentElement.dir = directionOf(locale);
}

function current(): { readonly messages: Messages; readonly formats: Formats } {
  if (spoken === null) throw new Error('No language is loaded yet: the layout awaits speakLanguage first.');
  return spoken;
}

/** The words of the language in use. Read inside a template or an effect it follows a change of language. */
export function words(): Messages {
  return current().messages;
}

/** Numbers and times in the language in use. */
export function formats(): Formats {
  return current().formats;
}
