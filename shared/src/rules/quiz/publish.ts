import * as v from 'valibot';
import type { QuestionKey } from '../../documents/course.ts';
import type { DocumentOf } from '../../documents/registry.ts';
import { type Question, questionSchema } from '../../questions/schemas.ts';
import type { QuestionBody, QuizDraft } from '../edits/quiz-draft.ts';
import { questionProblems } from '../grading/question-problems.ts';

/**
 * What keeps a question from being asked, and at which field: `path` is as the body has it, with dots (`options.0.text`).
 * - `missing`: something has to be there. `wrong`: it is none of what may be there. `key`: what is right does not fit the question.
 */
export interface DraftProblem {
  readonly path: string;
  readonly what: 'missing' | 'wrong' | 'key';
}

const TEXTS: readonly string[] = ['prompt', 'text', 'label', 'description', 'figure'];
const empty = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** Texts that say nothing. */
function blanks(value: unknown, path: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => blanks(each, [...path, String(index)]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    TEXTS.includes(name) && empty(each) ? [[...path, name].join('.')] : blanks(each, [...path, name]),
  );
}

/** The question that a body is, as far as it is one; with its key, also of an exam. */
export function questionOfBody(id: string, body: QuestionBody): v.SafeParseResult<typeof questionSchema> {
  return v.safeParse(questionSchema, { points: 1, ...body, id });
}

/** What keeps a question from being asked; empty when nothing does. */
export function bodyProblems(id: string, body: QuestionBody): readonly DraftProblem[] {
  const problems: DraftProblem[] = blanks({ prompt: '', ...body }, []).map((path) => ({ path, what: 'missing' as const }));
  const parsed = questionOfBody(id, body);
  if (!parsed.success) {
    for (const issue of parsed.issues) {
      const path = v.getDotPath(issue) ?? 'kind';
      if (!problems.some((each) => each.path === path)) problems.push({ path, what: empty(issue.input) ? 'missing' : 'wrong' });
    }
    return problems;
  }
  if (problems.length === 0 && questionProblems(parsed.output).length > 0) problems.push({ path: 'key', what: 'key' });
  return problems;
}

/** A problem of a quiz being written: of a question, of a section, or of the whole. */
export interface QuizProblem extends DraftProblem {
  readonly question?: string;
  readonly section?: string;
}

/** What keeps a quiz from being published. */
export function quizProblems(draft: QuizDraft): readonly QuizProblem[] {
  const problems: QuizProblem[] = [];
  const { opensAt, closesAt, review = {} } = draft.rules;
  if (draft.title.trim() === '') problems.push({ path: 'title', what: 'missing' });
  if (opensAt !== undefined && closesAt !== undefined && opensAt >= closesAt) problems.push({ path: 'closesAt', what: 'wrong' });
  if (closesAt === undefined && Object.values(review).includes('after-close')) problems.push({ path: 'closesAt', what: 'missing' });
  for (const { id, questions, rules } of draft.sections) {
    if (questions.length === 0) problems.push({ section: id, path: 'questions', what: 'missing' });
    if (rules.draw !== undefined && rules.draw > questions.length) problems.push({ section: id, path: 'draw', what: 'wrong' });
    // Who draws which question must not decide how many points there are.
    const worth = new Set(questions.map(({ body }) => body['points'] ?? 1));
    if (rules.draw !== undefined && rules.draw < questions.length && worth.size > 1)
      problems.push({ section: id, path: 'points', what: 'wrong' });
    for (const question of questions)
      for (const problem of bodyProblems(question.id, question.body)) problems.push({ ...problem, question: question.id });
  }
  return problems;
}

/** What a draft without problems is published as: the paper, and of an exam the keys apart. */
export function publishedQuiz(draft: QuizDraft): {
  readonly paper: Pick<DocumentOf<'quiz'>, 'title' | 'exam' | 'passingScore' | 'questions' | 'sections'> & QuizDraft['rules'];
  readonly keys: Readonly<Record<string, QuestionKey>>;
  readonly explanations: Readonly<Record<string, string>>;
} {
  const { title, exam, passingScore, rules } = draft;
  const keys: Record<string, QuestionKey> = {};
  const explanations: Record<string, string> = {};
  const questions = draft.sections
    .flatMap((section) => section.questions)
    .flatMap(({ id, body }): Question[] => {
      const parsed = questionOfBody(id, body);
      if (!parsed.success) return [];
      if (!exam) return [parsed.output];
      const { key, explanation, ...rest } = parsed.output;
      if (key !== undefined) keys[id] = { ...key };
      if (explanation !== undefined) explanations[id] = explanation;
      return [rest as Question]; // without its key it is a question all the same: of a paper
    });
  const sections = draft.sections.map(({ id, title: heading, rules: own, questions: asked }) => ({
    ...own,
    id,
    title: heading,
    questions: asked.map((question) => question.id),
  }));
  const [first] = sections;
  // One section that does nothing is none.
  const plain =
    sections.length === 1 && first !== undefined && first.title === '' && Object.keys(draft.sections[0]?.rules ?? {}).length === 0;
  return {
    paper: { ...rules, title: title.trim(), exam, passingScore, questions, ...(plain ? {} : { sections }) },
    keys,
    explanations,
  };
}
