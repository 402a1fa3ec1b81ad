import type { DocumentOf } from '@darasa/shared/documents';

type Attempt = DocumentOf<'attempt'>;

/** What the grading worker does. */
export interface GradingApi {
  /** The device's own grade of the answers; null where the quiz carries no keys, as in an exam. */
  grade(quiz: DocumentOf<'quiz'>, answers: Attempt['answers']): Promise<Attempt['provisional']>;
}
