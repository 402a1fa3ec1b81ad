import { type UncheckedDocument, type UserContext, validateDocUpdate } from '@darasa/shared/rules';
import { couchDocumentSchema, type ExchangeDocument, fromCouch, toCouch } from '@darasa/shared/sync';
import * as v from 'valibot';
import type { CouchClient, CouchRequest } from '../../../sync-server/src/couch/couch-client.ts';
import type { Chance } from './chance.ts';
import { RevisionStore } from './revision-store.ts';
import type { Turns } from './turns.ts';

/** A continuous `_changes` that a server holds open. */
interface Feed {
  /** Everything up to this sequence was told. */
  at: number;
  readonly tell: (line: string) => void;
  readonly cut: () => void;
}

interface Backup {
  readonly store: RevisionStore;
  readonly sequences: ReadonlyMap<string, number>;
  readonly sequence: number;
  readonly purges: number;
  readonly locals: ReadonlyMap<string, unknown>;
}

const json = v.record(v.string(), v.unknown());
const leafNames = v.record(v.string(), v.array(v.string()));
const named = v.array(v.looseObject({ id: v.string(), rev: v.string() }));

/**
 * A database of CouchDB as the server meets it: what the server asks is answered from trees of revisions, after a turn, and its feeds lag as long as chance
 * wants. Sequences are a number and something opaque, as a cluster's are.
 */
export class SimulatedCouch {
  store = new RevisionStore();
  readonly #turns: Turns;
  readonly #chance: Chance;
  readonly #feeds = new Set<Feed>();
  #sequences = new Map<string, number>();
  #sequence = 0;
  #purges = 0;
  /** Local documents, by path. */
  #locals = new Map<string, unknown>();
  #born: string;
  #backup: Backup | null = null;

  constructor(turns: Turns, chance: Chance) {
    this.#turns = turns;
    this.#chance = chance;
    this.#born = chance.hex(8);
  }

  /** CouchDB's judgement and writing of replicated documents; answers what was refused. */
  write(docs: readonly ExchangeDocument[], user: UserContext): { id: string; rev: string; error: string; reason: string }[] {
    return docs.flatMap((doc) => {
      const parent =
        doc.ancestors[0] === undefined ? null : this.store.read(doc.id, `${Number.parseInt(doc.rev, 10) - 1}-${doc.ancestors[0]}`);
      try {
        validateDocUpdate({ ...doc.body, _id: doc.id, _rev: doc.rev }, parent === null ? null : { ...parent.body, _id: doc.id }, user);
      } catch (refusal) {
        const [[error, reason] = ['forbidden', '']] = Object.entries(refusal as Record<string, string>); // what validate_doc_update throws
        return [{ id: doc.id, rev: doc.rev, error, reason }];
      }
      if (this.store.add(doc)) this.#changed(doc.id);
      return [];
    });
  }

  purge(asked: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
    const purged = Object.fromEntries(Object.entries(asked).map(([id, revs]) => [id, this.store.purge(id, revs)]));
    this.#purges += 1;
    for (const [id, gone] of Object.entries(purged)) {
      if (gone.length === 0) continue;
      if (this.store.leaves(id).length > 0) this.#changed(id);
      else this.#sequences.delete(id);
    }
    return purged;
  }

  backUp(): void {
    const [sequences, locals] = [new Map(this.#sequences), new Map(this.#locals)];
    this.#backup = { store: this.store.copy(), sequences, sequence: this.#sequence, purges: this.#purges, locals };
  }

  /** The database becomes what it was at the last backup: copied back as files, or made anew by replication. Its feeds break off. */
  restore(): boolean {
    if (this.#backup === null) return false;
    this.store = this.#backup.store.copy();
    this.#sequences = new Map(this.#backup.sequences);
    this.#sequence = this.#backup.sequence;
    this.#purges = this.#backup.purges;
    this.#locals = new Map(this.#backup.locals);
    if (this.#chance.happens(0.3)) this.#born = this.#chance.hex(8);
    this.cutFeeds();
    return true;
  }

  cutFeeds(): void {
    for (const feed of this.#feeds) feed.cut();
  }

  /** The feeds bring something of what they are behind with; all of it with a share of 1. Answers whether they brought anything. */
  followFeeds(share: number): boolean {
    let brought = false;
    for (const feed of this.#feeds) {
      for (const [id, sequence] of this.#changesAfter(feed.at)) {
        if (!this.#chance.happens(share)) break;
        feed.at = sequence;
        feed.tell(`${JSON.stringify(this.#row(id, sequence))}\n`);
        brought = true;
      }
      if (share === 1) feed.tell('\n');
    }
    return brought;
  }

  /** What one server has of it. */
  client(): CouchClient {
    const ask: CouchClient['ask'] = async (schema, method, path, request) => {
      await this.#turns.turn();
      // As text, so that nobody holds what another may change.
      return v.parse(schema, JSON.parse(JSON.stringify(this.#answer(method, path.slice(path.indexOf('/', 1) + 1), request ?? {}))));
    };
    return {
      ask,
      find: async (schema, path) => {
        if (!path.includes('/_local/')) throw new Error('Nothing in an exchange asks for a single document');
        await this.#turns.turn();
        const found = this.#locals.get(path);
        return found === undefined ? null : v.parse(schema, found);
      },
      send: async (method, path, request) => {
        await this.#turns.turn();
        if (method === 'PUT') {
          this.#locals.set(path, { _rev: '0-1', ...v.parse(json, request?.json) });
          return new Response(null, { status: 201 });
        }
        return new Response(this.#open(request ?? {}));
      },
    };
  }

  #open({ query = {}, signal }: CouchRequest): ReadableStream<Uint8Array> {
    const text = new TextEncoder();
    return new ReadableStream({
      start: (controller) => {
        const close = (end: () => void): void => {
          if (!this.#feeds.delete(feed)) return;
          signal?.removeEventListener('abort', abort);
          end();
        };
        const abort = (): void => close(() => controller.error(new Error('aborted')));
        const feed: Feed = {
          at: Number.parseInt(query['since'] ?? '0', 10),
          tell: (line) => controller.enqueue(text.encode(line)),
          cut: () => close(() => controller.error(new Error('The connection was lost'))),
        };
        this.#feeds.add(feed);
        if (signal?.aborted === true) abort();
        else signal?.addEventListener('abort', abort);
      },
    });
  }

  #answer(method: string, path: string, { query = {}, json: body, authorization }: CouchRequest): unknown {
    switch (`${method} ${path.startsWith('_') ? path : ''}`) {
      case 'GET ': {
        const deleted = this.store.ids().filter((id) => this.store.living(id).length === 0).length;
        return {
          doc_count: this.store.ids().length - deleted,
          doc_del_count: deleted,
          update_seq: this.#opaque(this.#sequence),
          purge_seq: this.#opaque(this.#purges),
          instance_start_time: this.#born,
        };
      }
      case 'GET _changes': {
        const rows = this.#changesAfter(Number.parseInt(query['since'] ?? '0', 10)).slice(0, Number(query['limit'] ?? 10_000));
        return {
          results: rows.map(([id, sequence]) => this.#row(id, sequence)),
          last_seq: this.#opaque(rows.at(-1)?.[1] ?? this.#sequence),
          pending: 0,
        };
      }
      case 'POST _changes': {
        const { doc_ids } = v.parse(v.looseObject({ doc_ids: v.array(v.string()) }), body);
        const results = doc_ids.flatMap((id) => (this.#sequences.has(id) ? [this.#row(id, this.#sequences.get(id) ?? 0)] : []));
        return { results, last_seq: this.#opaque(this.#sequence) };
      }
      case 'POST _bulk_get': {
        const { docs } = v.parse(v.looseObject({ docs: named }), body);
        return {
          results: docs.map(({ id, rev }) => {
            const doc = this.store.read(id, rev);
            return { id, docs: [doc === null ? { error: { id, rev, error: 'not_found', reason: 'missing' } } : { ok: toCouch(doc) }] };
          }),
        };
      }
      case 'POST _revs_diff':
        return Object.fromEntries(
          Object.entries(v.parse(leafNames, body)).flatMap(([id, revs]) => {
            const missing = revs.filter((rev) => !this.store.has(id, rev));
            return missing.length === 0 ? [] : [[id, { missing }]];
          }),
        );
      case 'POST _all_docs':
        return { rows: v.parse(v.looseObject({ keys: v.array(v.string()) }), body).keys.map((id) => ({ id, doc: this.#current(id) })) };
      case 'GET _all_docs': {
        const [from, to]: string[] = [query['startkey'] ?? '""', query['endkey'] ?? '""'].map((key) => JSON.parse(key));
        const ids = this.store.ids().filter((id) => id >= (from ?? '') && id <= (to ?? ''));
        return { rows: ids.sort().flatMap((id) => (this.#current(id) === null ? [] : [{ id, doc: this.#current(id) }])) };
      }
      case 'POST _bulk_docs': {
        const { docs } = v.parse(v.looseObject({ docs: v.array(couchDocumentSchema), new_edits: v.literal(false) }), body);
        return this.write(docs.map(fromCouch), JSON.parse(authorization ?? '{"name":"server","roles":["_admin"]}') as UserContext); // `authorizationOf` wrote it
      }
      case 'POST _compact':
        return { ok: true };
      case 'POST _purge':
        return { purged: this.purge(v.parse(leafNames, body)) };
      default:
        throw new Error(`The simulated CouchDB has no ${method} /${path} ${JSON.stringify(v.is(json, body) ? body : {})}`);
    }
  }

  #current(id: string): UncheckedDocument | null {
    const [winner] = this.store.living(id);
    return winner === undefined ? null : { ...winner.body, _id: id, _rev: winner.rev };
  }

  #row(id: string, sequence: number) {
    return { seq: this.#opaque(sequence), id, changes: this.store.leaves(id).map((rev) => ({ rev })) };
  }

  #changesAfter(since: number): (readonly [id: string, sequence: number])[] {
    return [...this.#sequences].filter(([, sequence]) => sequence > since).sort(([, a], [, b]) => a - b);
  }

  #changed(id: string): void {
    this.#sequence += 1;
    this.#sequences.set(id, this.#sequence);
  }

  #opaque(sequence: number): string {
    return `${sequence}-g1AAA${this.#born}${sequence * 7}`;
  }
}

/** Whose write it is, as the simulated CouchDB reads it. */
export function authorizationOf({ name, roles }: UserContext): string {
  return JSON.stringify({ name, roles });
}
