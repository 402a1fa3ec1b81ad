import { type Block, DOCUMENTS_IN_BLOCK, fromBlock, toBlocks } from './blocks.ts';
import { describePartition, differingPartitions, listPartition, splitHashes } from './compare.ts';
import type { DeviceStorage, PushLimits } from './device-storage.ts';
import { type Digest, EMPTY_ROOT, rootOf } from './digest.ts';
import { documentHash, hexOf } from './document-hash.ts';
import type { ExchangeDocument } from './exchange-document.ts';
import { isOwn, type OwnPartitions, ownDigests } from './partitions-held.ts';
import { type DifferingBuckets, digestFrom, type ReplyEnd, readReplyLine } from './reply.ts';
import { type BucketSums, type Listing, type Question, type QuestionAsked, writeRequest } from './request.ts';

/*
 * The device's side of an exchange.
 *
 * A round sends what is unsent and the root of what is held, and applies what comes back line by line, so that a reply
 * that breaks off has still brought something. When the server's root and the device's own are equal, they hold the same:
 * it is proved. When they are not although the server has nothing more to send, the two compare: digests of
 * partitions, then sums of buckets, then the hashes of documents. Nothing here depends on a sequence number being right.
 */

/**
 * Sends a request and answers the lines of the reply as they come. Throws when there is none, or when it breaks off. With `waits` the
 * server may take its time: it is told by `?feed=longpoll` in the address.
 */
export type SendExchange = (request: string, waits: boolean) => AsyncIterable<string>;

export interface ExchangeOptions {
  readonly scope?: NonNullable<Question['scope']>;
  /** Documents and bytes of JSON that one reply may bring. */
  readonly docs?: number;
  readonly bytes?: number;
  readonly push?: PushLimits;
  /** Milliseconds that the server may wait for news, when there is none at first. */
  readonly wait?: number;
  /** Only sends: nothing is fetched but the list of partitions. */
  readonly sendOnly?: boolean;
  /** Ends after the exchange that runs. */
  readonly signal?: { readonly aborted: boolean };
  readonly onProgress?: (progress: ExchangeProgress) => void;
}

export interface ExchangeProgress {
  readonly received: number;
  readonly sent: number;
  /** Documents still to come, as far as the server has said. */
  readonly remaining: number;
}

export interface ExchangeOutcome {
  /**
   * `proved`: both sides hold the same, and nothing waits to be sent. `unproved`: they do not, and comparing did not
   * help; what was refused, for example, or a server that changes all the time; or nothing was compared. `stopped`: by the signal.
   */
  readonly state: 'proved' | 'unproved' | 'stopped';
  readonly exchanges: number;
  readonly received: number;
  readonly sent: number;
  readonly refused: number;
  /** The class laptop that answered; null where it was the school. What a laptop has taken or proved is at the laptop. */
  readonly hub: string | null;
}

const PUSH: PushLimits = { docs: 500, bytes: 1_000_000 };
/** A server that is written to all the time is never equal at the moment of looking; after so many comparisons it has to wait. */
const MAX_COMPARISONS = 4;
const MAX_UNEQUAL = 16;

/** Exchanges with the school until both sides are proved equal, or it makes no sense to go on. Throws what `send` throws. */
export async function exchangeWithSchool(
  storage: DeviceStorage,
  send: SendExchange,
  options: ExchangeOptions = {},
): Promise<ExchangeOutcome> {
  return new Conversation(storage, send, options).run();
}

/** What one reply brought. */
interface Reply {
  readonly end: ReplyEnd;
  readonly received: number;
  readonly buckets: readonly DifferingBuckets[];
  /** Hashes that the server does not know, by partition. */
  readonly absent: ReadonlyMap<string, ReadonlySet<string>>;
}

class Conversation {
  readonly #storage: DeviceStorage;
  readonly #send: SendExchange;
  readonly #options: ExchangeOptions;
  #cursor: string | null = null;
  #own: OwnPartitions | null = null;
  /** The server's digests, when it was last asked for them. */
  #school: ReadonlyMap<string, Digest> | null = null;
  #exchanges = 0;
  #received = 0;
  #sent = 0;
  #refused = 0;
  #hub: string | null = null;

  constructor(storage: DeviceStorage, send: SendExchange, options: ExchangeOptions) {
    this.#storage = storage;
    this.#send = send;
    this.#options = options;
  }

  async run(): Promise<ExchangeOutcome> {
    const position = await this.#storage.position();
    this.#cursor = position?.cursor ?? null;
    this.#own = position;
    if (this.#options.sendOnly === true) return this.#sendAll();
    let lines: readonly (BucketSums | Listing)[] = [];
    let compare = false;
    let comparisons = 0;
    let unequal = 0;
    for (;;) {
      const unsent = await this.#storage.unsent(this.#options.push ?? PUSH);
      const reply = await this.#exchange(unsent, lines, compare);
      const [, state, , root] = reply.end;
      if (this.#options.signal?.aborted === true) return this.#outcome('stopped');

      const said = lines;
      [lines, compare] = [[], false];
      const equal = root === (await this.#root());
      if (state === 'more') {
        // What was said about buckets and documents is said again, of what is held by now.
        if (said.length > 0) lines = await this.#describe();
        continue;
      }
      if (equal) {
        if ((await this.#storage.unsent({ docs: 1, bytes: 1 })).length === 0) return this.#outcome('proved');
        continue;
      }
      unequal += 1;
      if (state === 'compare') comparisons += 1;
      if (comparisons > MAX_COMPARISONS || unequal > MAX_UNEQUAL) return this.#outcome('unproved');
      if (state === 'compare') {
        lines = await this.#describe();
        // The digests are equal by now, or none is held that differs.
        if (lines.length === 0) compare = true;
      } else if (reply.buckets.length > 0) {
        for (const [, partitionId, buckets] of reply.buckets) {
          lines = [...lines, listPartition(partitionId, await this.#storage.documents(partitionId), buckets)];
        }
      } else {
        await this.#settleAbsent(reply.absent);
        // Something moved, so the next ordinary exchange may find both equal. Else they compare.
        compare = said.length > 0 || (reply.received === 0 && unsent.length === 0);
      }
    }
  }

  async #sendAll(): Promise<ExchangeOutcome> {
    for (;;) {
      const unsent = await this.#storage.unsent(this.#options.push ?? PUSH);
      if (unsent.length === 0) return this.#outcome('unproved');
      await this.#exchange(unsent, [], true);
      if (this.#options.signal?.aborted === true) return this.#outcome('stopped');
    }
  }

  async #exchange(unsent: readonly ExchangeDocument[], lines: readonly (BucketSums | Listing)[], compare: boolean): Promise<Reply> {
    const { scope, docs, bytes, wait } = this.#options;
    const question: QuestionAsked = {
      cursor: this.#cursor,
      root: await this.#root(),
      ...(compare ? { compare: 1 as const } : {}),
      ...(scope === undefined ? {} : { scope }),
      ...(docs === undefined ? {} : { docs }),
      ...(bytes === undefined ? {} : { bytes }),
      ...(wait === undefined || lines.length > 0 || compare || unsent.length > 0 ? {} : { wait }),
    };
    this.#exchanges += 1;
    const request = writeRequest(question, [...lines, ...blocksOf(unsent)]);
    return this.#read(this.#send(request, question.wait !== undefined), unsent);
  }

  async #read(reply: AsyncIterable<string>, unsent: readonly ExchangeDocument[]): Promise<Reply> {
    const refused = new Set<string>();
    const buckets: DifferingBuckets[] = [];
    const absent = new Map<string, Set<string>>();
    let received = 0;
    let end: ReplyEnd | null = null;
    // Refusals come first; the first other line says that everything else was taken.
    let judged = unsent.length === 0;
    for await (const text of reply) {
      if (text === '') continue;
      const line = readReplyLine(text);
      if (line === null) continue;
      if (line[0] === 'w') {
        this.#hub = line[2];
        continue;
      }
      if (line[0] === 'r') {
        const [, id, rev, error, reason] = line;
        refused.add(`${id} ${rev}`);
        await this.#storage.refused([{ id, rev, error, reason }]);
        this.#refused += 1;
        continue;
      }
      if (!judged) {
        judged = true;
        const taken = unsent.filter(({ id, rev }) => !refused.has(`${id} ${rev}`));
        await this.#storage.sent(taken, this.#hub);
        this.#sent += taken.length;
        this.#progress(0);
      }
      switch (line[0]) {
        case 'p':
          await this.#learnPartitions(line[1], line[2]);
          break;
        case 'd': {
          const docs = fromBlock(line);
          await this.#storage.apply(docs);
          received += docs.length;
          this.#received += docs.length;
          break;
        }
        case 'c':
          await this.#moveTo(line[1]);
          this.#progress(line[2]);
          break;
        case 'b':
          buckets.push(line);
          break;
        case 'x':
          absent.set(line[1], new Set([...(absent.get(line[1]) ?? []), ...splitHashes(line[2])]));
          break;
        case 'e':
          end = line;
          break;
        default:
          line satisfies never;
      }
    }
    if (end === null) throw new ReplyBrokeOff();
    await this.#moveTo(end[2]);
    this.#progress(end[4]);
    return { end, received, buckets, absent };
  }

  async #learnPartitions(entries: readonly (readonly [string, string, number])[], kinds: readonly string[]): Promise<void> {
    this.#own = { partitions: entries.map(([name]) => name), kinds: [...kinds] };
    this.#school = new Map(entries.map(([name, hex, count]) => [name, digestFrom(hex, count)]));
    const own = this.#own;
    const lost = [...(await this.#storage.digests())].map(([name]) => name).filter((name) => !isOwn(own, name));
    // A class laptop holds a part of the school: what it does not list is the person's all the same.
    if (lost.length > 0 && this.#hub === null) await this.#storage.drop(lost);
  }

  async #moveTo(cursor: string | null): Promise<void> {
    if (cursor === null || this.#own === null) return;
    this.#cursor = cursor;
    await this.#storage.remember({ cursor, partitions: this.#own.partitions, kinds: this.#own.kinds });
  }

  async #root(): Promise<string> {
    return rootOf(ownDigests(this.#own, await this.#storage.digests()));
  }

  async #describe(): Promise<(BucketSums | Listing)[]> {
    const here = new Map(ownDigests(this.#own, await this.#storage.digests()));
    const lines: (BucketSums | Listing)[] = [];
    for (const partitionId of differingPartitions(here, this.#school ?? new Map())) {
      lines.push(describePartition(partitionId, await this.#storage.documents(partitionId)));
    }
    return lines;
  }

  /** What the server does not know, though this reply may have brought what replaces it. */
  async #settleAbsent(absent: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
    for (const [partitionId, hashes] of absent) {
      const held = await this.#storage.documents(partitionId);
      const missing = held.filter(([id, leaves]) => hashes.has(hexOf(documentHash(id, leaves))));
      if (missing.length > 0) await this.#storage.missingAtSchool(missing, this.#hub);
    }
  }

  #progress(remaining: number): void {
    this.#options.onProgress?.({ received: this.#received, sent: this.#sent, remaining });
  }

  #outcome(state: ExchangeOutcome['state']): ExchangeOutcome {
    return { state, exchanges: this.#exchanges, received: this.#received, sent: this.#sent, refused: this.#refused, hub: this.#hub };
  }
}

/** The connection closed before the reply was complete. What had come is kept; the exchange can be made again. */
export class ReplyBrokeOff extends Error {
  override readonly name = 'ReplyBrokeOff';
  constructor() {
    super('The reply broke off');
  }
}

/** A request that only sends these documents. It can be made again, by anybody who has the person's token. */
export function writeSending(docs: readonly ExchangeDocument[]): string {
  return writeRequest({ cursor: null, root: EMPTY_ROOT, compare: 1, scope: 'own' }, blocksOf(docs));
}

function blocksOf(docs: readonly ExchangeDocument[]): Block[] {
  const blocks: Block[] = [];
  for (let from = 0; from < docs.length; from += DOCUMENTS_IN_BLOCK) blocks.push(...toBlocks(docs.slice(from, from + DOCUMENTS_IN_BLOCK)));
  return blocks;
}
