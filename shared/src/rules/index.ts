export { type Access, type Decision, may } from './access/may.ts';
export { PERSON_KINDS, type Person, type PersonKind, personFrom } from './access/person.ts';
export { mayReadPartition, type OpenCourses, partitionReader } from './access/read.ts';
export { refuseWrite, type UncheckedDocument } from './access/write.ts';
export { MAX_CONTENT_SIZE, MAX_RECORD_SIZE, structureError } from './validation/structure.ts';
export { type Refusal, validateDocUpdate, validateWrite } from './validation/validate-update.ts';
export { gradeQuiz, gradesAgree, type QuizToGrade, questionsWithoutKey } from './grading/grade-quiz.ts';
export type { Question, QuestionKindName } from './grading/question-kind.ts';
