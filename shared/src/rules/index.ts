export { type Access, type Decision, may } from './access/may.ts';
export { PERSON_KINDS, type Person, type PersonKind, personFrom } from './access/person.ts';
export { mayReadPartition, type OpenCourses, partitionReader } from './access/read.ts';
export { type Readable, readablePartitions } from './access/readable.ts';
export { refuseWrite, type UncheckedDocument } from './access/write.ts';
export { courseDraftEdits, lessonDraftEdits } from './edits/begin.ts';
export { type Block, joinBlocks, splitBlocks } from './edits/blocks.ts';
export { arrange, blocksOf, writeBlocks } from './edits/lists.ts';
export {
  type QuestionBody,
  type QuizDraft,
  type QuizRules,
  quizDraftEdits,
  quizDraftOf,
  removedQuestions,
  type SectionRules,
  writeQuizDraft,
} from './edits/quiz-draft.ts';
export {
  isRemoved,
  itemIds,
  itemsInOrder,
  type OpenQuestion,
  type Side,
  shown,
  shownText,
  sidesOf,
  toDecide,
} from './edits/read.ts';
export { countOf, decide, dotName, removeItem, restoreItem, type Stamp, setCell, undoDecision, writeCell } from './edits/write.ts';
export { type Feedback, feedbackOn } from './grading/feedback.ts';
export { gradeQuiz, gradesAgree, type QuizToGrade, questionsWithoutKey } from './grading/grade-quiz.ts';
export { questionProblems } from './grading/question-problems.ts';
export { sealedResult } from './grading/sealed-result.ts';
export { assignmentEdits, chosenLearners, withAssignmentEdits } from './merge/assignment.ts';
export { joinEdits } from './merge/edits.ts';
export { mergeEnrolment } from './merge/enrolment.ts';
export { isMergedType, type MergedTypeName, mergeDocuments } from './merge/merge-documents.ts';
export { mergeProfile } from './merge/profile.ts';
export { mergeProgress } from './merge/progress.ts';
export { bumpRegister, type Register } from './merge/register.ts';
export { bestOf, type GradedAttempt, gradedAttempts, scoreOf, verdictOf } from './progress/best-grades.ts';
export {
  type CourseProgress,
  type CourseWork,
  courseProgress,
  type ItemProgress,
  type ItemState,
  LESSON_DONE_AT,
  type LessonItemProgress,
  type QuizItemProgress,
} from './progress/course-progress.ts';
export { inOrder } from './progress/in-order.ts';
export { FAILED_ATTEMPTS_FOR_HELP, type LearnerStanding, learnerStanding, type Standing } from './progress/learner-standing.ts';
export { type LessonVisit, recordLesson } from './progress/record-lesson.ts';
export {
  type Allowance,
  allowanceOf,
  exceptionsFor,
  isLate,
  mayBegin,
  type Standing as QuizStanding,
  sharesLimit,
} from './quiz/allowance.ts';
export { type CorrectedPaper, correctedPaper, type QuizVersion } from './quiz/corrections.ts';
export { type AnyQuestion, drawPaper, type Paper, paperSize, WHOLE_QUIZ } from './quiz/paper.ts';
export { bodyProblems, type DraftProblem, publishedQuiz, type QuizProblem, questionOfBody, quizProblems } from './quiz/publish.ts';
export { changedQuestions, type RegradeEffect, regradeEffect, type TakenVersion } from './quiz/regrade.ts';
export { type KeptBack, keptBack, type Reviewed, type ReviewMoment } from './quiz/review-policy.ts';
export { allowedMs, beginTime, type ClockReading, denyBreak, keepTime, type TimeKept, timeLeft } from './quiz/time.ts';
export { MAX_CONTENT_SIZE, MAX_RECORD_SIZE, structureError } from './validation/structure.ts';
export { type Refusal, type UserContext, validateDocUpdate, validateWrite } from './validation/validate-update.ts';
