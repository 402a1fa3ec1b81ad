import {
  cutAtGaps,
  isKnownQuestion,
  type NewerQuestion,
  type Question,
  type QuestionKindName,
  type QuestionOf,
} from '@darasa/shared/questions';
import type { Language, OptionView, QuestionBodies, QuestionView } from '../api.ts';
import { figureAddress } from '../markdown/figures.ts';
import type { MarkdownRenderer } from '../markdown/render.ts';

/** What the texts of a quiz are rendered with. */
export interface QuizTexts {
  readonly language: Language;
  readonly figures?: Readonly<Record<string, string>> | undefined;
  readonly markdown: MarkdownRenderer;
}

type BodyOf = { readonly [Kind in QuestionKindName]: (question: QuestionOf<Kind>, texts: QuizTexts) => Promise<QuestionBodies[Kind]> };

/** Every kind of question and what it shows beyond its prompt. */
const bodies: BodyOf = {
  single: async ({ options }, texts) => ({ options: await optionViews(options, texts) }),
  multiple: async ({ options }, texts) => ({ options: await optionViews(options, texts) }),
  'true-false': async () => ({}),
  numeric: async ({ unit, units }) => ({
    unit: units === 'required' ? null : (unit ?? null),
    anyUnit: units === 'any' || units === 'required',
  }),
  'short-text': async () => ({}),
  cloze: async ({ text, gaps }, texts) => ({
    paragraphs: await Promise.all(text.split(/\n\s*\n/).map((paragraph) => piecesOf(paragraph, texts))),
    gaps: await Promise.all(
      gaps.map(async ({ id, options }) => ({ id, options: options === undefined ? null : await optionViews(options, texts) })),
    ),
  }),
  ordering: async ({ items }, texts) => ({ items: await optionViews(items, texts) }),
  matching: async ({ items, choices }, texts) => ({ items: await optionViews(items, texts), choices: await optionViews(choices, texts) }),
  hotspot: async ({ figure, description, places = [] }, { figures = {} }) => ({
    picture: figureAddress(figures, figure),
    description,
    places: places.map(({ id, label, x, y }) => ({ id, label, x, y })),
  }),
  essay: async ({ minWords, maxWords }) => ({ minWords: minWords ?? null, maxWords: maxWords ?? null }),
  file: async ({ accept }) => ({ accept: accept ?? 'photos' }),
};

/** A question as a learner sees it before answering. The key and the explanation stay behind. */
export async function questionView(question: Question | NewerQuestion, texts: QuizTexts): Promise<QuestionView> {
  const { id, points } = question;
  const { html: promptHtml, spoken } = await block(question.prompt, texts);
  if (!isKnownQuestion(question)) return { kind: 'newer', id, points, promptHtml, spoken, hintsHtml: [] };
  const hintsHtml = await Promise.all((question.hints ?? []).map(async (hint) => (await block(hint, texts)).html));
  // The record pairs each kind with its own body; TypeScript cannot follow that through an index by a union.
  const bodyOf = bodies[question.kind] as (question: Question, texts: QuizTexts) => Promise<object>;
  return { kind: question.kind, id, points, promptHtml, spoken, hintsHtml, ...(await bodyOf(question, texts)) } as QuestionView;
}

/** Markdown with the quiz's figures. */
export function block(text: string, { markdown, language, figures }: QuizTexts): Promise<{ html: string; spoken: string }> {
  return markdown.block(text, { language, ...(figures === undefined ? {} : { figures }) });
}

function optionViews(options: readonly { readonly id: string; readonly text: string }[], texts: QuizTexts): Promise<OptionView[]> {
  const { markdown, language, figures = {} } = texts;
  return Promise.all(
    options.map(async ({ id, text }) => {
      const { html, spoken } = await markdown.inline(text, { language, figures });
      return { id, html, plain: spoken };
    }),
  );
}

function piecesOf(paragraph: string, { markdown, language, figures = {} }: QuizTexts) {
  return Promise.all(
    cutAtGaps(paragraph).map(async (piece, i) =>
      i % 2 === 1 ? { gap: piece } : { html: (await markdown.inline(piece, { language, figures })).html },
    ),
  );
}
