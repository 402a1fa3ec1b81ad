import type { Logger } from 'pino';
import * as v from 'valibot';
import type { CouchClient } from '../couch/couch-client.ts';
import type { SchoolDirectory } from '../couch/school-directory.ts';
import type { ServerStore } from '../couch/server-store.ts';
import { readChangesPage } from '../feed/changes-page.ts';
import { pause } from '../feed/pause.ts';
import type { SchoolFeeds } from '../feed/school-feed.ts';
import { ChangeWaiter } from '../feed/wait-for-change.ts';

const PAGE_ROWS = 200;
const RECHECK_MS = 60_000;
const AFTER_FAILURE_MS = 5_000;
const NEW_SCHOOLS_MS = 30_000;
const checkpointRecord = v.looseObject({ _rev: v.string(), seq: v.string() });

export interface FeedPlace {
  readonly school: string;
  readonly database: string;
}

/** Something that follows what happens in the schools. It is told of a change at least once, so it must not mind twice. */
export interface FeedService {
  readonly name: string;
  wants(id: string): boolean;
  /** The documents that changed, in order. When it throws it is told of them again. */
  handle(place: FeedPlace, ids: readonly string[]): Promise<void>;
}

/**
 * Runs services along the feed of each school. Where a service has come to is kept in the database (`checkpoint:…`):
 * the feed with its checkpoint is the durable queue, and a server that was off for a week goes on where it was.
 */
export class FeedServices {
  readonly #parts: { couch: CouchClient; store: ServerStore; schools: SchoolDirectory; feeds: SchoolFeeds; log: Logger };
  readonly #services: readonly FeedService[];
  readonly #closing = new AbortController();
  readonly #running = new Map<string, Promise<unknown>>();
  #watching: Promise<void> = Promise.resolve();

  constructor(
    parts: { couch: CouchClient; store: ServerStore; schools: SchoolDirectory; feeds: SchoolFeeds; log: Logger },
    services: readonly FeedService[],
  ) {
    this.#parts = parts;
    this.#services = services;
  }

  start(): void {
    this.#watching = this.#watch();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
    await Promise.all(this.#running.values());
  }

  /** Schools may be added while the server runs. */
  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        for (const { slug } of await this.#parts.schools.list()) {
          if (this.#running.has(slug) || signal.aborted) continue;
          this.#running.set(slug, Promise.all(this.#services.map((service) => this.#follow(service, slug))));
        }
      } catch (error) {
        if (!signal.aborted) this.#parts.log.warn({ err: error }, 'The list of schools could not be read');
      }
      await pause(NEW_SCHOOLS_MS, signal);
    }
  }

  async #follow(service: FeedService, school: string): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#followFeed(service, school);
      } catch (error) {
        if (signal.aborted) return;
        this.#parts.log.warn({ err: error, service: service.name, school }, 'A service stopped; it goes on from its checkpoint');
        await pause(AFTER_FAILURE_MS, signal);
      }
    }
  }

  async #followFeed(service: FeedService, school: string): Promise<void> {
    const { couch, store, feeds } = this.#parts;
    const { signal } = this.#closing;
    const { database, tail } = await feeds.of(school);
    const id = `checkpoint:${service.name}:${school}`;
    const wants = (docId: string): boolean => service.wants(docId);
    const waiter = new ChangeWaiter(tail, wants);
    let since = (await store.read(checkpointRecord, id))?.seq ?? '0';
    try {
      while (!signal.aborted) {
        waiter.arm();
        const page = await readChangesPage(couch, database, { since, limit: PAGE_ROWS, passed: {}, docIds: null }, wants, signal);
        if (page.rows.length > 0) {
          await service.handle(
            { school, database },
            page.rows.map((row) => row.id),
          );
          const before = await store.read(checkpointRecord, id);
          // A server beside this one may have written it: both places are right, for both have handled what came before.
          await store.write({ _id: id, ...(before === null ? {} : { _rev: before._rev }), seq: String(page.lastSeq) });
        }
        since = String(page.lastSeq);
        if (page.pending === 0) await waiter.wait(RECHECK_MS, signal);
      }
    } finally {
      waiter.close();
    }
  }
}
