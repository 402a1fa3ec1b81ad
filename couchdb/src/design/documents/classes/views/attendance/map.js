export function map(doc) {
  // How often each learner was present, late, absent or excused: group level 3; by class and day with the mark: the rows.
  if (doc.type !== 'attendance') return;
  Object.keys(doc.present).forEach((learnerId) => {
    emit([doc.classId, learnerId, doc.present[learnerId], doc.day], null);
  });
}
