import markdownIt, { type MarkdownIt, type Token } from 'markdown-it';
import type { Language } from '../api.ts';
import { isolateArabic } from './arabic.ts';
import { blocksPlugin, type RenderSettings, settingsOf } from './blocks.ts';
import { figureName, figuresPlugin } from './figures.ts';
import { loadMath, mathPlugin, mayHaveMath, spokenMath } from './math.ts';
import { plainText } from './plain-text.ts';

/** A text made ready for a screen. */
export interface Rendered {
  /** Safe to insert: no tag or attribute of it comes from the text itself. */
  readonly html: string;
  readonly spoken: string;
}

export interface TextSettings {
  readonly language: Language;
  readonly figures?: Readonly<Record<string, string>>;
}

export interface MarkdownRenderer {
  /** Paragraphs, headings, blocks: a lesson, a prompt, an explanation. */
  block(text: string, settings: TextSettings): Promise<Rendered>;
  /** One line: an answer's text. */
  inline(text: string, settings: TextSettings): Promise<Rendered>;
}

/** Links lead to pages and mail, and to places in the text; `figure:` is for images alone. Everything else stays text. */
const SAFE_LINK = /^(?:https?:\/\/|mailto:|#)/i;

/** The page's title is its only h1; a lesson's highest heading comes next, whatever its author began with. */
function lowerHeadings(tokens: readonly Token[]): void {
  const headings = tokens.filter(({ type }) => type === 'heading_open' || type === 'heading_close');
  const highest = Math.min(...headings.map(({ tag }) => Number(tag.slice(1))));
  for (const token of headings) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) - highest + 2)}`;
}

/** markdown-it aligns cells by a style attribute, which a strict content security policy would not apply. */
function alignByClass(token: Token | undefined): void {
  const align = /text-align:(\w+)/.exec(String(token?.attrGet('style') ?? ''))?.[1];
  if (token === undefined || align === undefined) return;
  token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style');
  token.attrJoin('class', `align-${align}`);
}

/** A corner of a table is no header of anything: an empty header cell becomes a plain one. */
function plainCorners(tokens: readonly Token[]): void {
  tokens.forEach((token, index) => {
    const [content, close] = [tokens[index + 1], tokens[index + 2]];
    if (token.type !== 'th_open' || content?.content.trim() !== '' || close?.type !== 'th_close') return;
    token.tag = 'td';
    close.tag = 'td';
  });
}

function build(): MarkdownIt {
  const md = markdownIt({ html: false, linkify: false, typographer: false });
  md.use(mathPlugin).use(figuresPlugin).use(blocksPlugin);
  md.validateLink = (url) => SAFE_LINK.test(url.trim()) || figureName(url) !== null;
  md.core.ruler.push('headings', (state) => lowerHeadings(state.tokens));
  md.core.ruler.push('corners', (state) => plainCorners(state.tokens));

  const { rules } = md.renderer;
  const tex = (content: string, display: boolean, env: unknown): string => {
    const math = settingsOf(env).math?.(content, display) ?? null;
    if (math === null) return `<code>${md.utils.escapeHtml(content)}</code>`;
    // For reading aloud: what stands between the tags of a fraction is its two numbers, one after the other.
    return math.replace('<math', () => `<math alttext="${md.utils.escapeHtml(spokenMath(content))}"`);
  };
  rules['math_inline'] = (tokens, index, _options, env) => tex(tokens[index]?.content ?? '', false, env);
  rules['math_block'] = (tokens, index, _options, env) =>
    `<div class="math" tabindex="0">${tex(tokens[index]?.content ?? '', true, env)}</div>\n`;
  rules['text'] = (tokens, index, _options, env) => {
    const escaped = md.utils.escapeHtml(tokens[index]?.content ?? '');
    const { arabicDepth, language } = settingsOf(env);
    return arabicDepth > 0 || language === 'ar' ? escaped : isolateArabic(escaped);
  };
  rules['table_open'] = () => '<div class="table-scroll" tabindex="0"><table>\n';
  rules['table_close'] = () => '</table></div>\n';
  for (const cell of ['th_open', 'td_open']) {
    rules[cell] = (tokens, index, options, _env, renderer) => {
      alignByClass(tokens[index]);
      return renderer.renderToken(tokens, index, options);
    };
  }
  rules['link_open'] = (tokens, index, options, _env, renderer) => {
    const token = tokens[index];
    const href = String(token?.attrGet('href') ?? '');
    if (token !== undefined && !SAFE_LINK.test(href)) token.attrs = null;
    else if (!href.startsWith('#')) {
      token?.attrSet('rel', 'noopener noreferrer');
      token?.attrSet('target', '_blank');
    }
    return renderer.renderToken(tokens, index, options);
  };
  return md;
}

/** Makes HTML of Markdown as lessons are written in it. */
export function createRenderer(): MarkdownRenderer {
  const md = build();
  const settingsFor = async (text: string, { language, figures = {} }: TextSettings): Promise<RenderSettings> => ({
    language,
    figures,
    math: mayHaveMath(text) ? await loadMath() : null,
    arabicDepth: 0,
  });
  return {
    async block(text, settings) {
      const env = await settingsFor(text, settings);
      const tokens = md.parse(text, env);
      return { html: md.renderer.render(tokens, md.options, env), spoken: plainText(tokens) };
    },
    async inline(text, settings) {
      const env = await settingsFor(text, settings);
      const tokens = md.parseInline(text, env);
      return { html: md.renderer.render(tokens, md.options, env), spoken: plainText(tokens) };
    },
  };
}
