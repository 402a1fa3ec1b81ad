/** Where the server is: the place that this page came from. */
export function serverOrigin(): string {
  return window.location.origin;
}
