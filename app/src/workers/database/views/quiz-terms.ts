import { contactId, type DocumentOf, partitionId } from '@darasa/shared/documents';
import {
  type Allowance,
  allowanceOf,
  exceptionsFor,
  mayBegin,
  type QuizStanding,
  type ReviewMoment,
  sharesLimit,
} from '@darasa/shared/rules';
import type { ViewContext } from './context.ts';

/** On what terms a learner takes a quiz now. */
export interface QuizTerms {
  readonly allowance: Allowance;
  /** Now by the corrected clock, in milliseconds. */
  readonly now: number;
  /** Attempts that were handed in, as far as this device knows. */
  readonly taken: number;
  readonly standing: QuizStanding;
}

type TermsContext = Pick<ViewContext, 'reader' | 'clock' | 'deviceId'>;

/** Now, by the school's clock as this session heard it, else by the device's as the school last found it to be off. */
async function correctedNow({ reader, clock, deviceId }: TermsContext, learnerId: string): Promise<number> {
  const { wall, school } = clock.reading();
  if (school !== null) return school;
  return wall - ((await reader.one(contactId(learnerId, deviceId), 'contact'))?.clockOffsetMs ?? 0);
}

export async function quizTerms(context: TermsContext, quiz: DocumentOf<'quiz'>, learnerId: string): Promise<QuizTerms> {
  const { reader } = context;
  const { courseId, quizId } = quiz;
  const partition = partitionId('learner', learnerId);
  const [exceptions, attempts, now] = await Promise.all([
    reader.all(partition, 'exception'),
    reader.all(partition, 'attempt'),
    correctedNow(context, learnerId),
  ]);
  const allowance = allowanceOf(quiz, exceptionsFor(exceptions, courseId, quizId));
  const own = attempts.filter((each) => each.courseId === courseId && each.quizId === quizId);
  const taken = own.filter(({ quizVersion }) => sharesLimit(quiz, quizVersion)).length;
  return { allowance, now, taken, standing: mayBegin(allowance, taken, now) };
}

/** At what moment a result is looked at, by the one who looks. */
export async function reviewMoment(
  context: TermsContext & Pick<ViewContext, 'person'>,
  quiz: DocumentOf<'quiz'>,
  learnerId: string,
): Promise<ReviewMoment> {
  const { reader, person } = context;
  const { allowance, now } = await quizTerms(context, quiz, learnerId);
  const releases = await Promise.all([...person.learns].map((classId) => reader.all(partitionId('class', classId), 'release')));
  const released = releases.flat().some((each) => each.courseId === quiz.courseId && each.quizId === quiz.quizId);
  return { now, closesAt: allowance.closesAt, released };
}

export const instantOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
