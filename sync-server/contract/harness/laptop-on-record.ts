import { personas } from '@darasa/shared/fixtures';
import type { CouchClient } from '../../src/couch/couch-client.ts';
import { serverStore } from '../../src/couch/server-store.ts';
import { HubRecords, hubRecordId } from '../../src/services/hub-records.ts';

/** Puts the class laptop of the personas on a school's record: whose record is missing is let in nowhere. */
export async function putLaptopOnRecord(couch: CouchClient, school: string): Promise<void> {
  // Its name is its id; only nobody has none.
  const hubId = personas.hub.name ?? '';
  await new HubRecords(serverStore(couch)).add({
    _id: hubRecordId(school, hubId),
    hubId,
    school,
    name: hubId,
    // The personas' tokens are signed by the school, so that its own key is asked for nowhere.
    publicKey: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) },
    kid: hubId,
    classes: ['7a'],
    pairedAt: '2026-01-01T08:00:00.000Z',
    pairedBy: 'head',
    served: [],
  });
}
