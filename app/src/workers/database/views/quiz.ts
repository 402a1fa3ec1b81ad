import { courseCardId, type DocumentOf, outlineId, quizId as quizDocId } from '@darasa/shared/documents';
import type { QuizView } from '../api.ts';
import { attemptLines } from './attempt-line.ts';
import type { ViewContext } from './context.ts';
import { loadMaterial, loadWork, outlineItems } from './learning.ts';
import { questionView } from './question-view.ts';

/** The version of a quiz that an attempt begun now would take; null when the outline has no such quiz. */
export function currentVersion(outline: DocumentOf<'outline'> | null, quizId: string): number | null {
  const item = outlineItems(outline).find(({ kind, id }) => kind === 'quiz' && id === quizId);
  return item?.kind === 'quiz' ? item.version : null;
}

/** The quiz as it is taken: the version pinned by the attempt in hand, else the current one. */
export async function loadQuiz({ courseId, quizId }: { courseId: string; quizId: string }, context: ViewContext): Promise<QuizView | null> {
  const { reader, person, markdown } = context;
  const [course, outline, open, places] = await Promise.all([
    reader.one(courseCardId(courseId), 'course'),
    reader.one(outlineId(courseId), 'outline'),
    context.openAttempt(courseId, quizId),
    context.places(),
  ]);
  const version = open?.version ?? currentVersion(outline, quizId);
  if (course === null || version === null) return null;
  const quiz = await reader.one(quizDocId(courseId, quizId, version), 'quiz');
  if (quiz === null) return null;
  const { title, exam, passingScore } = quiz;
  const { language } = course;
  const [work, material, questions] = await Promise.all([
    loadWork(reader, person.id),
    loadMaterial(reader, course),
    Promise.all(quiz.questions.map((question) => questionView(question, { language, figures: quiz.figures, markdown }))),
  ]);
  const own = { ...work, attempts: work.attempts.filter((each) => each.courseId === courseId && each.quizId === quizId) };
  return {
    courseId,
    courseTitle: course.title,
    quizId,
    version,
    title,
    language,
    exam,
    passingScore,
    questions,
    open: open === null ? null : { startedAt: open.startedAt, answers: open.answers, flagged: open.flagged, at: open.at },
    attempts: attemptLines(own, [material], places),
  };
}
