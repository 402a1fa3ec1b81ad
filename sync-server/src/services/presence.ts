import { docId, isKey, partitionId } from '@darasa/shared/documents';
import type { Logger } from 'pino';
import type { CouchClient } from '../couch/couch-client.ts';
import { readDocuments, readRange, writeDocuments } from '../couch/school-documents.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Environment } from './environment.ts';

/** Between two notes of a device that has nothing new. A note is a document, which the learner's own devices fetch: not each minute. */
const THROTTLE_MS = 10 * 60_000;
const MAX_DEVICES = 50_000;
const MAX_DEVICES_OF_LEARNER = 20;

export interface Heard {
  readonly school: string;
  readonly database: string;
  readonly learnerId: string;
  readonly deviceId: string;
  /** What the device's clock says, in milliseconds since 1970, where it said so. */
  readonly deviceClock: number | null;
  /** Documents that were taken in from it just now. */
  readonly received: number;
}

/**
 * Notes on the server's clock when a device was last heard from: `learner-<id>:contact:<deviceId>`. A teacher sees by
 * it whose silence is the network's.
 */
export class Presence {
  readonly #couch: CouchClient;
  readonly #tokens: AccessTokens;
  readonly #environment: Environment;
  readonly #log: Logger;
  readonly #prefix: string;
  readonly #notedAt = new Map<string, number>();
  readonly #underWay = new Set<Promise<void>>();
  /** The last note under way of each learner. */
  readonly #lines = new Map<string, Promise<void>>();

  /** `prefix` goes before the names of devices: a class laptop's, so that it and the school do not write one document. */
  constructor(couch: CouchClient, tokens: AccessTokens, environment: Environment, log: Logger, prefix = '') {
    this.#couch = couch;
    this.#tokens = tokens;
    this.#environment = environment;
    this.#log = log;
    this.#prefix = prefix;
  }

  /** Returns at once: nobody waits for the note. */
  heard(from: Heard): void {
    const heard = { ...from, deviceId: this.#prefix + from.deviceId };
    if (!isKey(heard.deviceId) || !isKey(heard.learnerId)) return;
    const now = this.#environment.now();
    const id = docId(partitionId('learner', heard.learnerId), 'contact', heard.deviceId);
    const notedAt = this.#notedAt.get(`${heard.school} ${id}`) ?? Number.NEGATIVE_INFINITY;
    if (heard.received === 0 && now - notedAt < THROTTLE_MS) return;
    if (this.#notedAt.size > MAX_DEVICES) this.#notedAt.clear();
    this.#notedAt.set(`${heard.school} ${id}`, now);

    // One after the other for each learner, so that devices are counted rightly.
    const line = `${heard.school} ${heard.learnerId}`;
    const before = this.#lines.get(line) ?? Promise.resolve();
    const written = before.then(() => this.#note(id, heard, now));
    const note = written.catch((error: unknown) => {
      this.#log.warn({ err: error }, 'A contact could not be noted');
    });
    this.#underWay.add(note);
    this.#lines.set(line, note);
    void note.finally(() => {
      this.#underWay.delete(note);
      if (this.#lines.get(line) === note) this.#lines.delete(line);
    });
  }

  /** When everything that was heard is noted. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #note(id: string, { school, database, learnerId, deviceId, deviceClock, received }: Heard, now: number): Promise<void> {
    const at = new Date(now).toISOString();
    const before = (await readDocuments(this.#couch, database, [id])).get(id);
    // The name of a device is what the device says: nobody fills a learner's record with made-up ones.
    if (
      before === undefined &&
      (await readRange(this.#couch, database, `${partitionId('learner', learnerId)}:contact:`)).length >= MAX_DEVICES_OF_LEARNER
    )
      return;
    const contact = {
      _id: id,
      ...(before === undefined ? {} : { _rev: before._rev }),
      type: 'contact',
      schemaVersion: 1,
      createdAt: before?.['createdAt'] ?? at,
      deviceId: 'server',
      learnerId,
      heardFrom: deviceId,
      firstHeardAt: before?.['firstHeardAt'] ?? at,
      lastHeardAt: at,
      clockOffsetMs: deviceClock === null ? (before?.['clockOffsetMs'] ?? 0) : Math.round(deviceClock - now),
      received: Number(before?.['received'] ?? 0) + received,
    };
    const authorization = await this.#tokens.signService('presence', school);
    const [result] = await writeDocuments(this.#couch, database, [contact], authorization);
    // Two requests of one device at once: the other one has noted the same moment.
    if (result?.error !== undefined && result.error !== 'conflict') {
      this.#log.warn({ error: result.error, reason: result.reason }, 'The database refused a contact');
    }
  }
}
