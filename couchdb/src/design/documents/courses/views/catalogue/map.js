export function map(doc) {
  // The published courses by programme, category and language.
  if (doc.type === 'course') emit([doc.programme, doc.category, doc.language, doc.courseId], doc.title);
}
