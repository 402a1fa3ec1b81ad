import type { DatabaseApi, Outcome } from './api.ts';
import { keepFile, readFile } from './commands/answer-file.ts';
import { restoreAssignment, saveAssignment, withdrawAssignment } from './commands/assignments.ts';
import { makeClassCode, makeSignIns, takeBackSignIn } from './commands/class-sign-in.ts';
import type { CommandContext } from './commands/context.ts';
import { addLesson, previewLesson, restoreBlock, restoreSection, saveCourseDraft, saveLessonDraft } from './commands/drafts.ts';
import { enrol, withdraw } from './commands/enrolment.ts';
import { exportWork } from './commands/export-work.ts';
import { writeFeedback } from './commands/feedback.ts';
import { completeLesson, openLesson, reportLesson } from './commands/lesson.ts';
import { saveProfile } from './commands/profile.ts';
import { beginQuiz, denyQuizBreak, flagQuestion, keepQuizTime, saveAnswer, showQuestion, submitQuiz } from './commands/quiz.ts';
import { addQuiz, previewQuestion, restoreQuestion, saveQuizDraft } from './commands/quiz-draft.ts';
import { previewPublishing, publishQuiz } from './commands/quiz-publishing.ts';
import { allowException, releaseQuiz } from './commands/quiz-terms.ts';
import { decideBetween, takeBackDecision } from './commands/review.ts';
import { saveSeating } from './commands/seating.ts';

/** What the person who is in does: each is a function of `commands/`, run for them by `command`. */
export abstract class PersonCommands {
  /** Runs a command of the person who is in; fails as `not-signed-in` when nobody is. */
  protected abstract command<Value>(run: (context: CommandContext) => Promise<Outcome<Value>>): Promise<Outcome<Value>>;

  enrol(courseId: string): Promise<Outcome> {
    return this.command((context) => enrol(context, courseId));
  }

  withdraw(courseId: string): Promise<Outcome> {
    return this.command((context) => withdraw(context, courseId));
  }

  openLesson(courseId: string, lessonId: string): Promise<Outcome> {
    return this.command((context) => openLesson(context, courseId, lessonId));
  }

  reportLesson(courseId: string, lessonId: string, report: { seen: number; seconds: number }): Promise<Outcome> {
    return this.command((context) => reportLesson(context, courseId, lessonId, report));
  }

  completeLesson(courseId: string, lessonId: string): Promise<Outcome> {
    return this.command((context) => completeLesson(context, courseId, lessonId));
  }

  beginQuiz(courseId: string, quizId: string): Promise<Outcome> {
    return this.command((context) => beginQuiz(context, courseId, quizId));
  }

  saveAnswer(courseId: string, quizId: string, questionId: string, answer: Parameters<DatabaseApi['saveAnswer']>[3]): Promise<Outcome> {
    return this.command((context) => saveAnswer(context, courseId, quizId, questionId, answer));
  }

  keepFile(...[courseId, quizId, questionId, name, file]: Parameters<DatabaseApi['keepFile']>): ReturnType<DatabaseApi['keepFile']> {
    return this.command((context) => keepFile(context, courseId, quizId, questionId, name, file));
  }

  async readFile(id: string): ReturnType<DatabaseApi['readFile']> {
    const read = await this.command((context) => readFile(context, id));
    return read.ok ? read.value : null;
  }

  flagQuestion(courseId: string, quizId: string, questionId: string, flagged: boolean): Promise<Outcome> {
    return this.command((context) => flagQuestion(context, courseId, quizId, questionId, flagged));
  }

  showQuestion(courseId: string, quizId: string, at: number): Promise<Outcome> {
    return this.command((context) => showQuestion(context, courseId, quizId, at));
  }

  keepQuizTime(courseId: string, quizId: string): ReturnType<DatabaseApi['keepQuizTime']> {
    return this.command((context) => keepQuizTime(context, courseId, quizId));
  }

  denyQuizBreak(courseId: string, quizId: string): ReturnType<DatabaseApi['denyQuizBreak']> {
    return this.command((context) => denyQuizBreak(context, courseId, quizId));
  }

  allowException(...[learnerId, exception]: Parameters<DatabaseApi['allowException']>): Promise<Outcome> {
    return this.command((context) => allowException(context, learnerId, exception));
  }

  releaseQuiz(classId: string, courseId: string, quizId: string, released: boolean): Promise<Outcome> {
    return this.command((context) => releaseQuiz(context, classId, courseId, quizId, released));
  }

  submitQuiz(courseId: string, quizId: string): Promise<Outcome<{ readonly attemptId: string }>> {
    return this.command((context) => submitQuiz(context, courseId, quizId));
  }

  writeFeedback(learnerId: string, aboutId: string | null, body: string): Promise<Outcome> {
    return this.command((context) => writeFeedback(context, learnerId, aboutId, body));
  }

  saveAssignment(...[classId, existing, values]: Parameters<DatabaseApi['saveAssignment']>): ReturnType<DatabaseApi['saveAssignment']> {
    return this.command((context) => saveAssignment(context, classId, existing, values));
  }

  withdrawAssignment(classId: string, id: string): Promise<Outcome> {
    return this.command((context) => withdrawAssignment(context, classId, id));
  }

  restoreAssignment(classId: string, id: string): Promise<Outcome> {
    return this.command((context) => restoreAssignment(context, classId, id));
  }

  saveSeating(...[classId, accountId, saw, values]: Parameters<DatabaseApi['saveSeating']>): Promise<Outcome> {
    return this.command((context) => saveSeating(context, classId, accountId, saw, values));
  }

  saveCourseDraft(...[courseId, saw, values]: Parameters<DatabaseApi['saveCourseDraft']>): Promise<Outcome> {
    return this.command((context) => saveCourseDraft(context, courseId, saw, values));
  }

  restoreSection(courseId: string, sectionId: string): Promise<Outcome> {
    return this.command((context) => restoreSection(context, courseId, sectionId));
  }

  addLesson(courseId: string, sectionId: string, title: string): Promise<Outcome<{ readonly lessonId: string }>> {
    return this.command((context) => addLesson(context, courseId, sectionId, title));
  }

  saveLessonDraft(...[courseId, lessonId, saw, values]: Parameters<DatabaseApi['saveLessonDraft']>): Promise<Outcome> {
    return this.command((context) => saveLessonDraft(context, courseId, lessonId, saw, values));
  }

  restoreBlock(courseId: string, lessonId: string, blockId: string): Promise<Outcome> {
    return this.command((context) => restoreBlock(context, courseId, lessonId, blockId));
  }

  previewLesson(courseId: string, lessonId: string, text: string): Promise<Outcome<string>> {
    return this.command((context) => previewLesson(context, courseId, lessonId, text));
  }

  addQuiz(courseId: string, sectionId: string, title: string): ReturnType<DatabaseApi['addQuiz']> {
    return this.command((context) => addQuiz(context, courseId, sectionId, title));
  }

  saveQuizDraft(...[courseId, quizId, saw, values]: Parameters<DatabaseApi['saveQuizDraft']>): Promise<Outcome> {
    return this.command((context) => saveQuizDraft(context, courseId, quizId, saw, values));
  }

  restoreQuestion(courseId: string, quizId: string, questionId: string): Promise<Outcome> {
    return this.command((context) => restoreQuestion(context, courseId, quizId, questionId));
  }

  previewQuestion(
    ...[courseId, quizId, questionId, body]: Parameters<DatabaseApi['previewQuestion']>
  ): ReturnType<DatabaseApi['previewQuestion']> {
    return this.command((context) => previewQuestion(context, courseId, quizId, questionId, body));
  }

  previewPublishing(
    ...[courseId, quizId, choices]: Parameters<DatabaseApi['previewPublishing']>
  ): ReturnType<DatabaseApi['previewPublishing']> {
    return this.command((context) => previewPublishing(context, courseId, quizId, choices));
  }

  publishQuiz(...[courseId, quizId, choices]: Parameters<DatabaseApi['publishQuiz']>): ReturnType<DatabaseApi['publishQuiz']> {
    return this.command((context) => publishQuiz(context, courseId, quizId, choices));
  }

  decide(...[documentId, cell, saw, choice]: Parameters<DatabaseApi['decide']>): ReturnType<DatabaseApi['decide']> {
    return this.command((context) => decideBetween(context, documentId, cell, saw, choice));
  }

  takeBackDecision(documentId: string, name: string): Promise<Outcome> {
    return this.command((context) => takeBackDecision(context, documentId, name));
  }

  makeSignIns(...args: Parameters<DatabaseApi['makeSignIns']>): ReturnType<DatabaseApi['makeSignIns']> {
    return this.command((context) => makeSignIns(context, ...args));
  }

  takeBackSignIn(classId: string, accountId: string): Promise<Outcome> {
    return this.command((context) => takeBackSignIn(context, classId, accountId));
  }

  makeClassCode(classId: string): Promise<Outcome> {
    return this.command((context) => makeClassCode(context, classId));
  }

  saveProfile(change: Parameters<DatabaseApi['saveProfile']>[0]): Promise<Outcome> {
    return this.command((context) => saveProfile(context, change));
  }

  exportWork(): Promise<Outcome<string>> {
    return this.command(exportWork);
  }
}
