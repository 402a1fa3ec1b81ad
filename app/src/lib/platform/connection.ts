/** What the browser knows of the network. A hint only: it says “online” on a network that leads nowhere. */
export interface Connection {
  readonly online: boolean;
  /** Whether what is sent is paid for by its size; `unknown` where the browser does not say. */
  readonly kind: 'unmetered' | 'metered' | 'unknown';
  /** The person has told the browser or the system to use little data. */
  readonly saveData: boolean;
}

/** [Network Information](https://wicg.github.io/netinfo/): Chromium's; on Android it names the kind of network. */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
  readonly saveData?: boolean;
  /** A proposal that some browsers have. */
  readonly metered?: boolean;
}

/** What is known, from what the browser says. */
export function connectionFrom(online: boolean, information: Partial<NetworkInformation> | undefined): Connection {
  const { type, metered, saveData = false } = information ?? {};
  if (metered !== undefined) return { online, kind: metered ? 'metered' : 'unmetered', saveData };
  if (type === 'wifi' || type === 'ethernet') return { online, kind: 'unmetered', saveData };
  return { online, kind: type === 'cellular' || type === 'wimax' || type === 'bluetooth' ? 'metered' : 'unknown', saveData };
}

/** Tells what the browser knows of the network, now and at every change. Returns the way to stop. */
export function watchConnection(show: (connection: Connection) => void): () => void {
  const { connection } = navigator as Navigator & { readonly connection?: NetworkInformation }; // absent in Firefox and Safari
  const tell = (): void => show(connectionFrom(navigator.onLine, connection));
  window.addEventListener('online', tell);
  window.addEventListener('offline', tell);
  connection?.addEventListener('change', tell);
  tell();
  return () => {
    window.removeEventListener('online', tell);
    window.removeEventListener('offline', tell);
    connection?.removeEventListener('change', tell);
  };
}
