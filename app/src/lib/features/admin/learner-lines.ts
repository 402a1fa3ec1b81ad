import type { LearnerLine } from '@darasa/shared/protocol';

/** A line with where it stands in the text, counted from 1. */
export interface PlacedLine extends LearnerLine {
  readonly row: number;
}

/** In the order in which they are looked for: a spreadsheet that is pasted has tabs, and commas in its names. */
const SEPARATORS = ['\t', ';', '،', ','];

/** First cells that are a heading and nobody's name, in the languages of the app. */
const HEADINGS = new Set([
  'name',
  'names',
  'full name',
  'learner',
  'jina',
  'jina kamili',
  'mwanafunzi',
  'الاسم',
  'اسم',
  'الاسم الكامل',
  'المتعلم',
]);

/** The learners of a pasted list or a CSV file: name, class, sign-in name, separated as the first line separates them. */
export function learnerLines(text: string): PlacedLine[] {
  const whole = text.replace(/^\uFEFF/, '');
  const first = whole.split(/\r?\n/).find((line) => line.trim() !== '') ?? '';
  const separator = SEPARATORS.find((each) => first.includes(each)) ?? ',';
  const filled = rows(whole, separator).filter(({ cells }) => cells.some((cell) => cell !== ''));
  const people = HEADINGS.has(filled[0]?.cells[0]?.toLowerCase() ?? '') ? filled.slice(1) : filled;
  return people.map(({ row, cells: [name = '', className = '', username = ''] }) => ({ row, name, className, username }));
}

/** Cells as CSV writes them: quotes around what holds separators or line breaks, two of them for one. Source: RFC 4180. */
function rows(text: string, separator: string): { row: number; cells: string[] }[] {
  const found: { row: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let row = 1;
  let began = 1;
  const endCell = (): void => {
    cells.push(cell.trim());
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    found.push({ row: began, cells });
    cells = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '\n') row += 1;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell.trim() === '') quoted = true;
    else if (sign === separator) endCell();
    else if (sign === '\n') {
      endRow();
      began = row;
    } else cell += sign;
  }
  endRow();
  return found;
}
