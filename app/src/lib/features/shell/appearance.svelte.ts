import { bestLocale, isLocale, type Locale, speakLanguage } from '$lib/messages/index.ts';
import {
  applyPreferences,
  browserLanguages,
  onDeviceThemeChange,
  type Preferences,
  readPreferences,
  savePreferences,
} from '$lib/platform/preferences.ts';

class Appearance {
  chosen = $state.raw<Preferences>(readPreferences());

  /** The language in use: the chosen one, else the best of the browser's. */
  get locale(): Locale {
    return isLocale(this.chosen.locale) ? this.chosen.locale : bestLocale(browserLanguages());
  }

  /** Before the first screen: loads the language and applies what was chosen. */
  async start(): Promise<void> {
    applyPreferences(this.chosen);
    onDeviceThemeChange(() => applyPreferences(this.chosen));
    await speakLanguage(this.locale);
  }

  async change(change: Partial<Preferences>): Promise<void> {
    this.chosen = { ...this.chosen, ...change };
    savePreferences(this.chosen);
    if (change.locale !== undefined) await speakLanguage(this.locale);
  }
}

export const appearance = new Appearance();
