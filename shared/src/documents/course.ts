import * as v from 'valibot';
import { anyQuestionSchema } from '../questions/schemas.ts';
import { editsSchema } from './edits.ts';
import {
  count,
  documentSchema,
  instant,
  key,
  language,
  line,
  markdown,
  paragraph,
  ratio,
  record,
  title,
  totalPoints,
  version,
} from './fields.ts';

/** Documents of the partitions `course-<id>`, `draft-<id>` and `keys-<id>`. */

const lessonItem = v.looseObject({ kind: v.literal('lesson'), id: key, title, minutes: count });
const quizItem = v.looseObject({
  kind: v.literal('quiz'),
  id: key,
  title,
  version,
  exam: v.boolean(),
  questionCount: count,
  points: totalPoints,
});

/** `course-<id>:outline:main`: the sections and their items in order. */
export const outlineSchema = documentSchema('outline', {
  courseId: key,
  version,
  sections: v.pipe(
    v.array(v.looseObject({ id: key, title, items: v.pipe(v.array(v.variant('kind', [lessonItem, quizItem])), v.maxLength(200)) })),
    v.maxLength(100),
  ),
});

const figures = record(line, v.pipe(v.string(), v.maxLength(60_000)));

/** `course-<id>:lesson:<lessonId>`: Markdown, with its figures as SVG text by name. */
export const lessonSchema = documentSchema('lesson', {
  courseId: key,
  lessonId: key,
  version,
  title,
  summary: line,
  minutes: count,
  language,
  body: markdown,
  figures,
});

const orderKey = v.pipe(v.string(), v.maxLength(400));

/** `draft-<id>:course-draft:main`: a course being written: its title, its sections and the lessons in them. It merges. */
export const courseDraftSchema = documentSchema('course-draft', {
  courseId: key,
  /** Who began it: the one who decides where a merge cannot. */
  authorId: key,
  edits: editsSchema({
    title: line,
    summary: paragraph,
    'section.title': line,
    'section.order': orderKey,
    'lesson.section': key,
    'lesson.order': orderKey,
  }),
});

/** `draft-<id>:lesson-draft:<lessonId>`: a lesson being written: Markdown, block by block. It merges. */
export const lessonDraftSchema = documentSchema('lesson-draft', {
  courseId: key,
  lessonId: key,
  authorId: key,
  edits: editsSchema({ title: line, summary: line, 'block.text': markdown, 'block.order': orderKey }),
});

/** From a few seconds to a day. */
const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(10), v.maxValue(86_400));

/**
 * When a learner is shown something of their result: at once, when the quiz has closed, when a teacher of their class says so
 * (a `release`), or never. What is left out is shown at once.
 */
const shownWhen = v.optional(v.picklist(['at-once', 'after-close', 'released', 'never']));

/**
 * A part of a quiz. With `draw` it is a pool: each attempt has so many of its questions, drawn by the attempt's seed.
 * `shuffle`: the questions stand in an order of their own in each attempt. `seconds`: how long a learner may spend in it.
 */
const quizSectionSchema = v.looseObject({
  id: key,
  title: line,
  questions: v.pipe(v.array(key), v.minLength(1), v.maxLength(200)),
  draw: v.optional(version),
  shuffle: v.optional(v.boolean()),
  seconds: v.optional(seconds),
});
export type QuizSection = v.InferOutput<typeof quizSectionSchema>;

/** How a quiz is taken, beside its questions. What is left out does not limit. */
export const quizRules = {
  /** Options, and what is matched, stand in an order of their own in each attempt, save where a question keeps its order. */
  shuffleOptions: v.optional(v.boolean()),
  seconds: v.optional(seconds),
  /** How many attempts count. An exam has one where this is left out. */
  attempts: v.optional(v.pipe(version, v.maxValue(100))),
  opensAt: v.optional(instant),
  closesAt: v.optional(instant),
  review: v.optional(v.looseObject({ score: shownWhen, answers: shownWhen, feedback: shownWhen })),
};

/**
 * What a version says of questions of an earlier one, of which attempts are graded again: by the question as it is in this
 * version (`key`), with full points for everybody (`everyone`), or as if it had not been asked (`nobody`).
 */
const regradeSchema = v.looseObject({ version, question: key, how: v.picklist(['key', 'everyone', 'nobody']) });
export type Regrade = v.InferOutput<typeof regradeSchema>;

/** Every question of a section is one of the quiz, and in no other section; a pool has what is drawn from it. */
function sectionsFit({
  sections,
  questions,
}: {
  readonly sections?: readonly QuizSection[] | undefined;
  readonly questions: readonly { readonly id: string }[];
}): boolean {
  if (sections === undefined) return true;
  const named = sections.flatMap((section) => section.questions);
  const ids = new Set(questions.map(({ id }) => id));
  return (
    new Set(sections.map(({ id }) => id)).size === sections.length &&
    new Set(named).size === named.length &&
    named.every((id) => ids.has(id)) &&
    sections.every((section) => (section.draw ?? 1) <= section.questions.length)
  );
}

/** `course-<id>:quiz:<quizId>:v<version>`: one version of a quiz, never changed once published. */
const publishedQuizSchema = documentSchema('quiz', {
  courseId: key,
  quizId: key,
  version,
  title,
  passingScore: ratio,
  exam: v.boolean(),
  /** SVG text by name: what prompts, options and pictures of questions show. */
  figures: v.optional(figures),
  questions: v.pipe(
    v.array(anyQuestionSchema),
    v.minLength(1),
    v.maxLength(200),
    v.check((questions) => new Set(questions.map(({ id }) => id)).size === questions.length, 'must have ids of their own'),
  ),
  /** Where it is left out, all questions in their order. A question that is in none is not asked. */
  sections: v.optional(v.pipe(v.array(quizSectionSchema), v.minLength(1), v.maxLength(50))),
  ...quizRules,
  regrades: v.optional(v.pipe(v.array(regradeSchema), v.maxLength(400))),
});
export const quizSchema = v.pipe(
  publishedQuizSchema,
  v.check((quiz) => sectionsFit(quiz), 'must have sections of its own questions'),
  v.check(({ opensAt, closesAt }) => opensAt === undefined || closesAt === undefined || opensAt < closesAt, 'must open before it closes'),
);

/**
 * `draft-<id>:quiz-draft:<quizId>`: a quiz being written, question by question. It merges. A question that is being written
 * may lack anything but its kind; its key stands in it.
 */
export const quizDraftSchema = documentSchema('quiz-draft', {
  courseId: key,
  quizId: key,
  authorId: key,
  edits: editsSchema({
    title: line,
    exam: v.boolean(),
    passingScore: ratio,
    rules: v.looseObject(quizRules),
    /** The section of the course that it goes into when it is published first. */
    place: key,
    'section.title': line,
    'section.order': orderKey,
    'section.rules': v.looseObject({ draw: v.optional(version), shuffle: v.optional(v.boolean()), seconds: v.optional(seconds) }),
    'question.section': key,
    'question.order': orderKey,
    'question.body': v.looseObject({ kind: key }),
  }),
});

/**
 * A key apart from its question. What belongs in it depends on the question's kind, which stands on the paper: grading checks
 * it against that.
 */
const questionKeySchema = v.looseObject({});
export type QuestionKey = v.InferOutput<typeof questionKeySchema>;

/** `keys-<id>:answer-key:<quizId>:v<version>`: what an exam paper leaves out, by question id. */
export const answerKeySchema = documentSchema('answer-key', {
  courseId: key,
  quizId: key,
  version,
  keys: record(key, questionKeySchema),
  explanations: record(key, paragraph),
});
