/** Where the server is: the place that this page came from. */
export function serverOrigin(): string {
  return window.location.origin;
}

/** Whether the browser trusts the page's address: outside of that it has no keys and no service worker. */
export function isSecure(): boolean {
  return window.isSecureContext;
}
