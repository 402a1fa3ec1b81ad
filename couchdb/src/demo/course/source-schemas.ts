import { CATEGORIES, KEY_PATTERN, LEVELS, PROGRAMMES, TIERS } from '@darasa/shared/documents';
import { type KeyOf, type QuestionKindName, type QuestionOf, questionSchema, unknownMembers } from '@darasa/shared/questions';
import * as v from 'valibot';

/** The JSON files of a course and a lesson's front matter, as `demo/README.md` describes them. Unknown fields are refused. */

const id = v.pipe(v.string(), v.regex(KEY_PATTERN, 'an id is [a-z0-9-], at most 40 characters'));
const line = v.pipe(v.string(), v.regex(/^\S.*$/, 'must be one line of text'), v.maxLength(200));
const text = v.pipe(v.string(), v.regex(/\S/, 'must not be blank'), v.maxLength(4_000));
const points = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100));

const item = v.union([v.strictObject({ lesson: id }), v.strictObject({ quiz: id })], 'an item is a lesson or a quiz');

export const cardSchema = v.strictObject({
  id,
  title: line,
  summary: text,
  language: v.picklist(['en', 'sw', 'ar']),
  programme: v.picklist(PROGRAMMES),
  category: v.picklist(CATEGORIES),
  tier: v.picklist(TIERS),
  grade: v.nullable(v.picklist([7, 8, 9])),
  level: v.picklist(LEVELS),
  tags: v.pipe(v.array(line), v.maxLength(20)),
  featured: v.boolean(),
  open: v.boolean(),
  sections: v.pipe(v.array(v.strictObject({ id, title: line, items: v.pipe(v.array(item), v.minLength(1)) })), v.minLength(1)),
});
export type Card = v.InferOutput<typeof cardSchema>;

export const frontMatterSchema = v.strictObject({
  title: line,
  summary: line,
  minutes: v.pipe(v.number(), v.safeInteger('minutes are whole'), v.minValue(1), v.maxValue(300)),
});
export type FrontMatter = v.InferOutput<typeof frontMatterSchema>;

/** A question as documents hold it, with its key and its explanation. */
export type SourceQuestion = {
  [Kind in QuestionKindName]: QuestionOf<Kind> & { key: KeyOf<Kind>; explanation: string };
}[QuestionKindName];

const sourceQuestionSchema = v.pipe(
  questionSchema,
  v.check(
    (question) => unknownMembers(question).length === 0,
    ({ input }) => `a question of its kind has no ${unknownMembers(input).join(', ')}`,
  ),
  v.check(({ points: worth }) => v.is(points, worth), 'points are whole, from 1 to 100'),
  v.check(({ prompt }) => v.is(text, prompt), 'a question has a prompt'),
  v.check(({ key }) => key !== undefined, 'a question has a key'),
  v.check(({ explanation }) => v.is(text, explanation), 'a question has an explanation'),
  // The checks above have found both members.
  v.transform((question) => question as SourceQuestion),
);

export const sourceQuizSchema = v.strictObject({
  id,
  title: line,
  passingScore: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  exam: v.boolean(),
  questions: v.pipe(v.array(sourceQuestionSchema), v.minLength(1), v.maxLength(200)),
});
export type SourceQuiz = v.InferOutput<typeof sourceQuizSchema>;
