import type { DocumentOf } from '../../documents/registry.ts';

type Exception = DocumentOf<'exception'>;
type Quiz = Pick<DocumentOf<'quiz'>, 'attempts' | 'opensAt' | 'closesAt' | 'exam'>;

/** What one learner may do in one quiz. */
export interface Allowance {
  /** How many attempts count; null for any number. */
  readonly attempts: number | null;
  /** In milliseconds since 1970; null for none. */
  readonly opensAt: number | null;
  readonly closesAt: number | null;
  /** A share of each limit. */
  readonly extraTime: number;
}

/** The exceptions that hold in one quiz: those that were not taken back. */
export function exceptionsFor(exceptions: readonly Exception[], courseId: string, quizId: string): readonly Exception[] {
  const own = exceptions.filter((each) => each.courseId === courseId && each.quizId === quizId);
  const replaced = new Set(own.map(({ replaces }) => replaces));
  return own.filter(({ _id }) => !replaced.has(_id));
}

/**
 * What a quiz allows, with a learner's exceptions in it (`exceptionsFor`): attempts add up, of times the most generous holds.
 * It does not matter in which order they arrive.
 */
export function allowanceOf({ attempts, opensAt, closesAt, exam }: Quiz, exceptions: readonly Exception[]): Allowance {
  const counted = attempts ?? (exam ? 1 : null);
  const ends = exceptions.flatMap((each) => (each.closesAt === null ? [] : [Date.parse(each.closesAt)]));
  return {
    attempts: counted === null ? null : exceptions.reduce((sum, each) => sum + each.attempts, counted),
    opensAt: opensAt === undefined ? null : Date.parse(opensAt),
    closesAt: closesAt === undefined ? null : Math.max(Date.parse(closesAt), ...ends),
    extraTime: Math.max(0, ...exceptions.map((each) => each.extraTime)),
  };
}

/**
 * Whether an attempt at a version counts against the limit that another version states. A limit that is written down holds for all
 * versions together; an exam without one is sat once in each.
 */
export function sharesLimit({ attempts, version }: Pick<DocumentOf<'quiz'>, 'attempts' | 'version'>, other: number): boolean {
  return attempts !== undefined || version === other;
}

export type Standing = 'early' | 'open' | 'closed' | 'used-up';

/**
 * Whether an attempt may be begun now, by the corrected clock. `taken`: attempts at any version that were submitted, as far as is
 * known here. Where devices did not know of each other the school says which attempts count.
 */
export function mayBegin({ attempts, opensAt, closesAt }: Allowance, taken: number, now: number): Standing {
  if (opensAt !== null && now < opensAt) return 'early';
  if (closesAt !== null && now >= closesAt) return 'closed';
  return attempts !== null && taken >= attempts ? 'used-up' : 'open';
}

/** Clocks are read to the second, and the last answer of all takes its time to be saved. */
const LATE_LEEWAY_MS = 60_000;

/** Whether an attempt's last answer came after the end. `offsetMs`: the device's clock minus the school's. */
export function isLate(
  { closesAt }: Allowance,
  { answeredAt, submittedAt }: Pick<DocumentOf<'attempt'>, 'answeredAt' | 'submittedAt'>,
  offsetMs: number,
): boolean {
  return closesAt !== null && Date.parse(answeredAt ?? submittedAt) - offsetMs > closesAt + LATE_LEEWAY_MS;
}
