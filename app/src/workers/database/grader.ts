import type { DocumentOf } from '@darasa/shared/documents';
import { gradeQuiz, questionsWithoutKey } from '@darasa/shared/rules';
import { wrap } from 'comlink';
import type { GradingApi } from '../grading/api.ts';
import type { Environment } from './environment.ts';

type Attempt = DocumentOf<'attempt'>;

export type Grade = (quiz: DocumentOf<'quiz'>, answers: Attempt['answers']) => Promise<Attempt['provisional']>;

/** Grades here, in this worker: always right, and for a moment nothing else is done. */
export const gradeHere: Grade = async ({ questions, passingScore }, answers) =>
  questionsWithoutKey({ questions }).length > 0 ? null : gradeQuiz({ questions, answers, passingScore });

const PATIENCE_MS = 3_000;

/** Grades in the grading worker, and here when that one gives no answer: the learner waits for neither. */
export function gradeThrough(port: MessagePort, environment: Pick<Environment, 'after'>): Grade {
  const remote = wrap<GradingApi>(port);
  return async (quiz, answers) => {
    let stop = (): void => undefined;
    const tooLate = new Promise<'late'>((resolve) => {
      stop = environment.after(PATIENCE_MS, () => resolve('late'));
    });
    try {
      const grade = await Promise.race([remote.grade(quiz, answers), tooLate]);
      return grade === 'late' ? await gradeHere(quiz, answers) : grade;
    } catch {
      // The worker crashed, and told the page. The same rules are here.
      return await gradeHere(quiz, answers);
    } finally {
      stop();
    }
  };
}
