import * as v from 'valibot';
import type { CouchClient } from '../../couch/couch-client.ts';
import { numberOf } from '../place.ts';

/** A person's own local documents have a dot in their id. */
const ID = '_local/darasa-feed';
const MAX_EPOCHS = 100;
/** Another server may write at the same moment. */
const MAX_TRIES = 5;
const recordSchema = v.looseObject({ _rev: v.string(), epochs: v.array(v.tuple([v.string(), v.number()])) });

/**
 * How far each index of each server has followed a school's feed, kept in that school's database: a database that was
 * restored from a backup has the record of its own past. A place of a feed that is beyond what is recorded of its epoch
 * was told of a database that is not this one.
 */
export class FeedLineage {
  readonly #couch: Pick<CouchClient, 'find' | 'send'>;
  readonly #path: string;

  constructor(couch: Pick<CouchClient, 'find' | 'send'>, databasePath: string) {
    this.#couch = couch;
    this.#path = `${databasePath}/${ID}`;
  }

  /** Whether a place with this epoch and sequence was told of this very database. */
  async covers(epoch: string, sequence: string): Promise<boolean> {
    const record = await this.#couch.find(recordSchema, this.#path);
    return record?.epochs.some(([each, number]) => each === epoch && numberOf(sequence) <= number) ?? false;
  }

  /** Notes that an epoch has come to a sequence; answers whether that stands there now. */
  async note(epoch: string, sequence: string): Promise<boolean> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const record = await this.#couch.find(recordSchema, this.#path);
      const others = record?.epochs.filter(([each]) => each !== epoch) ?? [];
      const epochs = [...others, [epoch, numberOf(sequence)]].slice(-MAX_EPOCHS);
      const answer = await this.#couch.send('PUT', this.#path, { json: { ...(record === null ? {} : { _rev: record._rev }), epochs } });
      await answer.body?.cancel();
      if (answer.ok) return true;
    }
    return false;
  }
}
