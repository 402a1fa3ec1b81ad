export function map(doc) {
  // How many learners began a course (group level 1), and how many of them are at it, completed it or withdrew (2).
  if (doc.type === 'enrolment') emit([doc.courseId, doc.completedAt ? 'completed' : doc.status.value, doc.learnerId], null);
}
