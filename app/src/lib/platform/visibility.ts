/** Tells whether the page can be seen, now and at every change; `pagehide` counts as hidden. Returns the way to stop. */
export function watchVisibility(show: (visible: boolean) => void): () => void {
  const tell = (): void => show(document.visibilityState === 'visible');
  const hide = (): void => show(false);
  document.addEventListener('visibilitychange', tell);
  window.addEventListener('pageshow', tell);
  window.addEventListener('pagehide', hide);
  tell();
  return () => {
    document.removeEventListener('visibilitychange', tell);
    window.removeEventListener('pageshow', tell);
    window.removeEventListener('pagehide', hide);
  };
}
