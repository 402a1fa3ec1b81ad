import { couchDocumentSchema, type ExchangeDocument, fromCouch } from '@darasa/shared/sync';
import * as v from 'valibot';
import type { CouchClient } from '../couch/couch-client.ts';
import type { DocumentCache } from '../feed/index/document-cache.ts';
import type { WantedLeaf } from './plan.ts';

const found = v.looseObject({ ok: couchDocumentSchema });
const answerSchema = v.looseObject({ results: v.array(v.looseObject({ id: v.string(), docs: v.array(v.unknown()) })) });

/** Reads leaves with their histories and attachments, from the cache where it has them. */
export async function readLeaves(
  couch: CouchClient,
  database: string,
  cache: DocumentCache<ExchangeDocument>,
  leaves: readonly WantedLeaf[],
  onMissing: (leaf: WantedLeaf) => void,
): Promise<ExchangeDocument[]> {
  const byLeaf = new Map<string, ExchangeDocument>();
  const name = ({ id, rev }: WantedLeaf): string => `${id} ${rev}`;
  const unread: WantedLeaf[] = [];
  for (const leaf of leaves) {
    const cached = cache.get(leaf.id, leaf.rev);
    if (cached === null) unread.push(leaf);
    else byLeaf.set(name(leaf), cached);
  }
  if (unread.length > 0) {
    const query = { revs: 'true', attachments: 'true' };
    const json = { docs: unread.map(({ id, rev }) => ({ id, rev })) };
    const { results } = await couch.ask(answerSchema, 'POST', `/${database}/_bulk_get`, { query, json });
    for (const { docs } of results) {
      for (const each of docs) {
        const parsed = v.safeParse(found, each);
        if (!parsed.success) continue;
        const doc = fromCouch(parsed.output.ok);
        byLeaf.set(name(doc), doc);
        cache.put(doc.id, doc.rev, doc, JSON.stringify(doc.body).length);
      }
    }
  }
  return leaves.flatMap((leaf) => {
    const doc = byLeaf.get(name(leaf));
    if (doc === undefined) onMissing(leaf);
    return doc ?? [];
  });
}
