// Runs before the first paint, so that no page flashes in the wrong theme, size or direction.
// The same key and the same rules as app/src/lib/platform/preferences.ts.
(() => {
  let chosen = {};
  try {
    chosen = JSON.parse(localStorage.getItem('darasa:preferences')) || {};
  } catch {
    // Storage is closed: the device's own settings hold.
  }
  const root = document.documentElement;
  const dark = chosen.theme === 'dark' || (chosen.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  root.dataset.text = chosen.text || 'normal';
  root.dataset.motion = chosen.motion || 'auto';
  const wanted = [chosen.locale].concat(navigator.languages).map((tag) => String(tag).toLowerCase().split('-')[0]);
  const language = wanted.find((tag) => ['en', 'sw', 'ar'].includes(tag)) || 'en';
  root.lang = language;
  root.dir = language === 'ar' ? 'rtl' : 'ltr';
  document.querySelector('meta[name="theme-color"]').setAttribute('content', dark ? '#181510' : '#f6f0e3');
})();
