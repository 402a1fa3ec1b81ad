import { partitionOf } from '@darasa/shared/documents';
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
  /** Refused revisions, as `<id> <rev>`. They stay on the device and count in no digest. */
  readonly quarantine = new Set<string>();
  /** Documents that this person wrote on, or that a place had lost. */
  readonly own = new Set<string>();
  readonly #peers = new Map<string, Peer>();
  readonly #turns: Turns;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  write(doc: ExchangeDocument): void {
    this.store.add(doc);
    this.own.add(doc.id);
  }

  leaves(id: string): string[] {
    return this.store.leaves(id, this.quarantine);
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

  isUnsent(place: string, id: string): boolean {
    return this.own.has(id) && this.leaves(id).some((rev) => !this.#peer(place).has.has(`${id} ${rev}`));
  }

  /** The device as one place meets it. */
  storageFor(place: string): DeviceStorage {
    const turn = (): Promise<void> => this.#turns.turn();
    const peer = (): Peer => this.#peer(place);
    const isOwn = (id: string): boolean => peer().position?.partitions.includes(partitionOf(id)) ?? true;
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
        for (const { id, rev } of docs) peer().has.add(`${id} ${rev}`);
      },
      refused: async (refusals: readonly RefusedDocument[]) => {
        await turn();
        for (const { id, rev } of refusals) {
          this.quarantine.add(`${id} ${rev}`);
          if (!isOwn(id) && !this.isUnsent(place, id)) this.store.remove(id);
        }
      },
      apply: async (docs) => {
        await turn();
        for (const doc of docs) {
          this.store.add(doc);
          peer().has.add(`${doc.id} ${doc.rev}`);
          // The school has it after all, and with it what it descends from.
          this.quarantine.delete(`${doc.id} ${doc.rev}`);
          const generation = generationOf(doc.rev);
          doc.ancestors.forEach((hash, i) => void this.quarantine.delete(`${doc.id} ${generation - 1 - i}-${hash}`));
        }
      },
      drop: async (partitions) => {
        await turn();
        for (const id of this.store.ids()) if (partitions.includes(partitionOf(id)) && !this.isUnsent(place, id)) this.store.remove(id);
      },
      missingAtSchool: async (missing) => {
        await turn();
        for (const [id, leaves] of missing) {
          for (const rev of leaves) peer().has.delete(`${id} ${rev}`);
          this.own.add(id);
        }
      },
    };
  }

  #peer(place: string): Peer {
    const known = this.#peers.get(place);
    if (known !== undefined) return known;
    const peer = new Peer();
    this.#peers.set(place, peer);
    return peer;
  }
}
