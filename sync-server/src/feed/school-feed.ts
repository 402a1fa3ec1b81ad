import { schoolDatabase } from '@darasa/couchdb/provisioning';
import type { OpenCourses } from '@darasa/shared/rules';
import type { Logger } from 'pino';
import * as v from 'valibot';
import type { CouchClient } from '../couch/couch-client.ts';
import { readRange } from '../couch/school-documents.ts';
import { CacheBudget } from './index/document-cache.ts';
import { SchoolIndex } from './index/school-index.ts';
import { SchoolTail } from './school-tail.ts';

/** Of JSON, for all schools of a process together. */
const CACHE_BYTES = 64 * 1024 * 1024;
const COURSE_PREFIX = 'public:course:';
const catalogueEntry = v.looseObject({ courseId: v.string(), open: v.boolean() });

/** What the server follows of one school: its tail of changes, and which of its courses every member may read. */
export interface SchoolFeed {
  readonly database: string;
  readonly tail: SchoolTail;
  readonly index: SchoolIndex;
  openCourses(): OpenCourses;
}

/** The feeds of the schools, each opened when it is first needed. */
export class SchoolFeeds {
  readonly #couch: CouchClient;
  readonly #log: Logger;
  readonly #newEpoch: () => string;
  readonly #budget = new CacheBudget(CACHE_BYTES);
  readonly #feeds = new Map<string, Promise<SchoolFeed>>();
  #closed = false;

  /** `newEpoch` makes a text that no index of any server had before. */
  constructor(couch: CouchClient, newEpoch: () => string, log: Logger) {
    this.#couch = couch;
    this.#newEpoch = newEpoch;
    this.#log = log;
  }

  of(slug: string): Promise<SchoolFeed> {
    if (this.#closed) throw new Error('The server is closing');
    const known = this.#feeds.get(slug);
    if (known !== undefined) return known;
    const opened = this.#open(slug);
    this.#feeds.set(slug, opened);
    // A database that does not answer now is asked again by the next request.
    opened.catch(() => this.#feeds.delete(slug));
    return opened;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const feeds = await Promise.allSettled(this.#feeds.values());
    await Promise.all(
      feeds.map(async (each) => {
        if (each.status === 'rejected') return;
        await each.value.index.close();
        await each.value.tail.close();
      }),
    );
  }

  async #open(slug: string): Promise<SchoolFeed> {
    const database = schoolDatabase(slug);
    const log = this.#log.child({ school: slug });
    const tail = await SchoolTail.open(this.#couch, database, log);
    let open: OpenCourses = new Set();
    let wanted = 0;
    const read = async (): Promise<void> => {
      wanted += 1;
      const turn = wanted;
      const entries = await readRange(this.#couch, database, COURSE_PREFIX);
      // A later reading has begun meanwhile, and knows more.
      if (turn !== wanted) return;
      open = new Set(
        entries.flatMap((entry) => {
          const parsed = v.safeParse(catalogueEntry, entry);
          return parsed.success && parsed.output.open ? [parsed.output.courseId] : [];
        }),
      );
    };
    try {
      // After the tail has begun, so that no change falls between the two.
      await read();
    } catch (error) {
      await tail.close();
      throw error;
    }
    tail.subscribe((id) => {
      if (id !== null && !id.startsWith(COURSE_PREFIX)) return;
      read().catch((error: unknown) => {
        // It cannot be told now which courses are open, so none is.
        open = new Set();
        log.warn({ err: error }, 'The catalogue could not be read');
      });
    });
    const index = new SchoolIndex(this.#couch, database, tail, this.#newEpoch, this.#budget, log);
    return { database, tail, index, openCourses: () => open };
  }
}
