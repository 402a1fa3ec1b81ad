import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { type DocumentOf, docId, partitionId } from '@darasa/shared/documents';
import { deviceKeyName, type PublicJwk } from '@darasa/shared/protocol';
import type { Logger } from 'pino';
import type { CouchClient } from '../couch/couch-client.ts';
import { writeDocuments } from '../couch/school-documents.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Environment } from './environment.ts';

export interface DeviceKeyRecordParts {
  readonly couch: CouchClient;
  readonly tokens: AccessTokens;
  readonly environment: Environment;
  readonly log: Logger;
}

/** The keys with which learners' devices signed in, in the learners' partitions: by them whoever reads a seal can check it. */
export class DeviceKeyRecords {
  readonly #parts: DeviceKeyRecordParts;

  constructor(parts: DeviceKeyRecordParts) {
    this.#parts = parts;
  }

  /** Notes a key, once. Where that fails the sign-in stands: the device's seals are not believed before its next one. */
  async note(school: string, learnerId: string, { kty, crv, x, y }: PublicJwk): Promise<void> {
    const { couch, tokens, environment, log } = this.#parts;
    const name = deviceKeyName({ kty, crv, x, y });
    const document: DocumentOf<'device-key'> = {
      _id: docId(partitionId('learner', learnerId), 'device-key', name),
      type: 'device-key',
      schemaVersion: 1,
      createdAt: new Date(environment.now()).toISOString(),
      deviceId: 'server',
      learnerId,
      name,
      publicJwk: { kty, crv, x, y },
    };
    try {
      const authorization = await tokens.signService('presence', school);
      const [result] = await writeDocuments(couch, schoolDatabase(school), [document], authorization);
      // It is there already: the device has signed in before.
      if (result?.error !== undefined && result.error !== 'conflict')
        log.warn({ reason: result.reason }, 'The database refused a device key');
    } catch (error) {
      log.warn({ err: error, school }, 'A device key could not be noted');
    }
  }
}
