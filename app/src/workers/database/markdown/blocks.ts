import type { MarkdownIt } from 'markdown-it';
import container from 'markdown-it-container';
import type { Language } from '../api.ts';
import type { RenderMath } from './math.ts';

/** The blocks that lessons are written with, and what they are called where a lesson gives one no title. */
const TITLES = {
  example: { en: 'Worked example', sw: 'Mfano', ar: 'مثال محلول' },
  try: { en: 'Try it', sw: 'Jaribu', ar: 'جرّب' },
  note: { en: 'Keep in mind', sw: 'Kumbuka', ar: 'تذكّر' },
  solution: { en: 'Solution', sw: 'Suluhisho', ar: 'الحل' },
} as const satisfies Record<string, Record<Language, string>>;

/** What a rendering depends on besides the text: markdown-it hands it to every rule as its `env`. */
export type RenderSettings = {
  readonly language: Language;
  readonly math: RenderMath | null;
  /** SVG text by name. */
  readonly figures: Readonly<Record<string, string>>;
  /** How deep in blocks of Arabic the renderer is: there nothing needs isolating. */
  arabicDepth: number;
};

/** The settings of a rendering. The renderer is never called with another env. */
export function settingsOf(env: unknown): RenderSettings {
  return env as RenderSettings;
}

export function blocksPlugin(md: MarkdownIt): void {
  for (const [name, titles] of Object.entries(TITLES)) {
    md.use(container, name, {
      render(tokens, index, _options, env): string {
        const token = tokens[index];
        const solution = name === 'solution';
        if (token?.nesting !== 1) return solution ? '</details>\n' : '</div>\n';
        const settings = settingsOf(env);
        const given = token.info.trim().slice(name.length).trim();
        const title = given === '' ? md.utils.escapeHtml(titles[settings.language]) : md.renderInline(given, settings);
        return solution
          ? `<details class="block block-solution"><summary>${title}</summary>\n`
          : `<div class="block block-${name}"><p class="block-title">${title}</p>\n`;
      },
    });
  }
  md.use(container, 'arabic', {
    render(tokens, index, _options, env): string {
      const opening = tokens[index]?.nesting === 1;
      settingsOf(env).arabicDepth += opening ? 1 : -1;
      return opening ? '<div class="block block-arabic" lang="ar" dir="rtl">\n' : '</div>\n';
    },
  });
}
