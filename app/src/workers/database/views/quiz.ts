import { courseCardId, type DocumentOf, outlineId, quizId as quizDocId } from '@darasa/shared/documents';
import { allowedMs, drawPaper, paperSize } from '@darasa/shared/rules';
import type { QuizSectionView, QuizView } from '../api.ts';
import type { OpenAttemptRow } from '../device-store.ts';
import { attemptLines } from './attempt-line.ts';
import type { ViewContext } from './context.ts';
import { loadMaterial, outlineItems } from './learning.ts';
import { questionView } from './question-view.ts';
import { instantOrNull, quizTerms } from './quiz-terms.ts';
import { loadShownWork } from './shown-work.ts';

/** The version of a quiz that an attempt begun now would take; null when the outline has no such quiz. */
export function currentVersion(outline: DocumentOf<'outline'> | null, quizId: string): number | null {
  const item = outlineItems(outline).find(({ kind, id }) => kind === 'quiz' && id === quizId);
  return item?.kind === 'quiz' ? item.version : null;
}

/** The quiz as it is taken: the version and the paper of the attempt in hand, else the current one. */
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
  const paper = drawPaper(quiz, open?.seed ?? null);
  const [work, material, questions, terms] = await Promise.all([
    loadShownWork(context),
    loadMaterial(reader, course),
    Promise.all(paper.questions.map((question) => questionView(question, { language, figures: quiz.figures, markdown }))),
    quizTerms(context, quiz, person.id),
  ]);
  const own = { ...work, attempts: work.attempts.filter((each) => each.courseId === courseId && each.quizId === quizId) };
  const { allowance, taken, standing } = terms;
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
    sections: sectionViews(open === null ? drawPaper(quiz, 'any').sections : (open.sections ?? paper.sections), allowance.extraTime),
    limitMs: allowedMs(quiz.seconds, allowance.extraTime),
    standing,
    opensAt: instantOrNull(allowance.opensAt),
    closesAt: instantOrNull(allowance.closesAt),
    attemptsAllowed: allowance.attempts,
    attemptsTaken: taken,
    size: paperSize(quiz),
    open: open === null ? null : { startedAt: open.startedAt, answers: open.answers, flagged: open.flagged, at: open.at },
    attempts: attemptLines(own, [material], places),
  };
}

function sectionViews(sections: NonNullable<OpenAttemptRow['sections']>, extraTime: number): readonly QuizSectionView[] {
  return sections.map(({ id, title, seconds, questionIds }) => ({ id, title, limitMs: allowedMs(seconds, extraTime), questionIds }));
}
