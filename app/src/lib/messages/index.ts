export type { Formats } from './formats.ts';
export { formats, speakLanguage, words } from './language.svelte.ts';
export { bestLocale, directionOf, isLocale, LOCALE_NAMES, LOCALES, type Locale } from './locales.ts';
export type { Messages } from './messages.ts';
