export function map(doc) {
  // How hard each question is: the share of its points that learners got, 0 to 1; group level 3. A low mean is a hard question.
  if (doc.type !== 'grade' || !doc.result) return;
  const questions = doc.result.questions;
  Object.keys(questions).forEach((id) => {
    // What a person has still to mark says nothing yet.
    if (questions[id].maxPoints > 0 && !questions[id].waits)
      emit([doc.courseId, doc.quizId, id], questions[id].points / questions[id].maxPoints);
  });
}
