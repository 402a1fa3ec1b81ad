import { partitionOf } from '@darasa/shared/documents';
import type { Readable } from '@darasa/shared/rules';
import { type ExchangeDocument, readRequest } from '@darasa/shared/sync';
import { answerExchange } from '../../../sync-server/src/exchange/answer-exchange.ts';
import { DocumentCache } from '../../../sync-server/src/feed/index/document-cache.ts';
import { FeedIndex } from '../../../sync-server/src/feed/index/feed-index.ts';
import type { BuiltIndex } from '../../../sync-server/src/feed/index/school-index.ts';
import type { Chance } from './chance.ts';
import { RevisionStore } from './revision-store.ts';
import type { Turns } from './turns.ts';

/** What a person may read and write just now. */
export interface Rights {
  readonly partitions: ReadonlySet<string>;
}

/** A server of a school, or of a class laptop: it keeps nothing but an index of the store, which follows the store with a lag. */
interface Instance {
  built: BuiltIndex;
  /** Documents that changed and that the tail has not brought yet. */
  readonly behind: Set<string>;
}

/** One database with the servers before it. The replies are the real server's. */
export class School {
  store = new RevisionStore();
  readonly #instances: Instance[] = [];
  readonly #turns: Turns;
  readonly #chance: Chance;
  #epochs = 0;
  #backup: RevisionStore | null = null;

  constructor(servers: number, turns: Turns, chance: Chance) {
    this.#turns = turns;
    this.#chance = chance;
    for (let i = 0; i < servers; i += 1) this.#instances.push({ built: this.#build(), behind: new Set() });
  }

  /** The lines of a reply, by whichever server gets the request. */
  async *exchange(request: string, rights: () => Rights): AsyncGenerator<string> {
    const instance = this.#chance.of(this.#instances);
    const readable = (): Readable => ({ partitions: rights().partitions as Readable['partitions'], kinds: new Set() });
    yield* answerExchange(readRequest(request), {
      built: () => instance.built,
      readable,
      push: async (docs) => {
        await this.#turns.turn();
        const refused = docs.filter((doc) => !this.mayWrite(doc, rights()));
        const taken = docs.filter((doc) => this.mayWrite(doc, rights()));
        for (const doc of taken) this.write(doc);
        await this.#turns.turn();
        // The real server waits until its own index knows of what it wrote.
        for (const { id } of taken) this.#follow(instance, id);
        return refused.map(({ id, rev }) => ({ id, rev, error: 'forbidden', reason: 'not yours to write' }));
      },
      read: async (leaves) => {
        await this.#turns.turn();
        return leaves.flatMap(({ id, rev }) => this.store.read(id, rev) ?? []);
      },
      wait: () => this.#turns.turn(),
    });
  }

  mayWrite({ id }: ExchangeDocument, { partitions }: Rights): boolean {
    return partitions.has(partitionOf(id)) && !id.includes(':forbidden:');
  }

  write(doc: ExchangeDocument): void {
    if (this.store.add(doc)) for (const { behind } of this.#instances) behind.add(doc.id);
  }

  /** The tails bring some of what they are behind with. */
  followTails(share: number): void {
    for (const instance of this.#instances) {
      for (const id of [...instance.behind]) if (this.#chance.happens(share)) this.#follow(instance, id);
    }
  }

  restart(): void {
    const instance = this.#chance.of(this.#instances);
    instance.built = this.#build();
    instance.behind.clear();
  }

  backUp(): void {
    this.#backup = this.store.copy();
  }

  /** The store becomes what it was at the last backup; servers that have not noticed go on with what they know. */
  restore(): boolean {
    if (this.#backup === null) return false;
    this.store = this.#backup.copy();
    return true;
  }

  purge(id: string): void {
    this.store.remove(id);
  }

  /** Every server has noticed by now what the store is. */
  noticeEverything(): void {
    for (const instance of this.#instances) {
      instance.built = this.#build();
      instance.behind.clear();
    }
  }

  /** CouchDB's own replication with another school: all leaves, both ways. */
  replicate(other: School): void {
    for (const [from, to] of [
      [this, other],
      [other, this],
    ] as const) {
      for (const id of from.store.ids()) {
        for (const rev of from.store.leaves(id)) {
          const doc = from.store.read(id, rev);
          if (doc !== null) to.write(doc);
        }
      }
    }
  }

  #follow(instance: Instance, id: string): void {
    instance.behind.delete(id);
    const leaves = this.store.leaves(id);
    if (leaves.length > 0) instance.built.index.set(id, leaves);
  }

  #build(): BuiltIndex {
    const index = new FeedIndex();
    for (const id of this.store.ids()) index.set(id, this.store.leaves(id));
    this.#epochs += 1;
    return { index, epoch: `e${this.#epochs}x${this.#chance.hex(6)}`, cache: new DocumentCache(0) };
  }
}
