import type { Database } from './database.ts';

export type NewsOutcome = 'changed' | 'timeout' | 'closed';

/**
 * Waits for the first write after `seen`. Yields `beat` at every heartbeat meanwhile, so that a client and every proxy on the way know
 * that the feed lives.
 */
export async function* awaitNews(
  database: Database,
  seen: number,
  waiting: { readonly heartbeat: number | undefined; readonly timeout: number },
  signal: AbortSignal,
  beat: string,
): AsyncGenerator<string, NewsOutcome, undefined> {
  const until = Date.now() + waiting.timeout;
  for (;;) {
    const left = until - Date.now();
    const pause = Math.max(0, Math.min(waiting.heartbeat ?? Number.POSITIVE_INFINITY, left));
    const outcome = await nextNews(database, seen, pause, signal);
    if (outcome !== 'timeout') return outcome;
    if (waiting.heartbeat === undefined || Date.now() >= until) return 'timeout';
    yield beat;
  }
}

function nextNews(database: Database, seen: number, milliseconds: number, signal: AbortSignal): Promise<NewsOutcome> {
  if (database.writes > seen) return Promise.resolve('changed');
  if (database.isGone || signal.aborted) return Promise.resolve('closed');
  return new Promise((resolve) => {
    const end = (outcome: NewsOutcome) => () => {
      clearTimeout(timer);
      database.news.off('changed', onChanged);
      database.news.off('closed', onClosed);
      signal.removeEventListener('abort', onClosed);
      resolve(outcome);
    };
    const onChanged = end('changed');
    const onClosed = end('closed');
    const timer = setTimeout(end('timeout'), Math.min(milliseconds, 2 ** 31 - 1));
    database.news.once('changed', onChanged);
    database.news.once('closed', onClosed);
    signal.addEventListener('abort', onClosed, { once: true });
  });
}
