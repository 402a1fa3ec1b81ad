export function map(doc) {
  // Grades that want a person: there was no key, the quiz is unknown, or the device's own grade was another.
  if (doc.type !== 'grade') return;
  if (doc.needsReview) emit([doc.needsReview, doc.createdAt], doc.attemptId);
  if (doc.agrees === false) emit(['grades-differ', doc.createdAt], doc.attemptId);
}
