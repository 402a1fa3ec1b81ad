import type { CodeKind } from '@darasa/shared/documents';
import type { ContentFileRequest, SignInCard } from '@darasa/shared/protocol';
import type { FileRef } from '@darasa/shared/questions';
import type { QuestionBody, QuizDraft } from '@darasa/shared/rules';
import type { DeviceAccount, SchoolChoice, SignedIn, SignInOutcome } from './accounts.ts';
import type { ClassHere, ClassOutcome, FreshSignIn } from './class-sign-in.ts';
import type { CarriedFile, FileLook, FileOutcome, MadeFile, NotMade, TakenFile } from './courier.ts';
import type { Language } from './course-views.ts';
import type { DataUse, NetworkHint } from './data-use.ts';
import type { QuestionView } from './question-views.ts';
import type { Answer, AnswerFile, ExceptionValues, TimeLeft } from './quiz-views.ts';
import type { AssignmentValues, CourseDraftValues, LessonBlock, PublishPreview, RegradeChoice, SeatingValues } from './teaching-views.ts';
import type { ViewName, Views } from './views.ts';

/** An expected failure of a command: what went wrong and what is safe, by a stable id that the screens put into words. */
export type Outcome<Value = null> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem; readonly detail: string };

export type Problem =
  | 'storage-full'
  | 'storage-closed'
  | 'not-signed-in'
  | 'not-found'
  | 'not-allowed'
  | 'time-over'
  | 'unreachable'
  | 'invalid'
  | 'unexpected';

export interface DatabaseApi {
  /** Opens the device's own data. Safe to call again. `origin`: where the server is, for example `https://school.example`. */
  start(origin: string): Promise<{ readonly current: SignedIn | null; readonly accounts: readonly DeviceAccount[] }>;
  accounts(): Promise<readonly DeviceAccount[]>;
  /** Tells who is in when that changes: their roles after a refresh, or null when another tab locked the account. */
  watchPerson(show: (person: SignedIn | null) => void): Promise<{ stop(): void }>;
  /** The schools that the server offers; those seen before when it cannot be reached. */
  schools(): Promise<readonly SchoolChoice[]>;

  signIn(school: string, username: string, password: string): Promise<SignInOutcome>;
  /** The names of a class by its code, which the device keeps; those told last where no server answers. */
  openClass(school: string, classCode: string): Promise<ClassOutcome>;
  /** The classes whose code was given to this device. */
  classesHere(): Promise<readonly ClassHere[]>;
  /** A learner of a class on this device signs in by PIN or pictures. */
  signInByCode(room: ClassHere, accountId: string, code: string): Promise<SignInOutcome>;
  signInByCard(card: SignInCard): Promise<SignInOutcome>;
  /**
   * Opens an account that has been on this device before; offline too. What unlocks it may be left out for an open account; where
   * the server has ended the session of an open account, the password opens a new one, and that needs the network.
   */
  enter(accountId: string, secret?: string): Promise<SignInOutcome>;
  /** Back to the choice of people: locks the account and leaves its data and its unsent work on the device. */
  lock(): Promise<void>;
  /** Ends the session at the server and removes the account's data from the device; refused while work is unsent. */
  remove(accountId: string): Promise<Outcome>;

  /** Sends the view now and at every change until `stop` is called. */
  watch<Name extends ViewName>(
    name: Name,
    params: Views[Name]['params'],
    show: (result: Views[Name]['result']) => void,
  ): Promise<{ stop(): void }>;

  enrol(courseId: string): Promise<Outcome>;
  withdraw(courseId: string): Promise<Outcome>;
  openLesson(courseId: string, lessonId: string): Promise<Outcome>;
  /** `seen` from 0 to 1, `seconds` since the last report. */
  reportLesson(courseId: string, lessonId: string, report: { seen: number; seconds: number }): Promise<Outcome>;
  completeLesson(courseId: string, lessonId: string): Promise<Outcome>;

  beginQuiz(courseId: string, quizId: string): Promise<Outcome>;
  /** Commits one answer, or takes it back with null. */
  saveAnswer(courseId: string, quizId: string, questionId: string, answer: Answer | null): Promise<Outcome>;
  /**
   * Keeps a photo or file for an answer in hand, which then names it: it becomes a document with the attempt. One that no answer
   * names is forgotten.
   */
  keepFile(courseId: string, quizId: string, questionId: string, name: string, file: AnswerFile): Promise<Outcome<FileRef>>;
  /** A file that an answer names; null where it has not arrived. */
  readFile(id: string): Promise<AnswerFile | null>;
  flagQuestion(courseId: string, quizId: string, questionId: string, flagged: boolean): Promise<Outcome>;
  showQuestion(courseId: string, quizId: string, at: number): Promise<Outcome>;
  /** Counts the time of the attempt in hand until now, and answers what is left of it. */
  keepQuizTime(courseId: string, quizId: string): Promise<Outcome<TimeLeft>>;
  /** The learner says that the last break was none: the clock of this device was changed. It does not count, and is told to the teacher. */
  denyQuizBreak(courseId: string, quizId: string): Promise<Outcome<TimeLeft>>;
  /** Makes the attempt final and grades it where the device has the key. */
  submitQuiz(courseId: string, quizId: string): Promise<Outcome<{ readonly attemptId: string }>>;

  /** Allows one learner more in one quiz than others. `replaces`: the id of an earlier one that it takes back. */
  allowException(learnerId: string, exception: ExceptionValues): Promise<Outcome>;
  /** Shows a class what a quiz keeps back until its teacher says so, or takes that back. */
  releaseQuiz(classId: string, courseId: string, quizId: string, released: boolean): Promise<Outcome>;

  writeFeedback(learnerId: string, aboutId: string | null, body: string): Promise<Outcome>;
  saveProfile(change: { displayName?: string; bio?: string; avatar?: string; language?: Language }): Promise<Outcome>;

  /**
   * What several people edit is saved with what the person saw when they began, so that what came meanwhile is not replaced.
   * Null `existing`: a new assignment. Answers the last part of its id.
   */
  saveAssignment(
    classId: string,
    existing: { readonly id: string; readonly saw: AssignmentValues } | null,
    values: AssignmentValues,
  ): Promise<Outcome<{ readonly id: string }>>;
  withdrawAssignment(classId: string, id: string): Promise<Outcome>;
  restoreAssignment(classId: string, id: string): Promise<Outcome>;
  /** Makes a PIN, pictures or cards for learners of a class that the person teaches. They are in the answer alone. */
  makeSignIns(
    classId: string,
    accountIds: readonly string[],
    wanted: { readonly code: CodeKind | null; readonly card: boolean },
  ): Promise<Outcome<readonly FreshSignIn[]>>;
  takeBackSignIn(classId: string, accountId: string): Promise<Outcome>;
  makeClassCode(classId: string): Promise<Outcome>;
  saveSeating(classId: string, accountId: string, saw: SeatingValues, values: SeatingValues): Promise<Outcome>;
  /** A section without an id is new. */
  saveCourseDraft(
    courseId: string,
    saw: CourseDraftValues,
    values: Omit<CourseDraftValues, 'sections'> & { readonly sections: readonly { readonly id: string | null; readonly title: string }[] },
  ): Promise<Outcome>;
  restoreSection(courseId: string, sectionId: string): Promise<Outcome>;
  addLesson(courseId: string, sectionId: string, title: string): Promise<Outcome<{ readonly lessonId: string }>>;
  saveLessonDraft(
    courseId: string,
    lessonId: string,
    saw: { readonly title: string; readonly blocks: readonly LessonBlock[] },
    values: { readonly title: string; readonly text: string },
  ): Promise<Outcome>;
  restoreBlock(courseId: string, lessonId: string, blockId: string): Promise<Outcome>;
  /** Safe HTML of a lesson's text while it is written. */
  previewLesson(courseId: string, lessonId: string, text: string): Promise<Outcome<string>>;
  addQuiz(courseId: string, sectionId: string, title: string): Promise<Outcome<{ readonly quizId: string }>>;
  saveQuizDraft(courseId: string, quizId: string, saw: QuizDraft, values: QuizDraft): Promise<Outcome>;
  restoreQuestion(courseId: string, quizId: string, questionId: string): Promise<Outcome>;
  /** A question as learners see it, while it is written; `invalid` while it is none. */
  previewQuestion(courseId: string, quizId: string, questionId: string, body: QuestionBody): Promise<Outcome<QuestionView>>;
  /** What publishing the saved draft would change of attempts that were made. `choices`: by question. */
  previewPublishing(courseId: string, quizId: string, choices: Readonly<Record<string, RegradeChoice>>): Promise<Outcome<PublishPreview>>;
  /** Publishes the saved draft as the next version. It needs the network. */
  publishQuiz(
    courseId: string,
    quizId: string,
    choices: Readonly<Record<string, RegradeChoice>>,
  ): Promise<Outcome<{ readonly version: number }>>;
  /** Decides between the sides that the person was shown, each named by its dots: one by its place, or words of their own. Answers the name of the decision. */
  decide(
    documentId: string,
    cell: string,
    saw: readonly (readonly string[])[],
    choice: number | string,
  ): Promise<Outcome<{ readonly name: string }>>;
  /** Takes a decision back: its sides are to be decided again. */
  takeBackDecision(documentId: string, name: string): Promise<Outcome>;

  /** A class laptop's address, typed or from its code. Answers its name; `unreachable` where no place of the person's school answers there. */
  addPlace(address: string): Promise<Outcome<{ readonly name: string }>>;
  /** Forgets a place that was added at this device. */
  removePlace(address: string): Promise<Outcome>;
  /** Tries now what would be tried later. */
  syncNow(): Promise<void>;
  retryRefused(id: string): Promise<Outcome>;
  /** Makes a courier file of everything that the school has not acknowledged (docs/courier-spec.md). What is in it stays unsent. */
  makeCourierFile(): Promise<Outcome<MadeFile | { readonly because: NotMade }>>;
  /** What is in a courier file; nothing is taken. */
  lookIntoCourierFile(file: Blob): Promise<Outcome<FileLook>>;
  /** Takes what a place made for this device. `show` is told how many documents are in so far. */
  takeCourierFile(file: Blob, show: (documents: number) => void): Promise<Outcome<FileOutcome<TakenFile>>>;
  /** Brings somebody's work to the place that is met; needs the network. */
  carryCourierFile(file: Blob): Promise<Outcome<FileOutcome<CarriedFile>>>;
  /** A file for the devices of a class or a learner, made by the place that is met; null where it knows none of their devices. */
  makeContentFile(wanted: ContentFileRequest): Promise<Outcome<MadeFile | null>>;
  /** Everything of the person that is on this device, refused work included, as JSON text. */
  exportWork(): Promise<Outcome<string>>;
  /** The page tells what it sees: only a visible page keeps a live connection. */
  setVisible(visible: boolean): Promise<void>;
  /** The page tells what its browser says of the network. */
  setNetwork(network: NetworkHint): Promise<void>;
  /** Keeps, for this device, what may be fetched on which network. */
  setDataUse(dataUse: DataUse): Promise<void>;
  /** Tells whether work of anybody here lies ready to be sent when no page is open: now, and after each deed. */
  watchOutbox(show: (unsent: boolean) => void): Promise<{ stop(): void }>;
  /** An access token for a request of the page's own (the admin's screens); asks for a fresh one when it can. */
  accessToken(): Promise<Outcome<string>>;
  /** Joins the grading worker, which speaks `GradingApi` on the port. Without it the database worker grades by itself. */
  connectGrader(port: MessagePort): Promise<void>;
  /** Whether an attempt is open in any account here: an update waits for it. */
  quizOpen(): Promise<boolean>;
}
