import { gzipSync } from 'node:zlib';
import {
  type CouchDocument,
  couchDocumentSchema,
  type DeviceStorage,
  DigestTable,
  EXCHANGE_TYPE,
  type ExchangeDocument,
  type ExchangeOptions,
  type ExchangeOutcome,
  exchangeWithSchool,
  fromCouch,
  type Position,
  type RefusedDocument,
  type SendExchange,
  toCouch,
} from '@darasa/shared/sync';
import * as v from 'valibot';
import type { Pouch } from './pouch.ts';

/** An exchange over HTTP, the request gzipped, the reply line by line as it comes. */
export function overHttp(school: string, token: () => string | null, headers: Readonly<Record<string, string>> = {}): SendExchange {
  return async function* (request, waits) {
    const bearer = token();
    const packed = request.length > 200;
    const response = await fetch(`${school}/_exchange${waits ? '?feed=longpoll' : ''}`, {
      method: 'POST',
      body: packed ? gzipSync(request) : request,
      headers: {
        'content-type': EXCHANGE_TYPE,
        // Node's fetch asks for brotli over TLS only, as browsers do.
        'accept-encoding': 'br, gzip',
        ...(packed ? { 'content-encoding': 'gzip' } : {}),
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
    });
    if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  };
}

const opened = v.array(v.looseObject({ ok: v.optional(couchDocumentSchema) }));

/** A device that keeps its documents in a PouchDB, and the rest in memory. */
export class ExchangeDevice implements DeviceStorage {
  readonly pouch: Pouch;
  readonly table = new DigestTable();
  readonly refusals: RefusedDocument[] = [];
  /** Leaves that the school has, as `<id> <rev>`. */
  readonly #atSchool = new Set<string>();
  readonly #unsent = new Set<string>();
  #position: Position | null = null;
  #seq: number | string = 0;

  constructor(pouch: Pouch) {
    this.pouch = pouch;
  }

  /** Counts what was written to the PouchDB as the person's own work. */
  async written(): Promise<void> {
    for (const id of await this.#catchUp()) this.#unsent.add(id);
  }

  sync(send: SendExchange, options: ExchangeOptions = {}): Promise<ExchangeOutcome> {
    return exchangeWithSchool(this, send, options);
  }

  async position(): Promise<Position | null> {
    return this.#position;
  }

  async remember(position: Position): Promise<void> {
    this.#position = position;
  }

  forgetPosition(): void {
    this.#position = null;
  }

  async digests() {
    return this.table.digests();
  }

  async documents(partitionId: string) {
    return this.table.documents(partitionId);
  }

  async unsent({ docs }: { readonly docs: number }): Promise<readonly ExchangeDocument[]> {
    const found: ExchangeDocument[] = [];
    for (const id of this.#unsent) {
      if (found.length >= docs) break;
      const wanted = (this.table.leaves(id) ?? []).filter((rev) => !this.#atSchool.has(`${id} ${rev}`));
      if (wanted.length === 0) this.#unsent.delete(id);
      else found.push(...(await this.#read(id, wanted)));
    }
    return found;
  }

  async sent(docs: readonly ExchangeDocument[]): Promise<void> {
    for (const { id, rev } of docs) this.#acknowledge(id, rev);
  }

  async refused(documents: readonly RefusedDocument[]): Promise<void> {
    for (const refusal of documents) {
      this.refusals.push(refusal);
      this.#unsent.delete(refusal.id);
      this.table.set(refusal.id, null);
    }
  }

  async apply(docs: readonly ExchangeDocument[]): Promise<void> {
    await this.pouch.bulkDocs(docs.map(toCouch), { new_edits: false });
    for (const { id, rev } of docs) this.#acknowledge(id, rev);
    await this.#catchUp();
  }

  async drop(partitionIds: readonly string[]): Promise<void> {
    for (const partition of partitionIds) for (const [id] of this.table.documents(partition)) this.table.set(id, null);
  }

  async missingAtSchool(documents: readonly (readonly [string, readonly string[]])[]): Promise<void> {
    for (const [id, leaves] of documents) {
      for (const rev of leaves) this.#atSchool.delete(`${id} ${rev}`);
      this.#unsent.add(id);
    }
  }

  #acknowledge(id: string, rev: string): void {
    this.#atSchool.add(`${id} ${rev}`);
  }

  async #read(id: string, revs: readonly string[]): Promise<ExchangeDocument[]> {
    // Its types know one revision only.
    const answer: unknown = await this.pouch.get(id, { open_revs: [...revs], revs: true, attachments: true });
    return v.parse(opened, answer).flatMap(({ ok }) => (ok === undefined ? [] : fromCouch(ok satisfies CouchDocument)));
  }

  async #catchUp(): Promise<string[]> {
    const { results, last_seq } = await this.pouch.changes({ since: this.#seq, style: 'all_docs' });
    this.#seq = last_seq;
    for (const { id, changes } of results)
      this.table.set(
        id,
        changes.map(({ rev }) => rev),
      );
    return results.map(({ id }) => id);
  }
}
