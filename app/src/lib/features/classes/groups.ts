import type { ClassView } from '$lib/client/index.ts';

export type ClassLearner = ClassView['learners'][number];
export interface LearnerGroups {
  readonly help: readonly ClassLearner[];
  readonly quiet: readonly ClassLearner[];
  readonly others: readonly ClassLearner[];
}

/** A week of silence is worth a look; it is never called a failure. */
export const QUIET_AFTER_DAYS = 7;
const DAY_MS = 86_400_000;

/** People in the order in which a teacher needs them: those who need help, those not heard from for longest, the rest by name. */
export function groupLearners(learners: readonly ClassLearner[], now: Date, locale: string): LearnerGroups {
  const byName = [...learners].sort((one, other) => one.displayName.localeCompare(other.displayName, locale));
  const silence = (learner: ClassLearner): number =>
    learner.lastHeardAt === null ? Number.POSITIVE_INFINITY : now.getTime() - Date.parse(learner.lastHeardAt);
  const isQuiet = (learner: ClassLearner): boolean => silence(learner) > QUIET_AFTER_DAYS * DAY_MS;
  const help = byName.filter((learner) => learner.standing === 'needs-help');
  const quiet = byName.filter((learner) => learner.standing !== 'needs-help' && isQuiet(learner));
  // Two who were never heard from have the same endless silence, and stay by name.
  quiet.sort((one, other) => (silence(one) === silence(other) ? 0 : silence(other) - silence(one)));
  return { help, quiet, others: byName.filter((learner) => !help.includes(learner) && !quiet.includes(learner)) };
}
