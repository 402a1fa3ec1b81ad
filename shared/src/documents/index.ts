export { type NewAnswerFile, newAnswerFile } from './build/answer-file.ts';
export { type NewApplication, newApplication } from './build/application.ts';
export { attemptId, type NewAttempt, newAttempt } from './build/attempt.ts';
export { type NewClassCode, type NewClassSignIn, newClassCode, newClassSignIn } from './build/class-sign-in.ts';
export {
  type NewAssignment,
  type NewCourseDraft,
  type NewLessonDraft,
  type NewQuizDraft,
  type NewSeating,
  newAssignment,
  newCourseDraft,
  newLessonDraft,
  newQuizDraft,
  newSeating,
} from './build/edited.ts';
export { type NewException, newException } from './build/exception.ts';
export { type NewFeedback, newFeedback } from './build/feedback.ts';
export { type NewGrade, newGrade } from './build/grade.ts';
export { type InCourse, type NewProfile, newEnrolment, newProfile, newProgress } from './build/learner-state.ts';
export { type NewLessonEvent, newLessonEvent } from './build/lesson-event.ts';
export type { CountedOrigin, Origin } from './build/origin.ts';
export { type NewReceipt, newReceipt } from './build/receipt.ts';
export { coveredBy, type NewSeal, namesDocument, newSeal, sealText } from './build/seal.ts';
export {
  type CodeKind,
  type CodeVerifier,
  codeKind,
  PICTURES_OF_CODE,
  SIGN_IN_PICTURES,
  type SignInPicture,
} from './class-sign-in.ts';
export { copyableCode, readCopyableCode } from './copyable-code.ts';
export type { QuestionKey, QuizSection, Regrade } from './course.ts';
export { canonicalJson, contentDigest } from './digest.ts';
export { BASE_WRITER, cellOf, type Decision, type Edits, type Entry, itemName, NO_EDITS, type Seen, WHOLE } from './edits.ts';
export { ERASED, erasureIdFor, erasureKeyOf } from './erasure.ts';
export { type DocId, docId, MAX_DOC_ID_LENGTH, type ParsedDocId, parseDocId, partitionOf } from './ids.ts';
export {
  answerKeyId,
  assignmentId,
  classCardId,
  classCodeId,
  classSignInId,
  contactId,
  courseCardId,
  courseDraftId,
  courseIdOf,
  enrolmentId,
  gradeIdFor,
  learnerIdOf,
  lessonDraftId,
  lessonId,
  memberId,
  outlineId,
  profileId,
  progressId,
  quizDraftId,
  quizId,
  releaseId,
  schoolCardId,
  seatingId,
} from './known-ids.ts';
export { type AttemptTiming, type GradeResult, MAX_RECEIVED, type QuestionResult } from './learner.ts';
export {
  isKey,
  KEY_PATTERN,
  KEYED_PARTITIONS,
  type KeyedPartition,
  type Partition,
  type PartitionId,
  type PartitionKind,
  parsePartition,
  partitionId,
  SINGLE_PARTITIONS,
  type SinglePartition,
} from './partitions.ts';
export { identityError, placementError } from './placement.ts';
export { opaqueId, type RandomBytes, ulid } from './random-ids.ts';
export {
  type Document,
  type DocumentOf,
  type DocumentType,
  type DocumentTypeName,
  documentTypes,
  isDocumentType,
  type Mutability,
} from './registry.ts';
export { CATEGORIES, LEVELS, PROGRAMMES, TIERS } from './school.ts';
