import { canonicalJson, contentDigest, type DocumentOf, parseDocId } from '@darasa/shared/documents';
import { isMergedType, mergeDocuments } from '@darasa/shared/rules';
import { type ExchangeDocument, generationOf } from '@darasa/shared/sync';

/** The living leaves of a document that merges, the winner first; what each device writes when it sees them. Nothing when there is no conflict. */
export function resolutionOf(leaves: readonly ExchangeDocument[]): ExchangeDocument[] {
  const [winner, ...losers] = leaves;
  const type = winner === undefined ? undefined : parseDocId(winner.id)?.type;
  if (winner === undefined || losers.length === 0 || type === undefined || !isMergedType(type)) return [];
  // Every leaf was written by the builders of its type.
  const docs = leaves.map(({ id, body }) => ({ ...body, _id: id }) as unknown as DocumentOf<typeof type>);
  const { _id, ...merged } = mergeDocuments(type, docs);
  const unchanged = canonicalJson(merged) === canonicalJson({ ...winner.body });
  return [...(unchanged ? [] : [childOf(winner, merged)]), ...losers.map((loser) => childOf(loser, { _deleted: true }))];
}

/** A revision whose name follows from its parent and its content, so that two devices that resolve the same leaves write the same. */
function childOf({ id, rev, ancestors }: ExchangeDocument, body: ExchangeDocument['body']): ExchangeDocument {
  const name = contentDigest({ type: '', parent: rev, content: canonicalJson({ ...body }) }).padEnd(32, '0');
  return { id, rev: `${generationOf(rev) + 1}-${name}`, ancestors: [rev.slice(rev.indexOf('-') + 1), ...ancestors], body };
}
