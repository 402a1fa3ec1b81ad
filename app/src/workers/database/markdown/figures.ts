import type { MarkdownIt, Token } from 'markdown-it';
import { isolateArabic } from './arabic.ts';
import { settingsOf } from './blocks.ts';

const FIGURE = /^figure:([\w.-]+)$/;

/** The name of the figure that an image's address means; null for any other address. */
export function figureName(src: string): string | null {
  return FIGURE.exec(src)?.[1] ?? null;
}

/**
 * The address of an image of a figure; null where there is none of this name. The SVG is in the address, where it can run no
 * script and load nothing.
 */
export function figureAddress(figures: Readonly<Record<string, string>>, name: string): string | null {
  const svg = Object.hasOwn(figures, name) ? figures[name] : undefined;
  return svg === undefined ? null : `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
}

/**
 * A figure alone in its paragraph stands as a figure with its caption; one in a line stays in the line. Images from elsewhere are not shown, only described:
 * a device with no network could not load them, and one with a network would tell a stranger who reads.
 */
export function figuresPlugin(md: MarkdownIt): void {
  md.core.ruler.push('figures', (state) => {
    const { tokens } = state;
    for (const [index, token] of tokens.entries()) {
      const [image, ...others] = token.children ?? [];
      if (token.type !== 'inline' || image?.type !== 'image' || others.length > 0) continue;
      if (figureName(String(image.attrGet('src'))) === null) continue;
      const [before, after] = [tokens[index - 1], tokens[index + 1]];
      if (before?.type !== 'paragraph_open' || after?.type !== 'paragraph_close') continue;
      before.tag = after.tag = 'figure';
      before.hidden = after.hidden = false;
      image.meta = { alone: true };
    }
  });

  md.renderer.rules['image'] = (tokens, index, _options, env) => {
    const token = tokens[index];
    if (token === undefined) return '';
    const { figures } = settingsOf(env);
    const { escapeHtml } = md.utils;
    const alt = altOf(token);
    const name = figureName(String(token.attrGet('src')));
    const address = name === null ? null : figureAddress(figures, name);
    if (address === null) return `<em class="missing-figure">${isolateArabic(escapeHtml(alt))}</em>`;
    const caption = String(token.attrGet('title') ?? '');
    const image = `<img src="${address}" alt="${escapeHtml(alt)}" loading="lazy" decoding="async">`;
    const alone: unknown = token.meta?.['alone'];
    return alone === true && caption !== '' ? `${image}<figcaption>${isolateArabic(escapeHtml(caption))}</figcaption>` : image;
  };
}

function altOf(token: Token): string {
  return (token.children ?? []).map(({ type, content }) => (type === 'softbreak' ? ' ' : content)).join('');
}
