import type { QuestionKey, Regrade } from '../../documents/course.ts';
import type { DocumentOf } from '../../documents/registry.ts';
import type { Keys, QuizToGrade } from '../grading/grade-quiz.ts';
import type { AnyQuestion } from './paper.ts';

/** A version of a quiz with its keys; an exam's stand apart. */
export interface QuizVersion {
  readonly quiz: Pick<DocumentOf<'quiz'>, 'version' | 'questions' | 'regrades'>;
  readonly keys: Keys;
}

export interface CorrectedPaper extends Pick<QuizToGrade, 'questions' | 'keys' | 'awarded'> {
  /** The latest version that corrects it; null where none does. */
  readonly correctedBy: number | null;
}

/**
 * The paper of an attempt at a version as it is graded now: with what later versions say of its questions. Of several that speak of
 * one question the latest holds. It is the same in whatever order they arrived.
 */
export function correctedPaper(
  paper: { readonly version: number; readonly questions: readonly AnyQuestion[]; readonly keys: Keys },
  versions: readonly QuizVersion[],
): CorrectedPaper {
  const found = new Map<string, { readonly how: Regrade['how']; readonly by: QuizVersion }>();
  for (const by of [...versions].sort((one, other) => one.quiz.version - other.quiz.version)) {
    if (by.quiz.version <= paper.version) continue;
    for (const { version, question, how } of by.quiz.regrades ?? []) if (version === paper.version) found.set(question, { how, by });
  }
  const questions: AnyQuestion[] = [];
  const keys: Record<string, QuestionKey> = { ...paper.keys };
  const awarded: string[] = [];
  let correctedBy: number | null = null;
  for (const question of paper.questions) {
    const correction = found.get(question.id);
    const now = correction?.by.quiz.questions.find(({ id }) => id === question.id);
    if (correction !== undefined) correctedBy = Math.max(correctedBy ?? 0, correction.by.quiz.version);
    if (correction?.how === 'nobody') continue;
    if (correction?.how === 'everyone') awarded.push(question.id);
    if (correction?.how !== 'key' || now === undefined) {
      questions.push(question);
      continue;
    }
    questions.push(now);
    const key = correction.by.keys?.[question.id];
    if (key !== undefined) keys[question.id] = key;
  }
  return { questions, keys: paper.keys === undefined && Object.keys(keys).length === 0 ? undefined : keys, awarded, correctedBy };
}
