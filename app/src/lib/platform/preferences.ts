/** How the app looks and speaks on this device. Kept in `localStorage`, because it must be known before the first paint. */
export interface Preferences {
  readonly theme: 'auto' | 'light' | 'dark';
  readonly text: 'normal' | 'large' | 'larger';
  readonly motion: 'auto' | 'less';
  /** Null until somebody chose one: then the browser's languages decide. */
  readonly locale: string | null;
  /** The install card was put away. */
  readonly installLater: boolean;
}

/** `static/appearance.js` reads the same key before the app has loaded. */
const KEY = 'darasa:preferences';
const DEFAULTS: Preferences = { theme: 'auto', text: 'normal', motion: 'auto', locale: null, installLater: false };

/** What was chosen on this device; the defaults where nothing was, or where storage is closed. */
export function readPreferences(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return DEFAULTS;
    const found = stored as Partial<Record<keyof Preferences, unknown>>;
    return {
      theme: found.theme === 'light' || found.theme === 'dark' ? found.theme : 'auto',
      text: found.text === 'large' || found.text === 'larger' ? found.text : 'normal',
      motion: found.motion === 'less' ? 'less' : 'auto',
      locale: typeof found.locale === 'string' ? found.locale : null,
      installLater: found.installLater === true,
    };
  } catch {
    // A closed storage or a broken value: the app works with its defaults.
    return DEFAULTS;
  }
}

/** Keeps the choice and shows it at once. */
export function savePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Storage is closed or full: the choice holds until the page is closed.
  }
  applyPreferences(preferences);
}

/** Writes theme, text size and motion onto the page. */
export function applyPreferences({ theme, text, motion }: Preferences): void {
  const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  const root = document.documentElement;
  root.dataset['theme'] = dark ? 'dark' : 'light';
  root.dataset['text'] = text;
  root.dataset['motion'] = motion;
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#181510' : '#f6f0e3');
}

/** Follows the device while its theme is followed. Returns the way to stop. */
export function onDeviceThemeChange(call: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', call);
  return () => query.removeEventListener('change', call);
}

/** The languages that the browser asks for, the most wanted first. */
export function browserLanguages(): readonly string[] {
  return navigator.languages;
}
