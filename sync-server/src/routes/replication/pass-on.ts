/** What of CouchDB's headers a client is told. Cookies, challenges and the database's own address are not among them. */
const PASSED = [
  'accept-ranges',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-md5',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
];

/** What of a client's headers CouchDB is told. `Authorization`, `Cookie` and `X-Auth-CouchDB-*` are not among them. */
const FORWARDED = ['accept', 'if-match', 'if-none-match', 'if-modified-since', 'range'];

export function forwardedHeaders(given: Headers): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of FORWARDED) {
    const value = given.get(name);
    if (value !== null) headers[name] = value;
  }
  return headers;
}

/** Of CouchDB's headers those that are meant for clients. */
export function passedHeaders(answer: Response): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of PASSED) {
    const value = answer.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  return headers;
}

/** CouchDB's answer as the client gets it: the body as it comes. */
export function passOn(answer: Response): Response {
  const bodiless = answer.status === 204 || answer.status === 304;
  return new Response(bodiless ? null : answer.body, { status: answer.status, headers: passedHeaders(answer) });
}
