import { createHash } from 'node:crypto';
import type { UserContext } from './auth/accounts.ts';
import type { Databases } from './databases.ts';
import { CouchError, notFound } from './errors.ts';
import { isJsonObject, isStringArray, type JsonObject } from './json.ts';
import { PouchConstruct } from './pouch.ts';
import { create, endpointOf, type Reach, requireThere } from './replication-endpoint.ts';
import { asCouchResult, replicationId, statsOf } from './replication-result.ts';
import type { Report } from './report.ts';

/** PouchDB's handle on a running replication: an emitter that can be awaited. */
interface Running {
  on(event: string, listener: (detail: unknown) => void): Running;
  cancel(): void;
  then: Promise<JsonObject>['then'];
}

interface Job {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly continuous: boolean;
  readonly documentId: string | null;
  readonly startedAt: number;
  readonly running: Running;
  stats: JsonObject;
}

const admin: UserContext = { name: null, roles: ['_admin'] };

/**
 * Replication with PouchDB's replicator. A database of this store is reached through its own routes, as the person who asked, so that
 * `_security` and validation hold for replicated documents as they do for all others.
 */
export class Replicator {
  readonly #databases: Databases;
  readonly #report: Report;
  readonly #jobs = new Map<string, Job>();
  #reach: Reach = () => new Response(null, { status: 503 });
  #stopWatching: () => void = () => undefined;

  constructor(databases: Databases, report: Report) {
    this.#databases = databases;
    this.#report = report;
  }

  connect(reach: Reach): void {
    this.#reach = reach;
  }

  /** Takes up the documents of `_replicator`, now and whenever they change. */
  async start(): Promise<void> {
    const { news } = this.#databases.get('_replicator');
    let turn: Promise<void> = Promise.resolve();
    const look = () => {
      turn = turn.then(() => this.#readDocuments()).catch((error: unknown) => this.#report('_replicator', error));
    };
    news.on('changed', look);
    this.#stopWatching = () => news.off('changed', look);
    look();
    await turn;
  }

  async stop(): Promise<void> {
    this.#stopWatching();
    for (const job of this.#jobs.values()) job.running.cancel();
    this.#jobs.clear();
  }

  activeTasks(): JsonObject[] {
    return [...this.#jobs.values()].map((job) => ({
      type: 'replication',
      replication_id: job.id,
      doc_id: job.documentId,
      source: job.source,
      target: job.target,
      continuous: job.continuous,
      started_on: Math.floor(job.startedAt / 1000),
      ...job.stats,
    }));
  }

  /** `POST /_replicate`. */
  async replicate(body: JsonObject, caller: UserContext): Promise<JsonObject> {
    const id = replicationId(body);
    if (body['cancel'] === true) {
      const wanted = typeof body['replication_id'] === 'string' ? body['replication_id'] : id;
      const job = this.#jobs.get(wanted);
      if (!job) throw notFound('unknown replication');
      job.running.cancel();
      this.#jobs.delete(wanted);
      return { ok: true, _local_id: wanted };
    }
    const known = this.#jobs.get(id);
    if (known?.continuous) return { ok: true, _local_id: id };
    const job = await this.#begin(id, body, caller, null);
    if (job.continuous) return { ok: true, _local_id: id };
    return asCouchResult(id, await this.#finish(job), job.startedAt);
  }

  async #begin(id: string, body: JsonObject, caller: UserContext, documentId: string | null): Promise<Job> {
    const source = endpointOf(body['source'], caller, 'source', this.#reach);
    const target = endpointOf(body['target'], caller, 'target', this.#reach);
    if (body['create_target'] === true) await create(target);
    await requireThere(source);
    await requireThere(target);
    const continuous = body['continuous'] === true;
    const options: JsonObject = { live: continuous, retry: continuous };
    for (const name of ['filter', 'query_params', 'selector', 'batch_size']) if (body[name] !== undefined) options[name] = body[name];
    if (isStringArray(body['doc_ids'])) options['doc_ids'] = body['doc_ids'];
    if (body['since_seq'] !== undefined) options['since'] = body['since_seq'];
    // PouchDB's Replication is an emitter with `then`; its types are those of version 6.
    const running = PouchConstruct.replicate(source.pouch, target.pouch, options) as unknown as Running;
    const job: Job = { id, source: source.shown, target: target.shown, continuous, documentId, startedAt: Date.now(), running, stats: {} };
    this.#jobs.set(id, job);
    running.on('change', (detail) => {
      job.stats = isJsonObject(detail) ? statsOf(detail) : {};
    });
    running.on('error', () => this.#jobs.delete(id));
    if (continuous)
      running.then(
        () => this.#jobs.delete(id),
        () => this.#jobs.delete(id),
      );
    return job;
  }

  async #finish(job: Job): Promise<JsonObject> {
    try {
      return await job.running;
    } catch (error) {
      const reason = error instanceof Error ? error.message : JSON.stringify(error);
      throw new CouchError(500, 'replication_error', reason);
    } finally {
      this.#jobs.delete(job.id);
    }
  }

  async #readDocuments(): Promise<void> {
    const database = this.#databases.get('_replicator');
    const { rows } = await database.use((pouch) => pouch.allDocs({ include_docs: true }));
    const present = new Set(rows.map((row) => row['id']));
    for (const job of this.#jobs.values()) {
      if (job.documentId === null || present.has(job.documentId)) continue;
      job.running.cancel();
      this.#jobs.delete(job.id);
    }
    for (const { doc } of rows) {
      if (!isJsonObject(doc) || String(doc['_id']).startsWith('_design/')) continue;
      const state = doc['_replication_state'];
      const documentId = String(doc['_id']);
      const isRunning = [...this.#jobs.values()].some((job) => job.documentId === documentId);
      if (state === 'completed' || state === 'failed' || isRunning) continue;
      await this.#runDocument(documentId, doc);
    }
  }

  /** A document of `_replicator`; only server admins write these. The outcome of one that ends is written into it. */
  async #runDocument(documentId: string, doc: JsonObject): Promise<void> {
    const id = createHash('md5').update(documentId).update(replicationId(doc)).digest('hex');
    const caller = userContextOf(doc['user_ctx']);
    try {
      const job = await this.#begin(id, doc, caller, documentId);
      if (job.continuous) return;
      const done = this.#finish(job).then(
        (result) => this.#record(documentId, 'completed', { _replication_stats: statsOf(result) }),
        (error: unknown) => this.#record(documentId, 'failed', { _replication_state_reason: String(error) }),
      );
      done.catch((error: unknown) => this.#report('_replicator', error));
    } catch (error) {
      await this.#record(documentId, 'failed', { _replication_state_reason: error instanceof CouchError ? error.reason : String(error) });
    }
  }

  async #record(documentId: string, state: string, more: JsonObject): Promise<void> {
    const database = this.#databases.get('_replicator');
    const written = await database.write(async (pouch) => {
      const stored = await pouch.get(documentId).catch(() => undefined);
      if (!stored) return false;
      await pouch.put({ ...stored, _replication_state: state, _replication_state_time: new Date().toISOString(), ...more });
      return true;
    });
    if (written) database.announce();
  }
}

function userContextOf(value: unknown): UserContext {
  if (!isJsonObject(value)) return admin;
  return { name: typeof value['name'] === 'string' ? value['name'] : null, roles: isStringArray(value['roles']) ? value['roles'] : [] };
}
