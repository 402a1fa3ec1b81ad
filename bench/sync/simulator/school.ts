import { parsePartition, partitionOf } from '@darasa/shared/documents';
import { mayReadPartition, personFrom, readablePartitions, type UserContext } from '@darasa/shared/rules';
import { readRequest } from '@darasa/shared/sync';
import { pino } from 'pino';
import * as v from 'valibot';
import { answerExchange } from '../../../sync-server/src/exchange/answer-exchange.ts';
import { readLeaves } from '../../../sync-server/src/exchange/read-leaves.ts';
import { writePushed } from '../../../sync-server/src/exchange/write-pushed.ts';
import { SchoolFeeds } from '../../../sync-server/src/feed/school-feed.ts';
import { judgeWrites } from '../../../sync-server/src/policies/writes.ts';
import { writeLookups } from '../../../sync-server/src/routes/replication/write-lookups.ts';
import { erasingService, StillBeingRead } from '../../../sync-server/src/services/erasing.ts';
import type { Chance } from './chance.ts';
import { authorizationOf, SimulatedCouch } from './simulated-couch.ts';
import type { Turns } from './turns.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The part of an access token that the server acts on: who it is, with which roles, until when by the server's clock. */
export interface Token extends UserContext {
  readonly name: string;
  readonly expiresAt: number;
}

/** The server gave no reply to an exchange; the device comes again. */
export class NoReply extends Error {
  override readonly name = 'NoReply';
}

export class TokenExpired extends Error {
  override readonly name = 'TokenExpired';
}

const SLUG = 'sim';
const DATABASE = `school-${SLUG}`;
const LOG = pino({ level: 'silent' });
const BUILDING_MS = 3_000;
const REPLICATOR: UserContext = { name: 'replicator', roles: ['_admin'] };

/** A server in front of the database: everything in it but HTTP and the packing of replies is the product's. */
class Server {
  readonly #feeds: SchoolFeeds;
  readonly #couch: ReturnType<SimulatedCouch['client']>;
  closed = false;

  constructor(couch: SimulatedCouch, chance: Chance) {
    this.#couch = couch.client();
    this.#feeds = new SchoolFeeds(this.#couch, () => chance.hex(12), LOG);
  }

  async *exchange(request: string, token: Token): AsyncGenerator<string> {
    const couch = this.#couch;
    const asked = readRequest(request);
    const feed = await this.#feeds.of(SLUG);
    const built = await feed.index.ready(BUILDING_MS);
    if (built === null) throw new NoReply('index_building');
    const person = personFrom(token.name, token.roles);
    const readable = () => readablePartitions(person, feed.openCourses());
    const mayRead = (partitionId: string): boolean => {
      const partition = parsePartition(partitionId);
      return partition !== null && mayReadPartition(person, partition, feed.openCourses());
    };
    yield* answerExchange(asked, {
      hub: null,
      built: () => feed.index.built ?? built,
      readable,
      push: (docs) =>
        writePushed(
          feed.index,
          docs,
          async (given) => {
            const verdicts = await judgeWrites(given, person, false, writeLookups(couch, DATABASE));
            const passed = given.filter((_, at) => verdicts[at]?.verdict === 'pass');
            const json = { docs: passed, new_edits: false };
            const authorization = authorizationOf(token);
            const answers =
              passed.length === 0
                ? []
                : await couch.ask(v.array(v.record(v.string(), v.unknown())), 'POST', `/${DATABASE}/_bulk_docs`, { json, authorization });
            return { verdicts, passed, answers };
          },
          mayRead,
        ),
      read: (leaves) =>
        readLeaves(couch, DATABASE, (feed.index.built ?? built).cache, leaves, ({ id, rev }) => feed.index.distrust(id, rev)),
      wait: (partitions, ms) => feed.index.changeIn(partitions, ms, new AbortController().signal),
    });
  }

  /** What its service of erasing does when it comes to read of all that there is. */
  async eraseWhatIsToBeErased(ids: readonly string[]): Promise<void> {
    const audit = { write: async () => undefined };
    await erasingService({ couch: this.#couch, feeds: this.#feeds, audit, log: LOG }).handle({ school: SLUG, database: DATABASE }, ids);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.#feeds.close();
  }
}

/** One database with the servers before it: a school, or a class laptop. */
export class School {
  readonly couch: SimulatedCouch;
  readonly #servers: Server[];
  readonly #turns: Turns;
  readonly #chance: Chance;
  readonly #clock: VirtualClock;

  constructor(servers: number, turns: Turns, chance: Chance, clock: VirtualClock) {
    this.#turns = turns;
    this.#chance = chance;
    this.#clock = clock;
    this.couch = new SimulatedCouch(turns, chance);
    this.#servers = Array.from({ length: servers }, () => new Server(this.couch, chance));
  }

  get store() {
    return this.couch.store;
  }

  /** The lines of a reply, by whichever server gets the request. */
  async *exchange(request: string, token: Token): AsyncGenerator<string> {
    const server = this.#chance.of(this.#servers);
    if (token.expiresAt <= this.#clock.now) throw new TokenExpired();
    try {
      yield* server.exchange(request, token);
    } catch (error) {
      if (server.closed) throw new NoReply('The server ended');
      throw error;
    }
  }

  /** The service is told again of what it did not handle, as `FeedServices` does: the index may still be being read when it gives up. */
  async erase(): Promise<void> {
    for (;;) {
      const server = this.#chance.of(this.#servers);
      try {
        await server.eraseWhatIsToBeErased(this.store.ids());
        return;
      } catch (error) {
        if (!server.closed && !(error instanceof StillBeingRead)) throw error;
      }
      await this.#turns.turn();
    }
  }

  /** A server ends and another takes its place, which knows nothing. */
  restart(): void {
    const at = this.#chance.below(this.#servers.length);
    const [ended] = this.#servers.splice(at, 1, new Server(this.couch, this.#chance));
    if (ended !== undefined) this.#end(ended);
  }

  close(): void {
    for (const server of this.#servers) this.#end(server);
  }

  /** CouchDB's own replication from another school, of some of its documents when it is cut; answers how many leaves it brought. */
  replicateFrom(other: School, share: number): number {
    let brought = 0;
    for (const id of other.store.ids()) {
      if (!this.#chance.happens(share)) continue;
      const docs = other.store.leaves(id).flatMap((rev) => (this.store.has(id, rev) ? [] : (other.store.read(id, rev) ?? [])));
      this.couch.write(docs, REPLICATOR);
      brought += docs.length;
    }
    return brought;
  }

  #end(server: Server): void {
    this.#turns.start(
      () => server.close(),
      () => undefined,
    );
  }
}

/** The school's word for the partition of a document. */
export function mayRead(token: UserContext, id: string, openCourses: ReadonlySet<string>): boolean {
  const partition = parsePartition(partitionOf(id));
  return partition !== null && mayReadPartition(personFrom(token.name ?? '', token.roles), partition, openCourses);
}
