import * as v from 'valibot';
import { anyQuestionSchema } from '../questions/schemas.ts';
import { editsSchema } from './edits.ts';
import { count, documentSchema, key, language, line, markdown, paragraph, ratio, record, title, totalPoints, version } from './fields.ts';

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

/** `course-<id>:quiz:<quizId>:v<version>`: one version of a quiz, never changed once published. */
export const quizSchema = documentSchema('quiz', {
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
