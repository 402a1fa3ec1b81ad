import { questionProblems } from '@darasa/shared/rules';
import type { Report } from './problem.ts';
import type { SourceQuiz } from './source-schemas.ts';

/** What the schema cannot say of a quiz: ids are unique, and each question keeps the rules of its kind. */
export function checkQuiz(quiz: SourceQuiz, report: Report): void {
  for (const id of repeated(quiz.questions.map((question) => question.id))) report(`question ids are unique: ${id} is not`);
  for (const question of quiz.questions) for (const problem of questionProblems(question)) report(`${question.id}: ${problem}`);
}

/** The names of the figures that a quiz shows. */
export function figuresOf({ questions }: SourceQuiz): readonly string[] {
  const inTexts = [...JSON.stringify(questions).matchAll(/\(figure:([a-z0-9-]+\.svg)/g)].map(([, name = '']) => name);
  const pictures = questions.flatMap((question) => (question.kind === 'hotspot' ? [question.figure] : []));
  return [...new Set([...inTexts, ...pictures])];
}

export function repeated(ids: readonly string[]): Set<string> {
  return new Set(ids.filter((id, i) => ids.indexOf(id) !== i));
}
