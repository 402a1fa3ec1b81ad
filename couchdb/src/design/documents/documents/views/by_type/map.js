export function map(doc) {
  // How many documents of each type there are: group level 1. Without the reduction: the documents of a type, the newest last.
  if (doc.type) emit([doc.type, doc.createdAt], null);
}
