/**
 * Whether a request that a browser made with its cookie comes from a page of our own. Browsers say so in
 * `Sec-Fetch-Site`, older ones in `Origin`; a request with neither is refused.
 */
export function isSameOrigin(headers: Headers, origin: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  return headers.get('origin') === origin;
}

export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
