import { publicJwkSchema } from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';

/** `hub:<school>:<hubId>` in the server's own database: a class laptop that was paired. Times as `Date.prototype.toISOString` writes them. */
export const hubRecord = v.looseObject({
  _id: v.string(),
  _rev: v.optional(v.string()),
  hubId: v.string(),
  school: v.string(),
  name: v.string(),
  publicKey: publicJwkSchema,
  /** The key's id in what the hub signs: its thumbprint (RFC 7638). */
  kid: v.string(),
  /** The classes that it keeps. */
  classes: v.array(v.string()),
  pairedAt: v.string(),
  /** The account that made the code. */
  pairedBy: v.string(),
  /** Everybody whose documents the hub may hold: those on the roster, and those who left it and were not released yet. */
  served: v.optional(v.array(v.object({ id: v.string(), role: v.picklist(['learner', 'teacher']) })), []),
  lastSeenAt: v.optional(v.string()),
  revokedAt: v.optional(v.string()),
});
export type HubRecord = v.InferOutput<typeof hubRecord>;

export const hubRecordId = (school: string, hubId: string): string => `hub:${school}:${hubId}`;

/** The class laptops of the schools of this server. */
export class HubRecords {
  readonly #store: ServerStore;

  constructor(store: ServerStore) {
    this.#store = store;
  }

  find(school: string, hubId: string): Promise<HubRecord | null> {
    return this.#store.read(hubRecord, hubRecordId(school, hubId));
  }

  list(school: string): Promise<HubRecord[]> {
    return this.#store.list(hubRecord, hubRecordId(school, ''));
  }

  async add(hub: HubRecord): Promise<void> {
    await this.#store.write(hub);
  }

  /** Ends a hub for good: it gets no token any more, and what it signs is not believed. */
  async revoke(school: string, hubId: string, at: string): Promise<HubRecord | null> {
    return this.change(school, hubId, (hub) => (hub.revokedAt === undefined ? { ...hub, revokedAt: at } : hub));
  }

  /** Changes what is on record, whoever else does at the same moment. Answers what stands there now; null where there is no such hub. */
  async change(school: string, hubId: string, next: (hub: HubRecord) => HubRecord): Promise<HubRecord | null> {
    for (;;) {
      const held = await this.find(school, hubId);
      if (held === null) return null;
      const wanted = next(held);
      if (wanted === held || (await this.#store.write(wanted)) === 'written') return wanted;
    }
  }
}
