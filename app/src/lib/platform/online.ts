/**
 * What the browser believes about the network. A hint only: it says `true` on a network that leads nowhere, so nothing
 * is refused because of it; it only makes a waiting try come sooner.
 */
export function onlineHint(): boolean {
  return navigator.onLine;
}

/** Calls back when the browser thinks that a network came back. Returns the way to stop. */
export function onNetworkReturn(call: () => void): () => void {
  window.addEventListener('online', call);
  return () => window.removeEventListener('online', call);
}
