import { type DocumentOf, newAttempt, outlineId, partitionId, quizId as quizDocId } from '@darasa/shared/documents';
import { answerSchema, MAX_ANSWERS_SIZE } from '@darasa/shared/questions';
import * as v from 'valibot';
import type { Answer, Outcome } from '../api.ts';
import type { OpenAttemptRow } from '../device-store.ts';
import { instantOf } from '../environment.ts';
import { currentVersion } from '../views/quiz.ts';
import { appendDocument, done, failed, storageProblem } from '../write.ts';
import { forgetFiles, sendFiles } from './answer-file.ts';
import { noteCompletion } from './completion.ts';
import type { CommandContext } from './context.ts';
import { recordEvent, resumeAt } from './lesson.ts';

/*
 * An attempt in hand lives on this device alone, and every answer is committed before the runner goes on. Submitting makes
 * of it one document that never changes again.
 */

type Key = [accountId: string, courseId: string, quizId: string];

function keyOf(context: CommandContext, courseId: string, quizId: string): Key {
  return [context.person.id, courseId, quizId];
}

/** Whether an attempt at this version of a quiz was submitted, as far as this device knows. The school has the last word. */
async function hasSat({ reader, person }: CommandContext, courseId: string, quizId: string, version: number): Promise<boolean> {
  const attempts = await reader.all(partitionId('learner', person.id), 'attempt');
  return attempts.some((each) => each.courseId === courseId && each.quizId === quizId && each.quizVersion === version);
}

/** Begins an attempt, or goes on with the one in hand. The version is pinned now. */
export async function beginQuiz(context: CommandContext, courseId: string, quizId: string): Promise<Outcome> {
  const { store, person, reader, environment } = context;
  if (!person.kinds.has('learner')) return failed('not-allowed', 'Only learners take quizzes');
  const key = keyOf(context, courseId, quizId);
  try {
    if ((await store.openAttempts.get(key)) !== undefined) return done();
    const version = currentVersion(await reader.one(outlineId(courseId), 'outline'), quizId);
    const quiz = version === null ? null : await reader.one(quizDocId(courseId, quizId, version), 'quiz');
    if (quiz === null) return failed('not-found', quizId);
    if (quiz.exam && (await hasSat(context, courseId, quizId, quiz.version))) return failed('not-allowed', 'An exam is sat once');
    const row: OpenAttemptRow = {
      accountId: person.id,
      courseId,
      quizId,
      version: quiz.version,
      startedAt: instantOf(environment),
      answers: {},
      flagged: [],
      at: 0,
      submitting: null,
    };
    // Another tab may have begun it meanwhile: then its attempt stands.
    await store.transaction('rw', store.openAttempts, async () => {
      if ((await store.openAttempts.get(key)) === undefined) await store.openAttempts.add(row);
    });
  } catch (error) {
    return storageProblem(error);
  }
  context.attemptChanged();
  const { outcome } = await resumeAt(context, courseId, 'quiz', quizId);
  return outcome.ok ? recordEvent(context, courseId, quizId, 'quiz-started') : outcome;
}

async function changeAttempt(
  context: CommandContext,
  courseId: string,
  quizId: string,
  change: (row: OpenAttemptRow) => OpenAttemptRow,
): Promise<Outcome> {
  const { store } = context;
  try {
    const found = await store.transaction('rw', store.openAttempts, async () => {
      const row = await store.openAttempts.get(keyOf(context, courseId, quizId));
      if (row === undefined) return false;
      await store.openAttempts.put(change(row));
      return true;
    });
    if (!found) return failed('not-found', quizId);
  } catch (error) {
    return storageProblem(error);
  }
  context.attemptChanged();
  return done();
}

export async function saveAnswer(
  context: CommandContext,
  courseId: string,
  quizId: string,
  questionId: string,
  answer: Answer | null,
): Promise<Outcome> {
  // What would make the whole attempt invalid later is refused now, while it can be mended.
  const parsed = v.safeParse(v.nullable(answerSchema), answer);
  if (!parsed.success) return failed('invalid', parsed.issues[0].message);
  let fits = true;
  const outcome = await changeAttempt(context, courseId, quizId, (row) => {
    const { [questionId]: _, ...others } = row.answers;
    const answers = parsed.output === null ? others : { ...others, [questionId]: parsed.output };
    fits = JSON.stringify(answers).length <= MAX_ANSWERS_SIZE;
    return fits ? { ...row, answers, submitting: null } : row;
  });
  return fits ? outcome : failed('invalid', 'All answers together are too long');
}

export function flagQuestion(
  context: CommandContext,
  courseId: string,
  quizId: string,
  questionId: string,
  flagged: boolean,
): Promise<Outcome> {
  return changeAttempt(context, courseId, quizId, (row) => {
    const others = row.flagged.filter((each) => each !== questionId);
    return { ...row, flagged: flagged ? [...others, questionId] : others };
  });
}

export function showQuestion(context: CommandContext, courseId: string, quizId: string, at: number): Promise<Outcome> {
  return changeAttempt(context, courseId, quizId, (row) => ({ ...row, at }));
}

/**
 * Makes the attempt final. Its number and time are noted in the attempt in hand first, so that a submission which a crash
 * interrupts is the same document when it is made again, and not a second attempt.
 */
export async function submitQuiz(
  context: CommandContext,
  courseId: string,
  quizId: string,
): Promise<Outcome<{ readonly attemptId: string }>> {
  const { store, person, reader, environment, deviceId } = context;
  const key = keyOf(context, courseId, quizId);
  try {
    const seq = await store.nextSeq();
    const row = await store.transaction('rw', store.openAttempts, async () => {
      const open = await store.openAttempts.get(key);
      if (open === undefined) return null;
      const submitting = open.submitting ?? { seq, submittedAt: instantOf(environment), deviceId };
      const next = { ...open, submitting };
      await store.openAttempts.put(next);
      return next;
    });
    if (row === null) return failed('not-found', quizId);
    const quiz = await reader.one(quizDocId(courseId, quizId, row.version), 'quiz');
    if (quiz === null) return failed('not-found', `${quizId} version ${row.version}`);

    const sent = await sendFiles(context, key, row.answers);
    if (!sent.ok) return sent;
    const attempt = await attemptOf(row, row.submitting, quiz, context);
    const written = await appendDocument(context.own, person, attempt);
    if (!written.ok) return written;
    await store.openAttempts.delete(key);
    await forgetFiles(context, key);
    context.attemptChanged();
    const told = await recordEvent(context, courseId, quizId, 'completed');
    if (!told.ok) return told;
    const noted = await noteCompletion(context, courseId);
    return noted.ok ? { ok: true, value: { attemptId: attempt._id } } : noted;
  } catch (error) {
    return storageProblem(error);
  }
}

async function attemptOf(
  row: OpenAttemptRow,
  { seq, submittedAt, deviceId }: NonNullable<OpenAttemptRow['submitting']>,
  quiz: DocumentOf<'quiz'>,
  { grade }: CommandContext,
): Promise<DocumentOf<'attempt'>> {
  const { accountId: learnerId, courseId, quizId, version: quizVersion, startedAt, answers } = row;
  const provisional = quiz.exam ? null : await grade(quiz, answers);
  return newAttempt({
    learnerId,
    courseId,
    quizId,
    quizVersion,
    startedAt,
    submittedAt,
    answers,
    provisional,
    seq,
    deviceId,
    createdAt: submittedAt,
  });
}
