import { type Edits, itemName } from '../../documents/edits.ts';
import type { DocumentOf } from '../../documents/registry.ts';
import { baseEdits, keysFor } from './begin.ts';
import { arrange } from './lists.ts';
import { isRemoved, itemIds, itemsInOrder, shown, shownText } from './read.ts';
import { removeItem, type Stamp, setCell, writeCell } from './write.ts';

type Quiz = DocumentOf<'quiz'>;

/** A question being written, with its key in it. Anything but its kind may be missing. */
export type QuestionBody = Readonly<Record<string, unknown>> & { readonly kind: string };

export interface SectionRules {
  readonly draw?: number | undefined;
  readonly shuffle?: boolean | undefined;
  readonly seconds?: number | undefined;
}
export type QuizRules = Pick<Quiz, 'shuffleOptions' | 'seconds' | 'attempts' | 'opensAt' | 'closesAt' | 'review'>;

/** A quiz as its author sees it while it is written. */
export interface QuizDraft {
  readonly title: string;
  readonly exam: boolean;
  readonly passingScore: number;
  readonly rules: QuizRules;
  /** In order, each with its questions in order. */
  readonly sections: readonly {
    readonly id: string;
    readonly title: string;
    readonly rules: SectionRules;
    readonly questions: readonly { readonly id: string; readonly body: QuestionBody }[];
  }[];
}

const RULES = ['shuffleOptions', 'seconds', 'attempts', 'opensAt', 'closesAt', 'review'] as const;
const FIRST_SECTION = 's1';
const DEFAULT_PASSING_SCORE = 0.6;

function without(value: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name, each]) => !names.includes(name) && each !== undefined));
}

/** The cells of a quiz's draft, as it is published; the keys of an exam come from its answer key. */
export function quizDraftEdits(quiz: Quiz, answerKey: DocumentOf<'answer-key'> | null, authorId: string): Edits {
  const { title, exam, passingScore, questions, createdAt } = quiz;
  const rules = Object.fromEntries(RULES.flatMap((name) => (quiz[name] === undefined ? [] : [[name, quiz[name]]])));
  const values: Record<string, unknown> = { title, exam, passingScore, rules };
  const sections = quiz.sections ?? [{ id: FIRST_SECTION, title: '', questions: questions.map(({ id }) => id) }];
  const sectionKeys = keysFor(sections.length);
  for (const [index, section] of sections.entries()) {
    const item = itemName('section', section.id);
    values[`${item}.title`] = section.title;
    values[`${item}.order`] = sectionKeys[index];
    values[`${item}.rules`] = without(section, ['id', 'title', 'questions']);
    const questionKeys = keysFor(section.questions.length);
    for (const [place, id] of section.questions.entries()) {
      const question = questions.find((each) => each.id === id);
      if (question === undefined) continue;
      const key = answerKey?.keys[id];
      const explanation = answerKey?.explanations[id];
      const solved = { ...(key === undefined ? {} : { key }), ...(explanation === undefined ? {} : { explanation }) };
      values[`question.${id}.section`] = section.id;
      values[`question.${id}.order`] = questionKeys[place];
      values[`question.${id}.body`] = { ...without(question, ['id']), ...solved };
    }
  }
  return baseEdits(values, authorId, createdAt);
}

const isBody = (value: unknown): value is QuestionBody =>
  typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';

function record<Value extends object>(value: unknown): Value {
  // The schema of the document has checked the cell.
  return (typeof value === 'object' && value !== null ? value : {}) as Value;
}

/** What a draft shows. A question whose section was taken out stands in the first one: it would be nowhere. */
export function quizDraftOf(edits: Edits): QuizDraft {
  const sectionIds = itemsInOrder(edits, 'section').map(({ id }) => id);
  const ids = sectionIds.length === 0 ? [FIRST_SECTION] : sectionIds;
  const questions = itemsInOrder(edits, 'question').flatMap(({ id }) => {
    const body = shown(edits, `question.${id}.body`);
    const section = shownText(edits, `question.${id}.section`);
    return isBody(body) ? [{ id, body, section: ids.includes(section) ? section : (ids[0] ?? FIRST_SECTION) }] : [];
  });
  const passingScore = shown(edits, 'passingScore');
  return {
    title: shownText(edits, 'title'),
    exam: shown(edits, 'exam') === true,
    passingScore: typeof passingScore === 'number' ? passingScore : DEFAULT_PASSING_SCORE,
    rules: record<QuizRules>(shown(edits, 'rules')),
    sections: ids.map((id) => ({
      id,
      title: shownText(edits, `section.${id}.title`),
      rules: record<SectionRules>(shown(edits, `section.${id}.rules`)),
      questions: questions.filter(({ section }) => section === id).map(({ id: questionId, body }) => ({ id: questionId, body })),
    })),
  };
}

/** The questions that were taken out, with what they were. */
export function removedQuestions(edits: Edits): readonly { readonly id: string; readonly body: QuestionBody }[] {
  return itemIds(edits, 'question').flatMap((id) => {
    const body = shown(edits, `question.${id}.body`);
    return isRemoved(edits, `question.${id}`) && isBody(body) ? [{ id, body }] : [];
  });
}

/** A person saves the quiz that they made of what they saw: only what they changed is written, and what others wrote meanwhile stays. */
export function writeQuizDraft(edits: Edits, stamp: Stamp, saw: QuizDraft | null, values: QuizDraft): Edits {
  let next = edits;
  for (const name of ['title', 'exam', 'passingScore', 'rules'] as const) next = writeCell(next, stamp, name, values[name], saw?.[name]);
  const questionsOf = (draft: QuizDraft | null) =>
    (draft?.sections ?? []).flatMap((section) => section.questions.map((question) => ({ ...question, section: section.id })));
  const sections = new Map((saw?.sections ?? []).map((section) => [section.id, section]));
  for (const { id, title, rules } of values.sections) {
    next = writeCell(next, stamp, `${itemName('section', id)}.title`, title, sections.get(id)?.title);
    next = writeCell(next, stamp, `${itemName('section', id)}.rules`, rules, sections.get(id)?.rules);
  }
  const before = new Map(questionsOf(saw).map((question) => [question.id, question]));
  const after = questionsOf(values);
  for (const { id, body, section } of after) {
    next = writeCell(next, stamp, `${itemName('question', id)}.body`, body, before.get(id)?.body);
    if (before.get(id)?.section !== section) next = setCell(next, stamp, `${itemName('question', id)}.section`, section);
  }
  for (const id of before.keys()) if (!after.some((each) => each.id === id)) next = removeItem(next, stamp, itemName('question', id));
  for (const id of sections.keys())
    if (!values.sections.some((section) => section.id === id)) next = removeItem(next, stamp, itemName('section', id));
  next = reordered(
    next,
    stamp,
    'section',
    [...sections.keys()],
    values.sections.map(({ id }) => id),
  );
  return reordered(
    next,
    stamp,
    'question',
    [...before.keys()],
    after.map(({ id }) => id),
  );
}

function reordered(edits: Edits, stamp: Stamp, list: string, before: readonly string[], after: readonly string[]): Edits {
  return before.join() === after.join() ? edits : arrange(edits, stamp, list, after);
}
