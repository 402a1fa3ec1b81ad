import { schoolDatabasePath } from '@darasa/shared/protocol';
import { EXCHANGE_TYPE, type SendExchange } from '@darasa/shared/sync';

/** Shorter requests are sent as they are: packing would not pay for its header. */
const PACKED_FROM = 200;

/** The school does not answer exchanges now: the device replicates in the stock way (rule V2). */
export class NoExchangeHere extends Error {
  override readonly name = 'NoExchangeHere';
  /** The server has only just started and will answer soon. */
  readonly soon: boolean;

  constructor(soon: boolean) {
    super('The school does not answer exchanges now');
    this.soon = soon;
  }
}

/** A body of a request, gzipped where that pays and where the browser can. */
export async function packed(text: string): Promise<{ readonly body: Uint8Array<ArrayBuffer>; readonly gzipped: boolean }> {
  const plain = new TextEncoder().encode(text);
  if (plain.length < PACKED_FROM || !('CompressionStream' in globalThis)) return { body: plain, gzipped: false };
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream('gzip'));
  return { body: new Uint8Array(await new Response(stream).arrayBuffer()), gzipped: true };
}

/** The headers of a request for an exchange. */
export function exchangeHeaders(gzipped: boolean): Record<string, string> {
  return { 'content-type': EXCHANGE_TYPE, ...(gzipped ? { 'content-encoding': 'gzip' } : {}) };
}

/** What an exchange costs, in bytes: sent as packed, received as unpacked by the browser. */
export interface Traffic {
  readonly up: number;
  readonly down: number;
}

/** Exchanges with one school. `send` carries the token. The reply is read line by line as it comes. */
export function exchangeOverHttp(
  { origin, school, send }: { readonly origin: string; readonly school: string; readonly send: typeof fetch },
  signal: AbortSignal,
  onTraffic: (traffic: Traffic) => void = () => undefined,
): SendExchange {
  return async function* (request, waits) {
    const { body, gzipped } = await packed(request);
    const url = `${origin}${schoolDatabasePath(school)}/_exchange${waits ? '?feed=longpoll' : ''}`;
    const response = await send(url, { method: 'POST', body, headers: exchangeHeaders(gzipped), signal });
    onTraffic({ up: body.length, down: 0 });
    if (!response.ok || response.body === null) throw await refusalOf(response);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        onTraffic({ up: 0, down: value.length });
        const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
    } finally {
      // Whoever stops in the middle wants no more of it.
      await reader.cancel().catch(() => undefined);
    }
    if (rest !== '') yield rest;
  };
}

async function refusalOf(response: Response): Promise<Error> {
  const text = await response.text();
  const building = response.status === 503 && text.includes('index_building');
  if (building || [404, 405, 415].includes(response.status)) return new NoExchangeHere(building);
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : 0;
  return Object.assign(new Error(text.slice(0, 200)), { status: response.status, retryAfterMs });
}
