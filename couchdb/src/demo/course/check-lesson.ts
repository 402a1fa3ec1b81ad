import type { Report } from './problem.ts';

/** The text of a lesson, line by line, with what is not prose (code, formulas) blanked so that its signs are not read as marks. */
interface Prose {
  readonly lines: readonly string[];
}

const FENCE = /^\s{0,3}(`{3,}|~{3,})\s*(\S*)/;

function proseOf(body: string, report: Report): Prose {
  let fence: string | null = null;
  let display = false;
  const lines = body.split(/\r?\n/).map((line) => {
    const [, marks, language] = FENCE.exec(line) ?? [];
    if (fence !== null) {
      if (marks?.startsWith(fence) === true && language === '') fence = null;
      return '';
    }
    if (marks !== undefined) {
      fence = marks;
      if (language === '') report('a code block names its language');
      return '';
    }
    if (line.trim() === '$$') {
      display = !display;
      return '';
    }
    return display
      ? ''
      : line
          .replace(/`[^`]*`/g, '')
          .replace(/\$\$[^$]+\$\$/g, '')
          .replace(/(?<!\\)\$[^$]+\$/g, '');
  });
  if (fence !== null) report('a code block is closed');
  if (display) report('a formula between lines of $$ is closed');
  return { lines };
}

const FIGURE = /^!\[([^\]]+)\]\(figure:([a-z0-9-]+\.svg) "([^"]+)"\)$/;

/** Checks the body of a lesson against `demo/README.md`; answers the names of the figures that it shows. */
export function checkLesson(body: string, report: Report): readonly string[] {
  const prose = proseOf(body, report);
  if (!/\S/.test(body)) report('a lesson has a text');
  checkBlocks(prose, report);
  const figures: string[] = [];
  prose.lines.forEach((line, i) => {
    // `<https://…>` is CommonMark's own way to write an address, not HTML.
    if (/<(?!https?:)[a-z/!?]/i.test(line)) report(`no raw HTML: ${line.trim().slice(0, 60)}`);
    if (!line.includes('](figure:') && !/!\[/.test(line)) return;
    const [, description = '', name, caption = ''] = FIGURE.exec(line.trim()) ?? [];
    const alone = [prose.lines[i - 1], prose.lines[i + 1]].every((beside) => beside === undefined || /^\s*(?::{3,}.*)?$/.test(beside));
    if (name === undefined || !alone)
      report(`a figure stands alone in a paragraph as ![description](figure:name.svg "Caption"): ${line.trim().slice(0, 60)}`);
    else if (!/\S/.test(description) || !/\S/.test(caption)) report(`a figure has a description and a caption: ${name}`);
    if (name !== undefined) figures.push(name);
  });
  return [...new Set(figures)];
}

const BLOCKS: Readonly<Record<string, { readonly titled: boolean }>> = {
  example: { titled: true },
  try: { titled: true },
  note: { titled: true },
  solution: { titled: false },
  arabic: { titled: false },
};

/** Blocks close in the order in which they opened, an outer one with more colons than what it holds. */
function checkBlocks({ lines }: Prose, report: Report): void {
  const open: { readonly name: string; readonly colons: number }[] = [];
  for (const line of lines) {
    const [, colons, name = '', title = ''] = /^(:{3,})\s*(\S*)\s*(.*)$/.exec(line.trim()) ?? [];
    if (colons === undefined) continue;
    const inner = open.at(-1);
    if (name === '') {
      if (inner === undefined) report('a ::: closes a block');
      else if (inner.colons !== colons.length) report(`the block ${inner.name} closes with ${inner.colons} colons`);
      open.pop();
      continue;
    }
    const kind = Object.entries(BLOCKS).find(([known]) => known === name)?.[1];
    if (kind === undefined) report(`a block is one of ${Object.keys(BLOCKS).join(', ')}: ${name} is none`);
    else if (kind.titled && title === '') report(`the block ${name} has a title`);
    if (inner !== undefined && inner.colons <= colons.length) report(`an outer block has more colons than what it holds: ${inner.name}`);
    if (name === 'solution' && inner?.name !== 'try') report('a solution stands within try');
    open.push({ name, colons: colons.length });
  }
  for (const { name } of open) report(`the block ${name} is closed`);
}
