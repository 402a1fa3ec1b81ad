export function map(doc) {
  // The attempts at a quiz in the order in which they were handed in; how many per course (group level 1) or quiz (2).
  if (doc.type === 'attempt') emit([doc.courseId, doc.quizId, doc.submittedAt], doc.learnerId);
}
