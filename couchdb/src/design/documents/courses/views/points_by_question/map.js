export function map(doc) {
  // How hard each question is: the share of its points that learners got, 0 to 1; group level 3. A low mean is a hard question.
  if (doc.type !== 'grade' || !doc.result) return;
  const questions = doc.result.questions;
  Object.keys(questions).forEach((id) => {
    if (questions[id].maxPoints > 0) emit([doc.courseId, doc.quizId, id], questions[id].points / questions[id].maxPoints);
  });
}
