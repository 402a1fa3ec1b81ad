import type * as v from 'valibot';
import type { questionSchema } from '../../documents/course.ts';
import type { Answer } from '../../documents/learner.ts';

export type Question = v.InferOutput<typeof questionSchema>;
export type QuestionKindName = Question['kind'];

export type QuestionOf<Kind extends QuestionKindName> = Extract<Question, { kind: Kind }>;
export type AnswerOf<Kind extends QuestionKindName> = Extract<Answer, { kind: Kind }>;
export type KeyOf<Kind extends QuestionKindName> = NonNullable<QuestionOf<Kind>['key']>;

/** How questions of one kind are graded. */
export interface QuestionKind<Kind extends QuestionKindName> {
  /** The key of such a question. The keys of an exam come without their kind, so grading checks them against this. */
  readonly keySchema: v.GenericSchema<unknown, KeyOf<Kind>>;
  /**
   * The share of the points that an answer earns: from 0 (nothing) to 1 (all).
   * Pure, and never throws: an answer may hold any text and name options that do not exist.
   */
  share(question: QuestionOf<Kind>, key: KeyOf<Kind>, answer: AnswerOf<Kind>): number;
}
