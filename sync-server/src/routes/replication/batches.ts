const DOCS = 100;
/** Attachments come within their documents. */
const DOCS_WITH_ATTACHMENTS = 10;

/** A list in the pieces in which the database is asked: so much is in memory at a time. */
export function inBatches<Item>(items: readonly Item[], withAttachments: boolean): Item[][] {
  const size = withAttachments ? DOCS_WITH_ATTACHMENTS : DOCS;
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
