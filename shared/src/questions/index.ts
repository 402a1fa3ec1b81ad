export { isBlankAnswer } from './blank-answer.ts';
export { cutAtGaps } from './cloze/gaps.ts';
export type { FileRef } from './file/schema.ts';
export { FILE_TYPES, type FileType, MAX_ANSWERS_SIZE, MAX_ESSAY_LENGTH, MAX_FILE_SIZE, MAX_FILES } from './limits.ts';
export type { AnswerOf, KeyOf, QuestionKindName, QuestionOf } from './question-kind.ts';
export {
  type Answer,
  answerSchema,
  isKnownAnswer,
  isKnownQuestion,
  type NewerAnswer,
  type NewerQuestion,
  type Question,
  questionSchema,
  unknownMembers,
} from './schemas.ts';
