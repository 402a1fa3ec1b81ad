import type { DocumentOf } from '../../documents/registry.ts';

/** What of a result may be kept back. `answers`: which answers are right; `feedback`: what the author says about them. */
export type Reviewed = 'score' | 'answers' | 'feedback';
/** Why something is not shown, so that the learner can be told. */
export type KeptBack = 'after-close' | 'released' | 'never';

export interface ReviewMoment {
  /** By the corrected clock, in milliseconds. */
  readonly now: number;
  /** The end for this learner; null for none. */
  readonly closesAt: number | null;
  /** Whether a teacher of theirs has released the quiz. */
  readonly released: boolean;
}

/** Whether a learner is shown this of their result; else why not. */
export function keptBack(
  { review }: Pick<DocumentOf<'quiz'>, 'review'>,
  what: Reviewed,
  { now, closesAt, released }: ReviewMoment,
): KeptBack | null {
  const when = review?.[what] ?? 'at-once';
  switch (when) {
    case 'at-once':
      return null;
    case 'after-close':
      return closesAt === null || now >= closesAt ? null : when;
    case 'released':
      return released ? null : when;
    case 'never':
      return when;
  }
}
