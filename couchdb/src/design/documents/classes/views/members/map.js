export function map(doc) {
  // The members of each class, teachers and learners apart, by name: group level 2 counts them.
  if (doc.type === 'member') emit([doc.classId, doc.role, doc.displayName], doc.accountId);
}
