import { courseCardId, type DocumentOf, gradeIdFor, parseDocId, partitionId, quizId as quizDocId } from '@darasa/shared/documents';
import { isKnownAnswer } from '@darasa/shared/questions';
import {
  correctedPaper,
  drawPaper,
  feedbackOn,
  gradedAttempts,
  gradesAgree,
  type KeptBack,
  keptBack,
  type Reviewed,
} from '@darasa/shared/rules';
import type { GradeResult, ResultView } from '../api.ts';
import { attemptLine } from './attempt-line.ts';
import type { ViewContext } from './context.ts';
import { nextStep } from './course-card.ts';
import { feedbackLines } from './feedback-line.ts';
import { loadMaterial, loadWork, progressIn } from './learning.ts';
import { block, questionView } from './question-view.ts';
import { instantOrNull, reviewMoment } from './quiz-terms.ts';
import { loadShownWork } from './shown-work.ts';

/** Whether the device and the school graded the same attempt differently. */
export function disagrees(attempt: DocumentOf<'attempt'>, grade: DocumentOf<'grade'> | null): boolean {
  if (attempt.provisional === null || grade?.result == null) return false;
  // Graded again after a correction, it is another grade for everybody: the school has said whether the first ones agreed.
  return grade.correctedBy === undefined ? !gradesAgree(attempt.provisional, grade.result) : grade.agrees === false;
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
    learnerId === context.person.id ? loadShownWork(context) : loadWork(reader, learnerId),
    context.places(),
  ]);
  const kept = quiz === null ? {} : await keptBackOf(context, quiz, learnerId);
  const shows = (what: Reviewed): boolean => kept[what] === undefined;
  const closing = quiz === null ? null : (await reviewMoment(context, quiz, learnerId)).closesAt;
  const [graded] = gradedAttempts([attempt], grade === null ? [] : [grade]);
  if (graded === undefined) return null;
  const language = course?.language ?? 'en';
  const shownGrade = shows('score') ? graded : { ...graded, result: null };
  const { result } = shownGrade;
  const marks = shows('answers') ? result : null;
  const paper = quiz === null ? [] : await paperOf(context, quiz, attempt);

  const texts = { language, figures: quiz?.figures, markdown };
  const htmlOf = async (text: string): Promise<string> => (await block(text, texts)).html;
  const resultOf = async (question: DocumentOf<'quiz'>['questions'][number]): Promise<ResultView['questions'][number]> => {
    const own = marks === null ? null : questionResult(marks, question.id);
    const answer = answers[question.id];
    const feedback = feedbackOn(question, answer);
    return {
      question: await questionView(question, texts),
      answer: answer !== undefined && isKnownAnswer(answer) ? answer : null,
      correct: own?.waits === true ? null : (own?.correct ?? null),
      points: own?.points ?? null,
      lost: own?.lost ?? 0,
      waits: own?.waits ?? false,
      parts: shows('answers') ? (feedback?.parts ?? {}) : {},
      solution: shows('answers') ? (feedback?.solution ?? null) : null,
      saysHtml: shows('feedback') ? await Promise.all((feedback?.says ?? []).map(htmlOf)) : [],
      explanationHtml: shows('feedback') && typeof question.explanation === 'string' ? await htmlOf(question.explanation) : null,
    };
  };

  const material = course === null ? null : await loadMaterial(reader, course);
  return {
    attempt: attemptLine(attempt, shownGrade, quiz?.title ?? null, places),
    courseTitle: course?.title ?? '',
    language,
    exam: quiz?.exam ?? false,
    result,
    disagrees: shows('score') && disagrees(attempt, grade),
    keptBack: kept,
    closesAt: instantOrNull(closing),
    late: grade?.late ?? false,
    before: shows('score') ? (grade?.history ?? []).map(({ score, maxScore, until }) => ({ score, maxScore, until })) : [],
    timing: context.person.marks.has(learnerId) ? (attempt.timing ?? null) : null,
    needsReview: grade !== null && grade.needsReview !== null,
    questions: await Promise.all(paper.map(resultOf)),
    feedback: feedbackLines(feedback.filter(({ aboutId }) => aboutId === attemptId)),
    next: material === null ? null : nextStep(material, progressIn(material, work)),
  };
}

/** What a learner, or who looks with them, is not shown now. Whoever marks the work sees all of it. */
async function keptBackOf(context: ViewContext, quiz: DocumentOf<'quiz'>, learnerId: string): Promise<Partial<Record<Reviewed, KeptBack>>> {
  if (context.person.marks.has(learnerId) || quiz.review === undefined) return {};
  const moment = await reviewMoment(context, quiz, learnerId);
  const kept: Partial<Record<Reviewed, KeptBack>> = {};
  for (const what of ['score', 'answers', 'feedback'] as const) {
    const why = keptBack(quiz, what, moment);
    if (why !== null) kept[what] = why;
  }
  return kept;
}

/** The questions that an attempt was asked, as they are corrected now. */
async function paperOf({ reader }: ViewContext, quiz: DocumentOf<'quiz'>, { seed, courseId, quizId }: DocumentOf<'attempt'>) {
  const all = await reader.all(partitionId('course', courseId), 'quiz');
  const versions = all.filter((each) => each.quizId === quizId).map((each) => ({ quiz: each, keys: undefined }));
  const { questions } = drawPaper(quiz, seed ?? null);
  const { questions: corrected } = correctedPaper({ version: quiz.version, questions, keys: undefined }, versions);
  return questions.map((question) => corrected.find(({ id }) => id === question.id) ?? question);
}

function questionResult(result: GradeResult, questionId: string): GradeResult['questions'][string] | null {
  return Object.hasOwn(result.questions, questionId) ? (result.questions[questionId] ?? null) : null;
}
