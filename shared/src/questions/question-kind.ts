import type * as v from 'valibot';
import type { Answer, Question } from './schemas.ts';

export type QuestionKindName = Question['kind'];
export type QuestionOf<Kind extends QuestionKindName> = Extract<Question, { kind: Kind }>;
export type AnswerOf<Kind extends QuestionKindName> = Extract<Answer, { kind: Kind }>;
export type KeyOf<Kind extends QuestionKindName> = NonNullable<QuestionOf<Kind>['key']>;

/** What an answer earns: `got` of `of` equal shares of the points, both whole, so that nothing is rounded before points are. */
export interface Credit {
  readonly got: number;
  readonly of: number;
  /** Wrong choices that may cost points. */
  readonly slips?: number;
  /** Which parts of the answer are right: picked options, gaps, pairs, by their ids. */
  readonly parts: Readonly<Record<string, boolean>>;
  /** The key's own words about these parts, as Markdown. */
  readonly says: readonly string[];
}

/** How questions of one kind are checked and graded. Pure; nothing here throws, whatever an answer holds. */
export interface QuestionKind<Kind extends QuestionKindName> {
  /**
   * The key of such a question. The keys of an exam come without their kind, so grading checks them against this. A kind
   * whose key may be empty needs none.
   */
  readonly keySchema: v.GenericSchema<unknown, KeyOf<Kind>>;
  readonly answerSchema: v.GenericSchema<unknown, AnswerOf<Kind>>;
  /** What the schemas cannot say of a question and its key, in words for its author. */
  problems(question: QuestionOf<Kind>, key: KeyOf<Kind>): readonly string[];
  /** Null where a person has to mark it. The answer is not blank. */
  grade(question: QuestionOf<Kind>, key: KeyOf<Kind>, answer: AnswerOf<Kind>): Credit | null;
  /** An answer that earns everything; null where there is none to name. */
  solution(question: QuestionOf<Kind>, key: KeyOf<Kind>): AnswerOf<Kind> | null;
  /** The question with what may stand in any order put into the order of `shuffle`; left out where nothing may. */
  shuffled?(question: QuestionOf<Kind>, shuffle: Shuffle): QuestionOf<Kind>;
}

/** Puts things that have ids into an order that follows from a seed. `of` keeps two lists of one question apart. */
export type Shuffle = <Each extends { readonly id: string }>(items: readonly Each[], of: string) => Each[];

/** All or nothing. */
export function whole(right: boolean, part?: string, says?: string): Credit {
  return {
    got: right ? 1 : 0,
    of: 1,
    slips: right ? 0 : 1,
    parts: part === undefined ? {} : { [part]: right },
    says: says === undefined ? [] : [says],
  };
}
