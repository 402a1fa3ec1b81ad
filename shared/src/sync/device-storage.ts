import type { HeldDocument } from './compare.ts';
import type { ExchangeDocument } from './exchange-document.ts';
import type { HeldDigests, OwnPartitions } from './partitions-held.ts';

/** Where a device stands: the cursor is a hint to the server, and losing it costs a comparison and no document. */
export interface Position extends OwnPartitions {
  readonly cursor: string;
}

export interface RefusedDocument {
  readonly id: string;
  readonly rev: string;
  /** CouchDB's name for it, for example `forbidden`. */
  readonly error: string;
  readonly reason: string;
}

/** How much is sent in one request. */
export interface PushLimits {
  readonly docs: number;
  /** Of JSON, about; one document is always sent. */
  readonly bytes: number;
}

/**
 * What an exchange needs of a device's databases. Every method is safe to call again with the same arguments: an exchange
 * that broke off is simply made again.
 */
export interface DeviceStorage {
  position(): Promise<Position | null>;
  remember(position: Position): Promise<void>;
  /**
   * The digests of the partitions held for this person. Refused revisions that wait in quarantine do not count: the leaves
   * are those that the document would have without them.
   */
  digests(): Promise<HeldDigests>;
  /** The same documents one by one, of one partition. */
  documents(partitionId: string): Promise<readonly HeldDocument[]>;
  /** Leaves that the school has not acknowledged, the most important first. None that was refused, unless it is to be tried again. */
  unsent(limits: PushLimits): Promise<readonly ExchangeDocument[]>;
  /** The school has these leaves; where `hub` is given, a class laptop has them, and the school perhaps not yet. */
  sent(docs: readonly ExchangeDocument[], hub?: string | null): Promise<void>;
  /**
   * The school will not take these: they go into quarantine. Of what was erased for good (the reason is `ERASED` of the documents)
   * nothing is kept, not the document and not what stands of it in quarantine. Of a partition that is not the person's any more, what came from
   * the school goes as well.
   */
  refused(documents: readonly RefusedDocument[]): Promise<void>;
  /**
   * Writes leaves with their histories, as `new_edits: false` does. What stood in quarantine of these and of their
   * ancestors is released: the school has it after all, by another way or since a reply was lost.
   */
  apply(docs: readonly ExchangeDocument[]): Promise<void>;
  /**
   * These partitions may not be read any more: what came from the school is removed. What the person wrote and the
   * school has not acknowledged stays.
   */
  drop(partitionIds: readonly string[]): Promise<void>;
  /**
   * The school does not hold these documents in this form (it was restored from an older backup, or they were erased
   * there). What the person may write is queued to be sent; the rest is removed, save work that the school has never
   * acknowledged: its refusal says what becomes of that.
   * Where `hub` is given a class laptop says so, which may lag behind the school: nothing is removed.
   */
  missingAtSchool(documents: readonly HeldDocument[], hub?: string | null): Promise<void>;
}
