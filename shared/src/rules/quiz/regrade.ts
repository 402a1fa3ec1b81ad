import { canonicalJson } from '../../documents/digest.ts';
import type { DocumentOf } from '../../documents/registry.ts';
import { gradeQuiz } from '../grading/grade-quiz.ts';
import { scoreOf } from '../progress/best-grades.ts';
import { correctedPaper, type QuizVersion } from './corrections.ts';
import { drawPaper } from './paper.ts';

type Attempt = Pick<DocumentOf<'attempt'>, 'learnerId' | 'quizVersion' | 'seed' | 'answers'>;

/** A version as an attempt was taken at it. */
export interface TakenVersion extends QuizVersion {
  readonly quiz: DocumentOf<'quiz'>;
}

/** What a new version would change of attempts at earlier ones. Scores are shares, from 0 to 1. */
export interface RegradeEffect {
  readonly attempts: number;
  readonly learners: number;
  /** Learners whose grade becomes another. */
  readonly changed: number;
  readonly before: number;
  readonly after: number;
  readonly passedBefore: number;
  readonly passedAfter: number;
}

/**
 * What becomes of the attempts that are known here when a version with its corrections is published. `versions`: all there are
 * before it. Attempts at versions that are not here are left out.
 */
export function regradeEffect(attempts: readonly Attempt[], versions: readonly TakenVersion[], next: QuizVersion): RegradeEffect {
  const lines = attempts.flatMap(({ learnerId, quizVersion, seed, answers }) => {
    const taken = versions.find(({ quiz }) => quiz.version === quizVersion);
    if (taken === undefined) return [];
    const paper = { version: quizVersion, questions: drawPaper(taken.quiz, seed ?? null).questions, keys: taken.keys };
    const grade = (known: readonly QuizVersion[]) =>
      gradeQuiz({ ...correctedPaper(paper, known), answers, passingScore: taken.quiz.passingScore });
    return [{ learnerId, before: grade(versions), after: grade([...versions, next]) }];
  });
  const mean = (shares: readonly number[]): number =>
    shares.length === 0 ? 0 : shares.reduce((sum, each) => sum + each, 0) / shares.length;
  const other = lines.filter(({ before, after }) => before.score !== after.score || before.maxScore !== after.maxScore);
  return {
    attempts: lines.length,
    learners: new Set(lines.map(({ learnerId }) => learnerId)).size,
    changed: new Set(other.map(({ learnerId }) => learnerId)).size,
    before: mean(lines.map(({ before }) => scoreOf(before))),
    after: mean(lines.map(({ after }) => scoreOf(after))),
    passedBefore: lines.filter(({ before }) => before.passed).length,
    passedAfter: lines.filter(({ after }) => after.passed).length,
  };
}

/** The questions of an earlier version that the next one asks or keys otherwise, or no longer has. */
export function changedQuestions(before: QuizVersion, next: QuizVersion): readonly string[] {
  const solved = ({ quiz, keys }: QuizVersion, id: string): string | null => {
    const question = quiz.questions.find((each) => each.id === id);
    return question === undefined ? null : canonicalJson({ ...question, explanation: undefined, key: keys?.[id] ?? question['key'] });
  };
  return before.quiz.questions.map(({ id }) => id).filter((id) => solved(before, id) !== solved(next, id));
}
