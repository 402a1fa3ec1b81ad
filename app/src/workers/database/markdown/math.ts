import type { MarkdownIt } from 'markdown-it';

/** Makes MathML of TeX; null when it is not TeX. `display`: on lines of its own. */
export type RenderMath = (tex: string, display: boolean) => string | null;

/** Whether a text may have mathematics in it: without, the mathematics need not be loaded. */
export function mayHaveMath(text: string): boolean {
  return text.includes('$');
}

let loading: Promise<RenderMath> | null = null;

/** Loads Temml, once. It is larger than all the rest of the renderer. */
export function loadMath(): Promise<RenderMath> {
  loading ??= import('temml').then(
    ({ default: temml }): RenderMath =>
      (tex, display) => {
        try {
          // Nothing that could load or link (`trust`), and no endless macros.
          return temml.renderToString(tex, { displayMode: display, throwOnError: true, trust: false, maxExpand: 200 });
        } catch {
          // The author's slip: the reader sees what was written.
          return null;
        }
      },
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

const WHITESPACE = /\s/;
const DIGIT = /\d/;

/**
 * `$…$` in a line and `$$…$$` on lines of their own. A dollar before a space opens nothing and one before a digit closes
 * nothing, so that prices stay prices.
 */
export function mathPlugin(md: MarkdownIt): void {
  md.inline.ruler.after('escape', 'math', (state, silent) => {
    const { src, pos } = state;
    if (src[pos] !== '$' || src[pos + 1] === undefined || WHITESPACE.test(src[pos + 1] ?? '') || src[pos + 1] === '$') return false;
    let end = pos + 1;
    while (end < state.posMax && src[end] !== '$') end += src[end] === '\\' ? 2 : 1;
    if (end >= state.posMax || WHITESPACE.test(src[end - 1] ?? '') || DIGIT.test(src[end + 1] ?? '')) return false;
    if (!silent) state.push('math_inline', 'math', 0).content = src.slice(pos + 1, end);
    state.pos = end + 1;
    return true;
  });

  md.block.ruler.before(
    'fence',
    'math_block',
    (state, startLine, endLine, silent) => {
      const lineText = (line: number): string => state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
      const first = lineText(startLine).trim();
      if (!first.startsWith('$$')) return false;
      let content: string;
      let next = startLine + 1;
      if (first.length > 4 && first.endsWith('$$')) content = first.slice(2, -2);
      else {
        const lines = [first.slice(2)];
        while (next < endLine && !lineText(next).trim().endsWith('$$')) lines.push(lineText(next++));
        // Never closed: it is text.
        if (next >= endLine) return false;
        lines.push(lineText(next++).trim().slice(0, -2));
        content = lines.join('\n');
      }
      if (silent) return true;
      const token = state.push('math_block', 'math', 0);
      token.block = true;
      token.content = content.trim();
      token.map = [startLine, next];
      state.line = next;
      return true;
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  );
}

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/\{,\}/g, ','],
  [/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, '$1/$2'],
  [/\\[dt]?frac\s*(\d)\s*(\d)/g, '$1/$2'],
  [/\\sqrt\s*\{([^{}]*)\}/g, '√$1'],
  [/\\times/g, '×'],
  [/\\div/g, '÷'],
  [/\\cdot/g, '·'],
  [/\\leq?(?![a-z])/g, '≤'],
  [/\\geq?(?![a-z])/g, '≥'],
  [/\\neq/g, '≠'],
  [/\\approx/g, '≈'],
  [/\\pi/g, 'π'],
  [/\\%/g, '%'],
  [/\\(?:text|mathrm|mathbf)\s*\{([^{}]*)\}/g, '$1'],
  [/\\[a-zA-Z]+|[\\{}]/g, ' '],
];

/** Mathematics as a voice can read it, near enough. */
export function spokenMath(tex: string): string {
  return SIGNS.reduce((text, [pattern, sign]) => text.replace(pattern, sign), tex)
    .replace(/\s+/g, ' ')
    .trim();
}
