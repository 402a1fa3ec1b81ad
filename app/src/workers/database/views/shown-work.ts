import { quizId as quizDocId } from '@darasa/shared/documents';
import { keptBack } from '@darasa/shared/rules';
import type { ViewContext } from './context.ts';
import { type LearnerWork, loadWork } from './learning.ts';
import { reviewMoment } from './quiz-terms.ts';

/** A learner's own work as they are shown it: without the scores that their quizzes keep back. */
export async function loadShownWork(context: ViewContext): Promise<LearnerWork> {
  const work = await loadWork(context.reader, context.person.id);
  const hidden = new Set<string>();
  for (const { _id, courseId, quizId, quizVersion } of work.attempts) {
    const quiz = await context.reader.one(quizDocId(courseId, quizId, quizVersion), 'quiz');
    if (quiz?.review?.score === undefined) continue;
    if (keptBack(quiz, 'score', await reviewMoment(context, quiz, work.learnerId)) !== null) hidden.add(_id);
  }
  if (hidden.size === 0) return work;
  return {
    ...work,
    attempts: work.attempts.map((attempt) => (hidden.has(attempt._id) ? { ...attempt, provisional: null } : attempt)),
    grades: work.grades.filter(({ attemptId }) => !hidden.has(attemptId)),
  };
}
