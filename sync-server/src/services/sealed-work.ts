import { createPublicKey, verify } from 'node:crypto';
import { documentTypes, namesDocument, partitionId } from '@darasa/shared/documents';
import { type VerifySignature, verifySeal } from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { CouchClient } from '../couch/couch-client.ts';
import { readRange } from '../couch/school-documents.ts';
import type { FeedPlace } from './feed-services.ts';

const verifySignature: VerifySignature = async (publicKey, data, signature) => {
  try {
    const key = createPublicKey({ key: { ...publicKey }, format: 'jwk' });
    return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    return false; // No point of the curve: a key that signs nothing.
  }
};

/**
 * Which of a learner's documents are sealed by a device of theirs that signed in at the school itself. Whoever handed them in: a seal
 * speaks for itself.
 */
export async function sealedByDevice(
  couch: CouchClient,
  { database }: FeedPlace,
  learnerId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const sealed = new Set<string>();
  if (ids.length === 0) return sealed;
  const partition = partitionId('learner', learnerId);
  const seals = (await readRange(couch, database, `${partition}:seal:`))
    .flatMap((doc) => (v.is(documentTypes.seal.schema, doc) ? [doc] : []))
    .filter((seal) => ids.some((id) => namesDocument(seal, id)));
  if (seals.length === 0) return sealed;
  const keys = (await readRange(couch, database, `${partition}:device-key:`)).flatMap((doc) =>
    v.is(documentTypes['device-key'].schema, doc) ? [doc] : [],
  );
  for (const seal of seals) {
    const key = keys.find(({ name }) => name === seal.key);
    if (key === undefined || !(await verifySeal(seal, key, verifySignature))) continue;
    for (const id of ids) if (namesDocument(seal, id)) sealed.add(id);
  }
  return sealed;
}
