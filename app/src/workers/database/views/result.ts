import { courseCardId, type DocumentOf, gradeIdFor, parseDocId, quizId as quizDocId } from '@darasa/shared/documents';
import { isKnownAnswer } from '@darasa/shared/questions';
import { feedbackOn, gradedAttempts, gradesAgree } from '@darasa/shared/rules';
import type { GradeResult, ResultView } from '../api.ts';
import { attemptLine } from './attempt-line.ts';
import type { ViewContext } from './context.ts';
import { nextStep } from './course-card.ts';
import { feedbackLines } from './feedback-line.ts';
import { loadMaterial, loadWork, progressIn } from './learning.ts';
import { block, questionView } from './question-view.ts';

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

  const texts = { language, figures: quiz?.figures, markdown };
  const htmlOf = async (text: string): Promise<string> => (await block(text, texts)).html;
  const resultOf = async (question: DocumentOf<'quiz'>['questions'][number]): Promise<ResultView['questions'][number]> => {
    const own = result === null ? null : questionResult(result, question.id);
    const answer = answers[question.id];
    const feedback = feedbackOn(question, answer);
    return {
      question: await questionView(question, texts),
      answer: answer !== undefined && isKnownAnswer(answer) ? answer : null,
      correct: own?.waits === true ? null : (own?.correct ?? null),
      points: own?.points ?? null,
      lost: own?.lost ?? 0,
      waits: own?.waits ?? false,
      parts: feedback?.parts ?? {},
      solution: feedback?.solution ?? null,
      saysHtml: await Promise.all((feedback?.says ?? []).map(htmlOf)),
      explanationHtml: typeof question.explanation === 'string' ? await htmlOf(question.explanation) : null,
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
