import { courseCardId, type DocumentOf, gradeIdFor, parseDocId, quizId as quizDocId } from '@darasa/shared/documents';
import { gradedAttempts, gradesAgree, type Question } from '@darasa/shared/rules';
import type { GradeResult, ResultView } from '../api.ts';
import { attemptLine } from './attempt-line.ts';
import type { ViewContext } from './context.ts';
import { nextStep } from './course-card.ts';
import { feedbackLines } from './feedback-line.ts';
import { loadMaterial, loadWork, progressIn } from './learning.ts';
import { questionView, solutionHtml } from './question-view.ts';

/** Whether the device and the school graded the same attempt differently. */
export function disagrees(attempt: DocumentOf<'attempt'>, grade: DocumentOf<'grade'> | null): boolean {
  return attempt.provisional !== null && grade?.result != null && !gradesAgree(attempt.provisional, grade.result);
}

export async function loadResult({ attemptId }: { attemptId: string }, context: ViewContext): Promise<ResultView | null> {
  const { reader, markdown } = context;
  const parsed = parseDocId(attemptId);
  if (parsed?.type !== 'attempt') return null;
  const attempt = await reader.one(attemptId, 'attempt');
  if (attempt === null) return null;
  const { learnerId, courseId, quizId, quizVersion, answers } = attempt;
  const [course, quiz, grade, feedback, work, places] = await Promise.all([
    reader.one(courseCardId(courseId), 'course'),
    reader.one(quizDocId(courseId, quizId, quizVersion), 'quiz'),
    reader.one(gradeIdFor(attemptId), 'grade'),
    reader.all(parsed.partitionId, 'feedback'),
    loadWork(reader, learnerId),
    context.places(),
  ]);
  const [graded] = gradedAttempts([attempt], grade === null ? [] : [grade]);
  if (graded === undefined) return null;
  const language = course?.language ?? 'en';
  const { result } = graded;

  const resultOf = async (question: Question): Promise<ResultView['questions'][number]> => {
    const own = result === null ? null : questionResult(result, question.id);
    return {
      question: await questionView(question, language, markdown),
      answer: answers[question.id] ?? null,
      correct: own?.correct ?? null,
      points: own?.points ?? null,
      solutionHtml: await solutionHtml(question, language, markdown),
      explanationHtml: question.explanation === undefined ? null : (await markdown.block(question.explanation, { language })).html,
    };
  };

  const material = course === null ? null : await loadMaterial(reader, course);
  return {
    attempt: attemptLine(attempt, graded, quiz?.title ?? null, places),
    courseTitle: course?.title ?? '',
    language,
    exam: quiz?.exam ?? false,
    result,
    disagrees: disagrees(attempt, grade),
    needsReview: grade !== null && grade.needsReview !== null,
    questions: await Promise.all((quiz?.questions ?? []).map(resultOf)),
    feedback: feedbackLines(feedback.filter(({ aboutId }) => aboutId === attemptId)),
    next: material === null ? null : nextStep(material, progressIn(material, work)),
  };
}

function questionResult(result: GradeResult, questionId: string): GradeResult['questions'][string] | null {
  return Object.hasOwn(result.questions, questionId) ? (result.questions[questionId] ?? null) : null;
}
