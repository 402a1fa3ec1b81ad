/** Chromium's event; other browsers have none, and there the person installs from the browser's menu. */
interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

let waiting: BeforeInstallPromptEvent | null = null;
const watchers = new Set<(available: boolean) => void>();

function tell(): void {
  for (const show of watchers) show(waiting !== null);
}

// The event comes once, early: it is caught when this module loads, before any screen asks for it.
if (typeof window !== 'undefined') {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    waiting = event as BeforeInstallPromptEvent;
    tell();
  });
  window.addEventListener('appinstalled', () => {
    waiting = null;
    tell();
  });
}

/** Tells whether the browser offers to install the app, now and at every change. Returns the way to stop. */
export function watchInstallOffer(show: (available: boolean) => void): () => void {
  watchers.add(show);
  show(waiting !== null);
  return () => watchers.delete(show);
}

/** Shows the browser's install dialog; `unavailable` when it offers none. */
export async function install(): Promise<'accepted' | 'dismissed' | 'unavailable'> {
  if (waiting === null) return 'unavailable';
  const event = waiting;
  waiting = null;
  tell();
  return (await event.prompt()).outcome;
}

/** Whether the app runs in its own window, installed. */
export function isInstalled(): boolean {
  return window.matchMedia('(display-mode: standalone)').matches;
}
