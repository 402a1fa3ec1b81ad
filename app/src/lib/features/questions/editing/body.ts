import type { QuestionBody } from '@darasa/shared/rules';

/** What editors read of a question that is being written: anything in it may be missing, or be something else. */

export interface Row {
  readonly id: string;
  readonly text: string;
}

type Members = Readonly<Record<string, unknown>>;

export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function rowsOf(value: unknown): readonly Row[] {
  if (!Array.isArray(value)) return [];
  return value.map(membersOf).flatMap(({ id, text }) => (typeof id === 'string' ? [{ id, text: textOf(text) }] : []));
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The lines that say something. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** A number as it was typed, with a comma or a dot; what is none is kept as missing. */
export function numberOf(text: string): number | undefined {
  const number = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(number) ? undefined : number;
}

/** An id that none of these is: `a`, `b`, … */
export function freeId(taken: readonly string[]): string {
  for (let index = 0; ; index += 1) {
    const id = index < 26 ? String.fromCharCode(97 + index) : `x${index}`;
    if (!taken.includes(id)) return id;
  }
}

/** A body with other members; one that is undefined is left out. */
export function withMembers(body: QuestionBody, members: Members): QuestionBody {
  const all = Object.entries({ ...body, ...members }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(all), kind: body.kind };
}

/** A list with one item moved by a place. */
export function moved<Item>(items: readonly Item[], from: number, by: -1 | 1): Item[] {
  const next = [...items];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(Math.max(0, from + by), 0, item);
  return next;
}
