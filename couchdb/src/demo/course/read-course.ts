import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { KEY_PATTERN } from '@darasa/shared/documents';
import * as v from 'valibot';
import { parse as parseYaml } from 'yaml';
import { checkFigure } from './check-figure.ts';
import { checkLesson } from './check-lesson.ts';
import { checkQuiz, figuresOf, repeated } from './check-quiz.ts';
import type { Problem } from './problem.ts';
import { type Card, cardSchema, type FrontMatter, frontMatterSchema, type SourceQuiz, sourceQuizSchema } from './source-schemas.ts';

export interface SourceLesson extends FrontMatter {
  readonly id: string;
  /** Markdown, without the front matter. */
  readonly body: string;
  /** SVG text by file name, those that the lesson shows. */
  readonly figures: Readonly<Record<string, string>>;
}

export interface QuizWithFigures extends SourceQuiz {
  /** SVG text by file name, those that the quiz shows. */
  readonly figures: Readonly<Record<string, string>>;
}

/** A course as its author wrote it, every rule of `demo/README.md` checked. */
export interface SourceCourse {
  readonly card: Card;
  readonly lessons: ReadonlyMap<string, SourceLesson>;
  readonly quizzes: ReadonlyMap<string, QuizWithFigures>;
}

export type ReadCourse =
  | { readonly ok: true; readonly course: SourceCourse }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a course's folder. Answers the course, or every rule that it breaks. Throws when the folder cannot be read. */
export async function readCourse(folder: string): Promise<ReadCourse> {
  const problems: Problem[] = [];
  const reporter = (file: string) => (rule: string) => void problems.push({ file, rule });
  const parseWith = <Schema extends v.GenericSchema>(schema: Schema, value: unknown, file: string): v.InferOutput<Schema> | null => {
    const parsed = v.safeParse(schema, value);
    if (parsed.success) return parsed.output;
    for (const issue of parsed.issues) reporter(file)(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
    return null;
  };

  for (const name of await readdir(folder)) {
    if (!['course.json', 'lessons', 'figures', 'quizzes'].includes(name))
      reporter(name)('a course has course.json, lessons, figures and quizzes');
  }
  const cardText = (await filesIn(folder, '', 'course.json'))[0]?.text;
  if (cardText === undefined) reporter('course.json')('a course has a course.json');
  const card = cardText === undefined ? null : parseWith(cardSchema, parseJson(cardText, reporter('course.json')), 'course.json');
  if (card !== null && card.id !== basename(folder)) reporter('course.json')(`the id is the folder's name, ${basename(folder)}`);

  const figures = new Map<string, string>();
  for (const { file, name, text } of await filesIn(folder, 'figures')) {
    if (!/^[a-z0-9-]{1,40}\.svg$/.test(name)) reporter(file)('a figure is named [a-z0-9-].svg');
    checkFigure(text, reporter(file));
    figures.set(name, text);
  }

  const lessons = new Map<string, SourceLesson>();
  for (const { file, name, text } of await filesIn(folder, 'lessons')) {
    const report = reporter(file);
    const id = idOf(name, '.md', report);
    const [, head, body] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text) ?? [];
    if (head === undefined || body === undefined) {
      report('a lesson begins with front matter between lines of ---');
      continue;
    }
    const front = parseWith(frontMatterSchema, parseFrontMatter(head, report), file);
    const shown = checkLesson(body, report);
    for (const figure of shown) if (!figures.has(figure)) report(`the figure ${figure} is in figures/`);
    if (front === null || id === null) continue;
    lessons.set(id, {
      ...front,
      id,
      body: body.trim(),
      figures: Object.fromEntries(shown.map((figure) => [figure, figures.get(figure) ?? ''])),
    });
  }

  const quizzes = new Map<string, QuizWithFigures>();
  for (const { file, name, text } of await filesIn(folder, 'quizzes')) {
    const report = reporter(file);
    const id = idOf(name, '.json', report);
    const quiz = parseWith(sourceQuizSchema, parseJson(text, report), file);
    if (quiz === null || id === null) continue;
    if (quiz.id !== id) report(`the id is the file's name, ${id}`);
    checkQuiz(quiz, report);
    const shown = figuresOf(quiz);
    for (const figure of shown) if (!figures.has(figure)) report(`the figure ${figure} is in figures/`);
    quizzes.set(id, { ...quiz, figures: Object.fromEntries(shown.map((figure) => [figure, figures.get(figure) ?? ''])) });
  }

  if (card !== null) checkOutline(card, new Set(lessons.keys()), new Set(quizzes.keys()), reporter('course.json'));
  return card !== null && problems.length === 0 ? { ok: true, course: { card, lessons, quizzes } } : { ok: false, problems };
}

function checkOutline(card: Card, lessons: ReadonlySet<string>, quizzes: ReadonlySet<string>, report: (rule: string) => void): void {
  for (const id of repeated(card.sections.map((section) => section.id))) report(`section ids are unique: ${id} is not`);
  const items = card.sections.flatMap((section) => section.items);
  const named = {
    lesson: items.flatMap((item) => ('lesson' in item ? [item.lesson] : [])),
    quiz: items.flatMap((item) => ('quiz' in item ? [item.quiz] : [])),
  };
  for (const [kind, ids, there] of [
    ['lesson', named.lesson, lessons],
    ['quiz', named.quiz, quizzes],
  ] as const) {
    for (const id of repeated(ids)) report(`an item stands once in the outline: ${kind} ${id} does not`);
    for (const id of ids) if (!there.has(id)) report(`every item of the outline is there: ${kind} ${id} is not`);
    for (const id of there) if (!ids.includes(id)) report(`every file is in the outline: ${kind} ${id} is not`);
  }
}

interface SourceFile {
  readonly name: string;
  /** From the course's folder. */
  readonly file: string;
  readonly text: string;
}

async function filesIn(folder: string, part: string, only?: string): Promise<SourceFile[]> {
  const inside = join(folder, part);
  const entries = await readdir(inside).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const names = entries.filter((name) => only === undefined || name === only).sort();
  return Promise.all(names.map(async (name) => ({ name, file: join(part, name), text: await readFile(join(inside, name), 'utf8') })));
}

function idOf(name: string, ending: string, report: (rule: string) => void): string | null {
  const id = name.slice(0, -ending.length);
  if (name.endsWith(ending) && KEY_PATTERN.test(id)) return id;
  report(`a file here is named <id>${ending}, the id [a-z0-9-], at most 40 characters`);
  return null;
}

function parseJson(text: string, report: (rule: string) => void): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    report(`the file is JSON: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function parseFrontMatter(text: string, report: (rule: string) => void): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    report(`front matter is YAML: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
