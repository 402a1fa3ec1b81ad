import { type DocumentOf, docId, partitionId, schoolCardId } from '@darasa/shared/documents';
import type { CouchClient } from '../couch/couch-client.ts';
import { CouchRefused } from '../couch/couch-client.ts';
import { readDocuments, writeDocuments } from '../couch/school-documents.ts';
import type { AccessTokens } from '../services/access-tokens.ts';
import type { Environment } from '../services/environment.ts';
import type { FeedService } from '../services/feed-services.ts';
import type { OwnPlace } from '../services/own-place.ts';
import type { CourierKeys } from './courier-keys.ts';

export interface PlaceDocumentParts {
  readonly couch: CouchClient;
  readonly tokens: Pick<AccessTokens, 'signService'>;
  readonly own: OwnPlace;
  /** What people call it; null where the school's own name says it. */
  readonly name: string | null;
  /** Where devices reach it. */
  readonly addresses: () => readonly string[];
  readonly keys: CourierKeys;
  readonly environment: Environment;
}

/** Of the document's schema. */
const MAX_ADDRESSES = 10;

/** Tells the members of each school which place this is and by which keys it is known (`school:place:…`, rule CK1). */
export function placeDocumentService({ couch, tokens, own, name, addresses, keys, environment }: PlaceDocumentParts): FeedService {
  const card = schoolCardId();
  const id = docId(partitionId('school'), 'place', own.id);
  return {
    name: 'place',
    wants: (each) => each === card || each === id,
    async handle({ school, database }) {
      const held = await readDocuments(couch, database, [card, id]);
      const before = held.get(id);
      const place: Omit<DocumentOf<'place'>, '_id' | 'createdAt' | '_rev'> = {
        type: 'place',
        schemaVersion: 1,
        deviceId: 'server',
        placeId: own.id,
        kind: own.kind,
        name: name ?? String(held.get(card)?.['name'] ?? school),
        signing: [keys.signing].map(({ keyId, key }) => ({ keyId, publicKey: key })),
        opening: [keys.opening].map(({ keyId, key }) => ({ keyId, publicKey: key })),
        classes: null,
        addresses: addresses().slice(0, MAX_ADDRESSES),
        revokedAt: null,
      };
      const createdAt = String(before?.['createdAt'] ?? new Date(environment.now()).toISOString());
      const next = { ...before, ...place, _id: id, createdAt };
      if (JSON.stringify(next) === JSON.stringify(before)) return;
      const [result] = await writeDocuments(couch, database, [next], await tokens.signService('courier', school));
      // Another server was faster, and is told again of what it wrote.
      if (result?.error !== undefined && result.error !== 'conflict')
        throw new CouchRefused('POST _bulk_docs (place)', 403, `${result.error}: ${result.reason ?? ''}`);
    },
  };
}
