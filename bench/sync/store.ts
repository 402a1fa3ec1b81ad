/** The store itself, as its admin: to fill it, and to compare with. */
export async function askStore(url: string, path: string, method = 'GET', json?: unknown): Promise<unknown> {
  const { href, authorization } = split(url + path);
  const response = await fetch(href, {
    method,
    // A store closes what was idle for some seconds, as while the next documents are made.
    headers: { authorization, 'content-type': 'application/json', connection: 'close' },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** An address without its credentials, and the header that carries them. */
export function split(url: string): { readonly href: string; readonly authorization: string } {
  const parsed = new URL(url);
  const authorization = `Basic ${Buffer.from(`${parsed.username}:${parsed.password}`).toString('base64')}`;
  parsed.username = '';
  parsed.password = '';
  return { href: parsed.href, authorization };
}

export async function fill(database: string, docs: readonly object[]): Promise<void> {
  for (let from = 0; from < docs.length; from += 1_000) {
    const results = await askStore(database, '/_bulk_docs', 'POST', { docs: docs.slice(from, from + 1_000) });
    const failed = (results as { error?: string; reason?: string }[]).find(({ error }) => error !== undefined); // CouchDB's form
    if (failed !== undefined) throw new Error(`${failed.error}: ${failed.reason}`);
  }
}

/** Has a task done with a database that holds some documents and no others. */
export async function withDatabaseOf<Outcome>(
  database: string,
  docs: readonly object[],
  task: (url: string) => Promise<Outcome>,
): Promise<Outcome> {
  const alone = `${database}-alone`;
  await askStore(alone, '', 'PUT');
  try {
    await fill(alone, docs);
    return await task(alone);
  } finally {
    await askStore(alone, '', 'DELETE');
  }
}
