export function map(doc) {
  // Scores as a share of the points, 0 to 1, of what was graded: number, sum, least and greatest per course (group level 1),
  // quiz (2) or learner (3). The mean is sum / count.
  if (doc.type === 'grade' && doc.result && doc.result.maxScore > 0) {
    emit([doc.courseId, doc.quizId, doc.learnerId], doc.result.score / doc.result.maxScore);
  }
}
