import type { Question } from '@darasa/shared/rules';
import type { Language, QuestionView } from '../api.ts';
import type { MarkdownRenderer } from '../markdown/render.ts';

/** A question as a learner sees it before answering. The key and the explanation stay behind. */
export async function questionView(question: Question, language: Language, markdown: MarkdownRenderer): Promise<QuestionView> {
  const prompt = await markdown.block(question.prompt, { language });
  const options = question.kind === 'single' || question.kind === 'multiple' ? question.options : [];
  return {
    id: question.id,
    kind: question.kind,
    points: question.points,
    promptHtml: prompt.html,
    spoken: prompt.spoken,
    options: await Promise.all(options.map(async ({ id, text }) => ({ id, html: (await markdown.inline(text, { language })).html }))),
    unit: question.kind === 'numeric' ? (question.unit ?? null) : null,
  };
}

/** The right answer in words; null where the question carries no key. True and false are left to the screen's language. */
export async function solutionHtml(question: Question, language: Language, markdown: MarkdownRenderer): Promise<string | null> {
  const inline = async (text: string): Promise<string> => (await markdown.inline(text, { language })).html;
  switch (question.kind) {
    case 'single':
      return optionsHtml(question.options, question.key === undefined ? null : [question.key.option], inline);
    case 'multiple':
      return optionsHtml(question.options, question.key?.options ?? null, inline);
    case 'true-false':
      return question.key === undefined ? null : TRUTH[language][question.key.value ? 'yes' : 'no'];
    case 'numeric':
      return question.key === undefined ? null : inline([String(question.key.value), question.unit ?? ''].join(' ').trim());
    case 'short-text':
      return question.key?.accepted[0] === undefined ? null : inline(question.key.accepted[0]);
    default:
      return question satisfies never;
  }
}

const TRUTH = {
  en: { yes: 'True', no: 'False' },
  sw: { yes: 'Kweli', no: 'Si kweli' },
  ar: { yes: 'صحيح', no: 'خطأ' },
} as const;

async function optionsHtml(
  options: readonly { readonly id: string; readonly text: string }[],
  right: readonly string[] | null,
  inline: (text: string) => Promise<string>,
): Promise<string | null> {
  if (right === null) return null;
  const texts = await Promise.all(options.filter(({ id }) => right.includes(id)).map(({ text }) => inline(text)));
  const [first, ...more] = texts;
  return more.length === 0 ? (first ?? null) : `<ul>${texts.map((text) => `<li>${text}</li>`).join('')}</ul>`;
}
