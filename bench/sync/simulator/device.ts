import { ERASED, partitionOf } from '@darasa/shared/documents';
import { personFrom, type UserContext, validateWrite } from '@darasa/shared/rules';
import {
  afterChange,
  type DeviceStorage,
  type Digest,
  EMPTY_DIGEST,
  type ExchangeDocument,
  generationOf,
  type HeldDocument,
  type Position,
  type RefusedDocument,
} from '@darasa/shared/sync';
import type { Chance } from './chance.ts';
import { RevisionStore } from './revision-store.ts';
import type { Turns } from './turns.ts';

/** What a device knows of one place that it exchanges with. */
class Peer {
  position: Position | null = null;
  /** Leaves that this place has acknowledged, as `<id> <rev>`. */
  readonly has = new Set<string>();
}

/** A device's databases. Every call waits for its turn, as it would for a disk, so that tabs come between one another. */
export class Device {
  store = new RevisionStore();
  /** Refused revisions, by `<id> <rev>`. They stay on the device and count in no digest. */
  readonly quarantine = new Map<string, ExchangeDocument>();
  /** Documents that this person wrote on, or that a place had lost. */
  readonly own = new Set<string>();
  /** Who is signed in, as the device was last told. */
  user: UserContext;
  readonly #peers = new Map<string, Peer>();
  readonly #turns: Turns;
  readonly #chance: Chance;
  readonly #trace: (line: string) => void;

  constructor(user: UserContext, turns: Turns, chance: Chance, trace: (line: string) => void) {
    this.user = user;
    this.#turns = turns;
    this.#chance = chance;
    this.#trace = trace;
  }

  write(doc: ExchangeDocument): void {
    this.store.add(doc);
    this.own.add(doc.id);
  }

  leaves(id: string): string[] {
    return this.quarantine.size === 0 ? this.store.leaves(id) : this.store.leaves(id, this.quarantine);
  }

  /** The browser cleared everything. */
  evict(): void {
    this.store = new RevisionStore();
    this.quarantine.clear();
    this.own.clear();
    this.#peers.clear();
  }

  forgetPositions(): void {
    for (const peer of this.#peers.values()) peer.position = null;
  }

  /** Whether a revision, or one that came of it, was refused here, so that the person knows. */
  isRefused(id: string, rev: string): boolean {
    return [...this.quarantine.values()].some((doc) => doc.id === id && historyOf(doc).includes(rev));
  }

  isUnsent(place: string, id: string): boolean {
    return this.own.has(id) && this.leaves(id).some((rev) => !this.#peer(place).has.has(`${id} ${rev}`));
  }

  /** The device as one place meets it. Now and then a call is made twice, as after a crash between the two (F1). */
  storageFor(place: string): DeviceStorage {
    const storage = this.#storageFor(place);
    const twice =
      <Argument>(call: (argument: Argument) => Promise<void>) =>
      async (argument: Argument): Promise<void> => {
        await call(argument);
        if (this.#chance.happens(0.05)) await call(argument);
      };
    const { remember, sent, refused, apply, drop, missingAtSchool } = storage;
    return {
      ...storage,
      remember: twice(remember),
      sent: twice(sent),
      refused: twice(refused),
      apply: twice(apply),
      drop: twice(drop),
      missingAtSchool: twice(missingAtSchool),
    };
  }

  #storageFor(place: string): DeviceStorage {
    const turn = (): Promise<void> => this.#turns.turn();
    const peer = (): Peer => this.#peer(place);
    const documents = (partition: string | null): HeldDocument[] =>
      this.store.ids().flatMap((id): HeldDocument[] => {
        const leaves = this.leaves(id);
        return leaves.length === 0 || (partition !== null && partitionOf(id) !== partition) ? [] : [[id, leaves]];
      });
    return {
      position: async () => {
        await turn();
        return peer().position;
      },
      remember: async (position) => {
        await turn();
        peer().position = position;
      },
      digests: async () => {
        await turn();
        const digests = new Map<string, Digest>();
        for (const [id, leaves] of documents(null)) {
          const partition = partitionOf(id);
          digests.set(partition, afterChange(digests.get(partition) ?? EMPTY_DIGEST, id, null, leaves));
        }
        return digests;
      },
      documents: async (partition) => {
        await turn();
        return documents(partition);
      },
      unsent: async ({ docs }) => {
        await turn();
        const revs = [...this.own].flatMap((id) => this.leaves(id).map((rev) => ({ id, rev })));
        const unsent = revs.filter(({ id, rev }) => !peer().has.has(`${id} ${rev}`));
        return unsent.slice(0, docs).flatMap(({ id, rev }) => this.store.read(id, rev) ?? []);
      },
      sent: async (docs) => {
        await turn();
        for (const { id, rev } of docs) {
          this.#trace(`  ${place} acknowledges ${id} ${rev} to ${this.user.name}`);
          peer().has.add(`${id} ${rev}`);
        }
      },
      refused: async (refusals: readonly RefusedDocument[]) => {
        await turn();
        for (const refusal of refusals) this.#refuse(refusal);
      },
      apply: async (docs) => {
        await turn();
        for (const doc of docs) {
          this.store.add(doc);
          peer().has.add(`${doc.id} ${doc.rev}`);
          // The school has it after all, and with it what it descends from.
          for (const rev of historyOf(doc)) this.quarantine.delete(`${doc.id} ${rev}`);
        }
      },
      drop: async (partitions) => {
        await turn();
        for (const id of this.store.ids()) if (partitions.includes(partitionOf(id)) && !this.isUnsent(place, id)) this.#remove(id);
      },
      missingAtSchool: async (missing) => {
        await turn();
        for (const [id, leaves] of missing) {
          // Work that was never acknowledged waits for the school's own word.
          const unsent = this.isUnsent(place, id);
          for (const rev of leaves) peer().has.delete(`${id} ${rev}`);
          if (unsent || this.#mayWrite(id, leaves)) this.own.add(id);
          else this.#remove(id);
        }
      },
    };
  }

  /** It goes aside, and the document is what it was without it: a tree that still named it could not take an ancestor as a leaf. */
  #refuse({ id, rev, reason }: RefusedDocument): void {
    this.#trace(`  refused to ${this.user.name}: ${id} ${rev} ${reason}`);
    if (reason === ERASED) {
      for (const name of [...this.quarantine.keys()]) if (name.startsWith(`${id} `)) this.quarantine.delete(name);
      this.#remove(id);
      return;
    }
    const refused = this.store.read(id, rev);
    if (refused === null) return;
    this.quarantine.set(`${id} ${rev}`, refused);
    const kept = this.leaves(id).flatMap((leaf) => this.store.read(id, leaf) ?? []);
    this.store.remove(id);
    for (const doc of kept) this.store.add(doc);
  }

  #remove(id: string): void {
    this.#trace(`  removed from ${this.user.name}: ${id}`);
    this.store.remove(id);
    this.own.delete(id);
  }

  #mayWrite(id: string, leaves: readonly string[]): boolean {
    const person = personFrom(this.user.name ?? '', this.user.roles);
    return leaves.every((rev) => {
      const doc = this.store.read(id, rev);
      return doc !== null && validateWrite({ ...doc.body, _id: id }, null, person) === null;
    });
  }

  #peer(place: string): Peer {
    const known = this.#peers.get(place);
    if (known !== undefined) return known;
    const peer = new Peer();
    this.#peers.set(place, peer);
    return peer;
  }
}

/** A revision and its ancestors. */
function historyOf({ rev, ancestors }: ExchangeDocument): string[] {
  return [rev, ...ancestors.map((hash, i) => `${generationOf(rev) - 1 - i}-${hash}`)];
}
