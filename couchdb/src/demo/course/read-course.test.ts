import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { personFrom, validateWrite } from '@darasa/shared/rules';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceFolder } from '../../workspace-folder.ts';
import { courseDocuments } from './course-documents.ts';
import { readCourse } from './read-course.ts';
import { sampleCourseFiles } from './sample-course.fixture.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'darasa-courses-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

let made = 0;
/** Writes the sample course with some files changed (null: left out) and reads it. */
async function readWith(changes: Readonly<Record<string, string | null>>) {
  made += 1;
  const folder = join(root, String(made), 'tea-1');
  for (const [file, text] of Object.entries({ ...sampleCourseFiles, ...changes })) {
    if (text === null) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return readCourse(folder);
}

const file = (name: keyof typeof sampleCourseFiles): string => sampleCourseFiles[name];
const LESSON = 'lessons/boiling.md';
const QUIZ = 'quizzes/check.json';
const FIGURE = 'figures/pot.svg';
const swap = (name: keyof typeof sampleCourseFiles, from: string, to: string) => {
  if (!file(name).includes(from)) throw new Error(`${name} has no ${from}`);
  return { [name]: file(name).replace(from, to) };
};

describe('a course that keeps the rules', () => {
  it('is read whole, a lesson with the figures that it shows', async () => {
    const read = await readWith({});
    expect(read).toMatchObject({ ok: true });
    const course = read.ok ? read.course : null;
    expect(course?.lessons.get('boiling')).toMatchObject({ title: 'Boiling water', minutes: 10, figures: { 'pot.svg': file(FIGURE) } });
    expect(course?.quizzes.size).toBe(2);
  });

  it('becomes documents that its author may write, the exam without its keys', async () => {
    const read = await readWith({});
    if (!read.ok) throw new Error('the sample keeps the rules');
    const documents = courseDocuments(read.course, { createdAt: '2026-01-15T08:00:00.000Z', deviceId: 'demo', authorIds: ['njeri'] });
    const author = personFrom('njeri', ['school:greenhill', 'teacher', 'authors:tea-1']);
    expect(documents.map((document) => validateWrite(document, null, author))).toEqual(documents.map(() => null));
    expect(documents.find(({ type }) => type === 'course')).toMatchObject({ lessonCount: 1, quizCount: 2, minutes: 10 });
    const paper = documents.find(({ _id }) => _id === 'course-tea-1:quiz:exam:v1');
    expect(JSON.stringify(paper)).not.toMatch(/"key"|explanation/);
    expect(documents.find(({ type }) => type === 'answer-key')).toMatchObject({
      keys: { q1: { value: true } },
      explanations: { q1: 'It does.' },
    });
    expect(documents.find(({ _id }) => _id === 'course-tea-1:quiz:check:v1')).toMatchObject({
      questions: [{ key: { option: 'b' } }, {}, {}],
    });
  });
});

describe('a course that breaks a rule is refused, naming the file and the rule', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string | null>>, string, RegExp])[] = [
    ['no card', { 'course.json': null }, 'course.json', /has a course\.json/],
    ['a card that is no JSON', { 'course.json': '{' }, 'course.json', /is JSON/],
    ['an unknown field', swap('course.json', '"open"', '"opened": 1, "open"'), 'course.json', /opened/],
    ['an unknown language', swap('course.json', '"en"', '"fr"'), 'course.json', /language/],
    ['another id than the folder’s', swap('course.json', '"tea-1"', '"tea-2"'), 'course.json', /folder's name/],
    ['an item that is not there', swap('course.json', '"boiling"', '"brewing"'), 'course.json', /lesson brewing is not/],
    ['a lesson outside the outline', { 'lessons/extra.md': file(LESSON) }, 'course.json', /lesson extra is not/],
    ['an item twice', swap('course.json', '{ "quiz": "check" }', '{ "quiz": "check" }, { "quiz": "check" }'), 'course.json', /stands once/],
    ['a file that belongs nowhere', { 'notes.txt': 'x' }, 'notes.txt', /course\.json, lessons/],
    ['no front matter', { [LESSON]: 'text' }, LESSON, /front matter/],
    ['minutes that are not whole', swap(LESSON, 'minutes: 10', 'minutes: 1.5'), LESSON, /minutes/],
    ['a summary that is missing', swap(LESSON, 'summary: How water boils.\n', ''), LESSON, /summary/],
    ['raw HTML', swap(LESSON, 'Water boils', '<b>Water</b> boils'), LESSON, /no raw HTML/],
    ['a figure that is not there', swap(LESSON, 'figure:pot.svg', 'figure:pan.svg'), LESSON, /pan\.svg is in figures/],
    ['a figure without a caption', swap(LESSON, ' "A pot"', ''), LESSON, /stands alone/],
    ['a figure within a line', swap(LESSON, '![A pot on', 'See ![A pot on'), LESSON, /stands alone/],
    ['code without a language', swap(LESSON, '```python', '```'), LESSON, /names its language/],
    ['an unknown block', swap(LESSON, '::: note Hot', '::: warning Hot'), LESSON, /warning is none/],
    ['a block that stays open', swap(LESSON, 'hurts.\n:::', 'hurts.'), LESSON, /is closed|closes with/],
    ['a solution outside a try', swap(LESSON, '::: note Hot', '::: solution'), LESSON, /within try/],
    ['an outer block without more colons', swap(LESSON, ':::: try Look', '::: try Look'), LESSON, /more colons/],
    ['a key that is no option', swap(QUIZ, '"option": "b"', '"option": "z"'), QUIZ, /z is none/],
    ['a question id twice', swap(QUIZ, '"id": "q2"', '"id": "q1"'), QUIZ, /q1 is not/],
    ['a question without an explanation', swap(QUIZ, '"explanation": "100."', '"hint": "100."'), QUIZ, /explanation/],
    ['a key of another kind', swap(QUIZ, '"tolerance": 1', '"option": "a"'), QUIZ, /tolerance/],
    ['a passing score above the whole', swap(QUIZ, '0.6', '60'), QUIZ, /passingScore/],
    ['a quiz under another name', swap(QUIZ, '"id": "check"', '"id": "other"'), QUIZ, /file's name/],
    ['a script in a figure', swap(FIGURE, '<text', '<script>1</script><text'), FIGURE, /no scripts/],
    ['a handler in a figure', swap(FIGURE, '<circle', '<circle onload="x()"'), FIGURE, /no scripts/],
    ['an external file in a figure', swap(FIGURE, '<circle', '<image href="https://example.org/a.png"/><circle'), FIGURE, /external/],
    ['a figure too wide', swap(FIGURE, '0 0 320 200', '0 0 900 200'), FIGURE, /640 wide/],
    ['thin strokes', swap(FIGURE, 'stroke-width="2"', 'stroke-width="1"'), FIGURE, /at least 2/],
    ['small text', swap(FIGURE, 'font-size="18"', 'font-size="11"'), FIGURE, /16 units/],
    ['another font', swap(FIGURE, 'sans-serif', 'Papyrus'), FIGURE, /sans-serif/],
    ['a strange colour', swap(FIGURE, '#0b5f5b', '#ff00ff'), FIGURE, /#ff00ff/],
    ['a figure without its ground', swap(FIGURE, 'fill="#fbf6ea"', 'fill="#e8dcc0"'), FIGURE, /own ground/],
    ['a heavy figure', swap(FIGURE, '</svg>', `<!--${'x'.repeat(6_200)}--></svg>`), FIGURE, /6 KB/],
  ];

  it.each(cases)('%s', async (_name, changes, where, rule) => {
    const read = await readWith(changes);
    const problems = read.ok ? [] : read.problems;
    expect(problems.filter((problem) => problem.file === where && rule.test(problem.rule))).not.toEqual([]);
  });
});

describe('the courses of Greenhill', async () => {
  const folder = join(workspaceFolder(), 'demo', 'greenhill', 'courses');

  it.each(await readdir(folder))('%s keeps every rule', async (name) => {
    const read = await readCourse(join(folder, name));
    expect(read.ok ? [] : read.problems).toEqual([]);
  });
});
