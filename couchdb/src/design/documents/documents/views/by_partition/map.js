export function map(doc) {
  // How much each partition holds, by type: group level 1 or 2.
  const colon = doc._id.indexOf(':');
  if (colon > 0 && doc.type) emit([doc._id.slice(0, colon), doc.type], null);
}
