import { type DocumentOf, documentTypes, newGrade } from '@darasa/shared/documents';
import { gradeQuiz, gradesAgree, questionsWithoutKey, sealedResult } from '@darasa/shared/rules';
import * as v from 'valibot';

/** What is known of an attempt when it is graded. Documents as they were stored; null where there is none. */
export interface AttemptToGrade {
  readonly attempt: DocumentOf<'attempt'>;
  readonly quiz: unknown;
  readonly answerKey: unknown;
  /** Whether the learner's account may read the course. */
  readonly mayRead: boolean;
  /** The attempt that is graded of an exam: the learner's first. Null for a quiz that may be taken again. */
  readonly sitting: string | null;
  /** As `Date.prototype.toISOString` writes it. */
  readonly createdAt: string;
}

/**
 * The server's word on an attempt: a grade, or the reason why a person has to look at it.
 *
 * A grade must not tell the answers of an exam. So an exam is graded once, and its grade is sealed (`sealedResult`).
 */
export function gradeAttempt({ attempt, quiz, answerKey, mayRead, sitting, createdAt }: AttemptToGrade): DocumentOf<'grade'> {
  const origin = { attempt, deviceId: 'server', createdAt };
  const paper = v.safeParse(documentTypes.quiz.schema, quiz);
  if (!paper.success || !mayRead) return newGrade({ ...origin, result: null, agrees: null, needsReview: 'unknown-quiz' });

  const { questions, passingScore } = paper.output;
  const sealed = v.safeParse(documentTypes['answer-key'].schema, answerKey);
  const keys = sealed.success ? sealed.output.keys : undefined;
  if (questionsWithoutKey({ questions, keys }).length > 0)
    return newGrade({ ...origin, result: null, agrees: null, needsReview: 'no-key' });

  const result = gradeQuiz({ questions, keys, answers: attempt.answers, passingScore });
  if (paper.output.exam) {
    if (sitting !== attempt._id) return newGrade({ ...origin, result: null, agrees: null, needsReview: 'already-sat' });
    return newGrade({ ...origin, result: sealedResult(result), agrees: null, needsReview: null });
  }
  const agrees = attempt.provisional === null ? null : gradesAgree(attempt.provisional, result);
  return newGrade({ ...origin, result, agrees, needsReview: null });
}
