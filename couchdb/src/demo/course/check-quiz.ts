import type { Report } from './problem.ts';
import type { SourceQuestion, SourceQuiz } from './source-schemas.ts';

/** What the schema cannot say of a quiz: ids are unique and keys name options that are there. */
export function checkQuiz(quiz: SourceQuiz, report: Report): void {
  for (const id of repeated(quiz.questions.map((question) => question.id))) report(`question ids are unique: ${id} is not`);
  for (const question of quiz.questions) checkQuestion(question, (rule) => report(`${question.id}: ${rule}`));
}

function checkQuestion(question: SourceQuestion, report: Report): void {
  switch (question.kind) {
    case 'single':
    case 'multiple': {
      const ids = question.options.map((option) => option.id);
      for (const id of repeated(ids)) report(`option ids are unique: ${id} is not`);
      const keys = question.kind === 'single' ? [question.key.option] : question.key.options;
      for (const id of repeated(keys)) report(`the key names an option once: ${id} stands twice`);
      for (const id of keys) if (!ids.includes(id)) report(`the key names an option of the question: ${id} is none`);
      return;
    }
    case 'true-false':
    case 'numeric':
    case 'short-text':
      return;
    default:
      question satisfies never;
  }
}

export function repeated(ids: readonly string[]): Set<string> {
  return new Set(ids.filter((id, i) => ids.indexOf(id) !== i));
}
