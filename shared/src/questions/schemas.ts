import * as v from 'valibot';
import { key, paragraph, points } from '../documents/fields.ts';
import { clozeAnswer, clozeQuestion } from './cloze/schema.ts';
import { essayAnswer, essayQuestion } from './essay/schema.ts';
import { fileAnswer, fileQuestion } from './file/schema.ts';
import { hotspotAnswer, hotspotQuestion } from './hotspot/schema.ts';
import { matchingAnswer, matchingQuestion } from './matching/schema.ts';
import { multipleAnswer, multipleQuestion } from './multiple/schema.ts';
import { numericAnswer, numericQuestion } from './numeric/schema.ts';
import { orderingAnswer, orderingQuestion } from './ordering/schema.ts';
import { shortTextAnswer, shortTextQuestion } from './short-text/schema.ts';
import { singleAnswer, singleQuestion } from './single/schema.ts';
import { trueFalseAnswer, trueFalseQuestion } from './true-false/schema.ts';

/** Every kind of question, as documents hold them. `question-kinds.ts` has what is done with them. */
const questions = [
  singleQuestion,
  multipleQuestion,
  trueFalseQuestion,
  numericQuestion,
  shortTextQuestion,
  clozeQuestion,
  orderingQuestion,
  matchingQuestion,
  hotspotQuestion,
  essayQuestion,
  fileQuestion,
] as const;
export const questionSchema = v.variant('kind', questions);
export type Question = v.InferOutput<typeof questionSchema>;

export const answerSchema = v.variant('kind', [
  singleAnswer,
  multipleAnswer,
  trueFalseAnswer,
  numericAnswer,
  shortTextAnswer,
  clozeAnswer,
  orderingAnswer,
  matchingAnswer,
  hotspotAnswer,
  essayAnswer,
  fileAnswer,
]);
export type Answer = v.InferOutput<typeof answerSchema>;

const KINDS: readonly string[] = questions.map(({ entries }) => entries.kind.literal);

/** A kind that a newer program added. This one keeps it, passes it on, and leaves it to others. */
const newerKind = v.pipe(
  key,
  v.check((kind) => !KINDS.includes(kind), 'must be a kind of question'),
);
const newerQuestion = v.looseObject({ kind: newerKind, id: key, points, prompt: paragraph });
const newerAnswer = v.looseObject({ kind: newerKind });
export type NewerQuestion = v.InferOutput<typeof newerQuestion>;
export type NewerAnswer = v.InferOutput<typeof newerAnswer>;

const hasKnownKind = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && 'kind' in input && KINDS.includes(String(input.kind));

/** A question of any program, this one's or a newer one's. Not a union: that would not say what is wrong with a known kind. */
export const anyQuestionSchema = v.lazy(
  (input): v.GenericSchema<unknown, Question | NewerQuestion> => (hasKnownKind(input) ? questionSchema : newerQuestion),
);
export const anyAnswerSchema = v.lazy(
  (input): v.GenericSchema<unknown, Answer | NewerAnswer> => (hasKnownKind(input) ? answerSchema : newerAnswer),
);

/** Whether this program knows the question's kind. */
export function isKnownQuestion(question: Question | NewerQuestion): question is Question {
  return KINDS.includes(question.kind);
}

export function isKnownAnswer(answer: Answer | NewerAnswer): answer is Answer {
  return KINDS.includes(answer.kind);
}

/** The members of a question that its kind does not have: a newer program's, or a typing mistake. */
export function unknownMembers(question: Question): readonly string[] {
  const schema = questions.find(({ entries }) => entries.kind.literal === question.kind);
  return Object.keys(question).filter((name) => !Object.keys(schema?.entries ?? {}).includes(name));
}
