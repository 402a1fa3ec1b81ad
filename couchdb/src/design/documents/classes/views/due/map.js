export function map(doc) {
  // Assignments by class and due date.
  if (doc.type === 'assignment' && doc.dueAt) emit([doc.classId, doc.dueAt], doc.title);
}
