import { createHash } from 'node:crypto';
import { opaqueId } from '@darasa/shared/documents';
import { HUB_CODE_LENGTH, HUB_CODE_LETTERS, type HubCode, type NewHubCode, type PairRequest, plainHubCode } from '@darasa/shared/protocol';
import { calculateJwkThumbprint } from 'jose';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';
import type { Environment } from './environment.ts';
import { type HubRecord, type HubRecords, hubRecordId } from './hub-records.ts';

const CODE_LIVES_MS = 3_600_000;

/** `hub-code:<hash>`: 50 random bits behind a hash, good for an hour and one laptop. */
export const hubCodeRecord = v.looseObject({
  _id: v.string(),
  _rev: v.string(),
  school: v.string(),
  name: v.string(),
  classes: v.array(v.string()),
  madeBy: v.string(),
  /** Milliseconds since 1970. */
  expiresAt: v.number(),
  usedBy: v.nullable(v.string()),
});

export interface NewCode extends NewHubCode {
  readonly school: string;
  readonly madeBy: string;
}

/** Codes, and the laptops that come with one. */
export class HubPairing {
  readonly #store: ServerStore;
  readonly #hubs: HubRecords;
  readonly #environment: Environment;

  constructor(store: ServerStore, hubs: HubRecords, environment: Environment) {
    this.#store = store;
    this.#hubs = hubs;
    this.#environment = environment;
  }

  async makeCode({ school, name, classes, madeBy }: NewCode): Promise<HubCode> {
    const code = randomCode(this.#environment);
    const expiresAt = this.#environment.now() + CODE_LIVES_MS;
    await this.#store.write({ _id: codeId(code), school, name, classes: [...new Set(classes)], madeBy, expiresAt, usedBy: null });
    return { code, expiresAt: new Date(expiresAt).toISOString() };
  }

  /** The hub that a code and a key make; null for a code that is wrong, too old, or was used with another key. */
  async pair({ code, publicKey }: PairRequest): Promise<HubRecord | null> {
    const kid = await calculateJwkThumbprint(publicKey);
    for (;;) {
      const record = await this.#store.read(hubCodeRecord, codeId(code));
      const now = this.#environment.now();
      if (record === null || record.expiresAt <= now) return null;
      const { school, name, classes, madeBy } = record;
      if (record.usedBy !== null) {
        // The answer was lost: the laptop asks again with the same key.
        const known = await this.#hubs.find(school, record.usedBy);
        return known?.kid === kid && known.revokedAt === undefined ? known : null;
      }
      const hubId = opaqueId((bytes) => this.#environment.random(bytes));
      const pairedAt = new Date(now).toISOString();
      const hub: HubRecord = {
        ...{ _id: hubRecordId(school, hubId), hubId, school, name, publicKey, kid, classes },
        ...{ pairedAt, pairedBy: madeBy, served: [] },
      };
      // First the hub, which nobody can use before the code names it: interrupted, the code is good still.
      await this.#hubs.add(hub);
      if ((await this.#store.write({ ...record, usedBy: hubId })) === 'written') return hub;
      await this.#hubs.revoke(school, hubId, pairedAt);
    }
  }
}

function randomCode({ random }: Environment): string {
  let code = '';
  // A byte that would favour the first letters is thrown again.
  const fair = 256 - (256 % HUB_CODE_LETTERS.length);
  while (code.length < HUB_CODE_LENGTH) {
    for (const byte of random(new Uint8Array(HUB_CODE_LENGTH))) {
      if (byte < fair && code.length < HUB_CODE_LENGTH) code += HUB_CODE_LETTERS[byte % HUB_CODE_LETTERS.length];
    }
  }
  return code;
}

function codeId(typed: string): string {
  return `hub-code:${createHash('sha256').update(plainHubCode(typed)).digest('base64url')}`;
}
