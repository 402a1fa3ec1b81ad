import { essayKey } from '../essay/schema.ts';
import type { QuestionKind } from '../question-kind.ts';
import { fileAnswer } from './schema.ts';

/** Photos or files, which a person marks. */
export const file: QuestionKind<'file'> = {
  keySchema: essayKey,
  answerSchema: fileAnswer,
  problems: () => [],
  grade: () => null,
  solution: () => null,
};
