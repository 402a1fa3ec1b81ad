import {
  type AttemptTiming,
  contentDigest,
  type DocumentOf,
  newAttempt,
  opaqueId,
  outlineId,
  quizId as quizDocId,
} from '@darasa/shared/documents';
import { sealWork } from '@darasa/shared/protocol';
import { answerSchema, MAX_ANSWERS_SIZE } from '@darasa/shared/questions';
import { allowedMs, beginTime, denyBreak, drawPaper, keepTime, timeLeft, WHOLE_QUIZ } from '@darasa/shared/rules';
import * as v from 'valibot';
import type { Answer, Outcome, TimeLeft } from '../api.ts';
import type { OpenAttemptRow } from '../device-store.ts';
import { instantOf } from '../environment.ts';
import { currentVersion } from '../views/quiz.ts';
import { quizTerms } from '../views/quiz-terms.ts';
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
    const { standing } = await quizTerms(context, quiz, person.id);
    if (standing !== 'open') return failed('not-allowed', `The quiz is ${standing}`);
    const seed = opaqueId(environment.random);
    const row: OpenAttemptRow = {
      accountId: person.id,
      courseId,
      quizId,
      version: quiz.version,
      startedAt: instantOf(environment),
      answers: {},
      flagged: [],
      at: 0,
      seed,
      quizDigest: contentDigest(quiz),
      sections: drawPaper(quiz, seed).sections,
      time: beginTime(context.clock.reading()),
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

/** The section of the question that is shown. */
function sectionAt({ sections = [], at }: OpenAttemptRow): string {
  let from = 0;
  for (const { id, questionIds } of sections) {
    from += questionIds.length;
    if (at < from) return id;
  }
  return sections.at(-1)?.id ?? WHOLE_QUIZ;
}

/** The attempt with its time counted until now. One that an older app began has none. */
function timed({ clock }: Pick<CommandContext, 'clock'>, row: OpenAttemptRow): OpenAttemptRow {
  return row.time === undefined ? row : { ...row, time: keepTime(row.time, clock.reading(), sectionAt(row)) };
}

async function changeAttempt(
  context: CommandContext,
  courseId: string,
  quizId: string,
  change: (row: OpenAttemptRow) => OpenAttemptRow,
  /** Whether there is something to show: time passes silently. */
  tells = true,
): Promise<Outcome> {
  const { store } = context;
  try {
    const found = await store.transaction('rw', store.openAttempts, async () => {
      const row = await store.openAttempts.get(keyOf(context, courseId, quizId));
      if (row === undefined) return false;
      await store.openAttempts.put(change(timed(context, row)));
      return true;
    });
    if (!found) return failed('not-found', quizId);
  } catch (error) {
    return storageProblem(error);
  }
  if (tells) context.attemptChanged();
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
  const left = await leftOf(context, courseId, quizId);
  if (left !== null && isOver(left, questionId)) return failed('time-over', 'The time is over');
  const answeredAt = instantOf(context.environment);
  let fits = true;
  const outcome = await changeAttempt(context, courseId, quizId, (row) => {
    const { [questionId]: _, ...others } = row.answers;
    const answers = parsed.output === null ? others : { ...others, [questionId]: parsed.output };
    fits = JSON.stringify(answers).length <= MAX_ANSWERS_SIZE;
    return fits ? { ...row, answers, answeredAt, submitting: null } : row;
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

/** What was typed when the time ran out is still being saved. */
const LAST_WORD_MS = 3_000;

interface Left {
  readonly row: OpenAttemptRow;
  readonly limits: { readonly quiz: number | null; readonly sections: Readonly<Record<string, number>> };
  readonly closesInMs: number | null;
}

/** What limits an attempt in hand now; null where there is no such attempt. */
async function leftOf(context: CommandContext, courseId: string, quizId: string): Promise<Left | null> {
  const { store, reader, person } = context;
  const held = await store.openAttempts.get(keyOf(context, courseId, quizId));
  if (held === undefined) return null;
  const quiz = await reader.one(quizDocId(courseId, quizId, held.version), 'quiz');
  const row = timed(context, held);
  if (quiz === null || row.time === undefined) return { row, limits: { quiz: null, sections: {} }, closesInMs: null };
  const { allowance, now } = await quizTerms(context, quiz, person.id);
  const sections = (row.sections ?? []).flatMap(({ id, seconds }) => {
    const allowed = allowedMs(seconds, allowance.extraTime);
    return allowed === null ? [] : [[id, allowed] as const];
  });
  const limits = { quiz: allowedMs(quiz.seconds, allowance.extraTime), sections: Object.fromEntries(sections) };
  return { row, limits, closesInMs: allowance.closesAt === null ? null : allowance.closesAt - now };
}

function isOver({ row, limits, closesInMs }: Left, questionId: string): boolean {
  const { time, sections = [] } = row;
  if (time === undefined) return false;
  const section = sections.find(({ questionIds }) => questionIds.includes(questionId))?.id ?? WHOLE_QUIZ;
  const over = (limit: number | null | undefined, spent: number): boolean => limit != null && spent > limit + LAST_WORD_MS;
  return (
    (closesInMs !== null && closesInMs < -LAST_WORD_MS) ||
    over(limits.quiz, time.spent) ||
    over(limits.sections[section], time.sections[section] ?? 0)
  );
}

async function timeLeftNow(context: CommandContext, courseId: string, quizId: string): Promise<Outcome<TimeLeft>> {
  const left = await leftOf(context, courseId, quizId);
  if (left === null) return failed('not-found', quizId);
  const { row, limits, closesInMs } = left;
  const { time } = row;
  if (time === undefined) return { ok: true, value: { quizMs: null, sections: {}, closesInMs: null, breakMs: null } };
  const sections = Object.entries(limits.sections).map(([id, limit]) => [
    id,
    timeLeft(time, { quiz: null, section: limit }, id).section ?? 0,
  ]);
  return {
    ok: true,
    value: {
      quizMs: timeLeft(time, { quiz: limits.quiz, section: null }, '').quiz,
      sections: Object.fromEntries(sections),
      closesInMs: closesInMs === null ? null : Math.max(0, closesInMs),
      breakMs: time.unproved?.ms ?? null,
    },
  };
}

/** Counts the time until now. What only this device's clock tells stays marked as such until the school is heard, or is denied. */
export async function keepQuizTime(context: CommandContext, courseId: string, quizId: string): Promise<Outcome<TimeLeft>> {
  const kept = await changeAttempt(context, courseId, quizId, (row) => row, false);
  return kept.ok ? timeLeftNow(context, courseId, quizId) : kept;
}

export async function denyQuizBreak(context: CommandContext, courseId: string, quizId: string): Promise<Outcome<TimeLeft>> {
  const denied = await changeAttempt(context, courseId, quizId, (row) =>
    row.time === undefined ? row : { ...row, time: denyBreak(row.time) },
  );
  return denied.ok ? timeLeftNow(context, courseId, quizId) : denied;
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
  const { store, reader, environment, deviceId } = context;
  const key = keyOf(context, courseId, quizId);
  try {
    const seq = await store.nextSeq();
    const left = await leftOf(context, courseId, quizId);
    const row = await store.transaction('rw', store.openAttempts, async () => {
      const open = await store.openAttempts.get(key);
      if (open === undefined) return null;
      const submitting = open.submitting ?? { seq, submittedAt: instantOf(environment), deviceId, ...timingOf(context, left) };
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
    const written = await appendSealed(context, attempt);
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

/**
 * Writes an attempt, and before it the seal by which everybody can see that this device made it, whoever hands it in. Photos and files are
 * sealed with it: the attempt names them by their digests.
 */
async function appendSealed({ own, person, deviceId, deviceKey }: CommandContext, attempt: DocumentOf<'attempt'>): Promise<Outcome> {
  const key = await deviceKey();
  if (key !== null) {
    const { _id, submittedAt: createdAt } = attempt;
    const kept = await appendDocument(own, person, await sealWork(key, { createdAt, deviceId, learnerId: person.id, ids: [_id] }));
    if (!kept.ok) return kept;
  }
  return appendDocument(own, person, attempt);
}

/** What is known of the time when the attempt is handed in. */
function timingOf({ clock }: CommandContext, left: Left | null): { readonly timing?: AttemptTiming } {
  if (left?.row.time === undefined) return {};
  const { spent, sections, doubts } = left.row.time;
  const { wall, school } = clock.reading();
  const offset = school === null ? {} : { offsetMs: Math.round(wall - school) };
  return { timing: { spent, sections: { ...sections }, allowed: left.limits.quiz, ...offset, doubts: [...doubts] } };
}

async function attemptOf(
  row: OpenAttemptRow,
  { seq, submittedAt, deviceId, timing }: NonNullable<OpenAttemptRow['submitting']>,
  quiz: DocumentOf<'quiz'>,
  { grade }: CommandContext,
): Promise<DocumentOf<'attempt'>> {
  const { accountId: learnerId, courseId, quizId, version: quizVersion, startedAt, answers } = row;
  const { questions } = drawPaper(quiz, row.seed ?? null);
  const provisional = quiz.exam ? null : await grade({ ...quiz, questions: [...questions] }, answers);
  return newAttempt({
    learnerId,
    courseId,
    quizId,
    quizVersion,
    startedAt,
    submittedAt,
    answers,
    provisional,
    taken: {
      ...(row.seed === undefined ? {} : { seed: row.seed }),
      ...(row.quizDigest === undefined ? {} : { quizDigest: row.quizDigest }),
      ...(row.answeredAt === undefined ? {} : { answeredAt: row.answeredAt }),
      ...(timing === undefined ? {} : { timing }),
    },
    seq,
    deviceId,
    createdAt: submittedAt,
  });
}
