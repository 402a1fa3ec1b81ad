import { contentDigest, type DocumentOf, documentTypes, newGrade } from '@darasa/shared/documents';
import {
  allowanceOf,
  correctedPaper,
  drawPaper,
  gradeQuiz,
  gradesAgree,
  isLate,
  type QuizVersion,
  questionsWithoutKey,
  sealedResult,
} from '@darasa/shared/rules';
import * as v from 'valibot';

/** A version of a quiz with its answer key, as they were stored. */
export interface StoredVersion {
  readonly quiz: unknown;
  readonly answerKey: unknown;
}

/** What is known of an attempt when it is graded. Documents as they were stored; null where there is none. */
export interface AttemptToGrade extends StoredVersion {
  readonly attempt: DocumentOf<'attempt'>;
  /** Other versions of the quiz: later ones may correct this one. */
  readonly versions: readonly StoredVersion[];
  /** Whether the learner's account may read the course. */
  readonly mayRead: boolean;
  /** Whether it is among the attempts that are allowed. */
  readonly counts: boolean;
  /** What teachers allow the learner in this quiz. */
  readonly exceptions: readonly DocumentOf<'exception'>[];
  /** The device's clock minus the school's, in milliseconds, as last heard. */
  readonly offsetMs: number;
  /** As `Date.prototype.toISOString` writes it. */
  readonly createdAt: string;
}

const keysOf = (answerKey: unknown): QuizVersion['keys'] => {
  const parsed = v.safeParse(documentTypes['answer-key'].schema, answerKey);
  return parsed.success ? parsed.output.keys : undefined;
};

/** Whether this is the quiz that was taken: two documents may bear one version where two authors published apart. */
function isTaken(attempt: DocumentOf<'attempt'>, quiz: DocumentOf<'quiz'>): boolean {
  return attempt.quizDigest === undefined || attempt.quizDigest === contentDigest(quiz);
}

/**
 * The server's word on an attempt: a grade, or the reason why a person has to look at it. The paper is drawn again by the attempt's
 * seed, and corrected by what later versions say of it.
 *
 * A grade must not tell the answers of an exam. So of an exam as many attempts are graded as it allows, and grades are sealed
 * (`sealedResult`).
 */
export function gradeAttempt({
  attempt,
  quiz,
  answerKey,
  versions,
  mayRead,
  counts,
  exceptions,
  offsetMs,
  createdAt,
}: AttemptToGrade): DocumentOf<'grade'> {
  const origin = { attempt, deviceId: 'server', createdAt };
  const none = { ...origin, result: null, agrees: null };
  const parsed = v.safeParse(documentTypes.quiz.schema, quiz);
  if (!parsed.success || !mayRead || !isTaken(attempt, parsed.output)) return newGrade({ ...none, needsReview: 'unknown-quiz' });

  const { passingScore, version, exam } = parsed.output;
  const keys = keysOf(answerKey);
  const paper = { version, questions: drawPaper(parsed.output, attempt.seed ?? null).questions, keys };
  const known = versions.flatMap((each): QuizVersion[] => {
    const other = v.safeParse(documentTypes.quiz.schema, each.quiz);
    return other.success ? [{ quiz: other.output, keys: keysOf(each.answerKey) }] : [];
  });
  const corrected = correctedPaper(paper, known);
  const awarded = corrected.awarded ?? [];
  if (questionsWithoutKey(corrected).some((id) => !awarded.includes(id))) return newGrade({ ...none, needsReview: 'no-key' });
  if (!counts) return newGrade({ ...none, needsReview: 'already-sat' });

  const { answers, provisional } = attempt;
  const result = gradeQuiz({ ...corrected, answers, passingScore });
  const late = isLate(allowanceOf(parsed.output, exceptions), attempt, attempt.timing?.offsetMs ?? offsetMs);
  const graded = { ...origin, needsReview: null, late, correctedBy: corrected.correctedBy };
  if (exam) return newGrade({ ...graded, result: sealedResult(result), agrees: null });
  // The device graded what it took, before any correction.
  const asTaken = corrected.correctedBy === null ? result : gradeQuiz({ ...paper, answers, passingScore });
  return newGrade({ ...graded, result, agrees: provisional === null ? null : gradesAgree(provisional, asTaken) });
}

/** Whether a new word says something else than the one that stands. */
export function saysElse(before: Readonly<Record<string, unknown>>, next: DocumentOf<'grade'>): boolean {
  return (
    before['needsReview'] !== next.needsReview ||
    (before['correctedBy'] ?? null) !== (next.correctedBy ?? null) ||
    (before['late'] ?? false) !== (next.late ?? false)
  );
}

/** The new word with what was said before it, where that was another result. `now`: as `toISOString` writes it. */
export function withHistory(before: Readonly<Record<string, unknown>>, next: DocumentOf<'grade'>, now: string): DocumentOf<'grade'> {
  const old = v.safeParse(documentTypes.grade.schema, before);
  if (!old.success) return next;
  const { result, history = [], correctedBy } = old.output;
  const same = result?.score === next.result?.score && result?.maxScore === next.result?.maxScore && result?.passed === next.result?.passed;
  const { score, maxScore, passed } = result ?? {};
  if (same || score === undefined || maxScore === undefined || passed === undefined)
    return history.length === 0 ? next : { ...next, history };
  const entry = { until: now, score, maxScore, passed, ...(correctedBy === undefined ? {} : { correctedBy }) };
  return { ...next, history: [...history, entry].slice(-100) };
}
