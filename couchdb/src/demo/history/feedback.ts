import { type DocumentOf, newFeedback } from '@darasa/shared/documents';
import { accountIdOf, demoId } from '../people/demo-accounts.ts';
import type { DemoLearner, DemoTeacher } from '../people/people.ts';
import type { LearnerHistory } from './learner-documents.ts';
import { MINUTE_MS } from './school-days.ts';
import type { Chance } from './seeded.ts';

const ENCOURAGING: readonly string[] = [
  'I looked through your answers. Two of your mistakes are the same mistake: read the worked example once more, slowly, and then try the check again. Come to me on Thursday if it is still unclear.',
  'You stopped after the first try. The explanation below each answer shows where it went wrong; write one of them in your own words, then take the check again.',
];
const PRAISING: readonly string[] = [
  'Very good work, and neatly reasoned. Could you help somebody at your table with this section next week?',
  'Hongera! You took it again and got it. That is how it is done.',
];

/** What a teacher wrote to a learner about the last result: a few words, where there is something to say. */
export function feedbackFor(
  learner: DemoLearner,
  teacher: DemoTeacher,
  { attempts, grades }: LearnerHistory,
  { seq, until, chance }: { readonly seq: number; readonly until: number; readonly chance: Chance },
): DocumentOf<'feedback'> | null {
  const grade = grades.at(-1);
  const attempt = attempts.find(({ _id }) => _id === grade?.attemptId);
  if (grade?.result == null || attempt === undefined) return null;
  const { passed } = grade.result;
  if (passed ? learner.temperament !== 'finished' : learner.temperament !== 'struggling') return null;
  const at = Math.min(Date.parse(attempt.submittedAt) + chance.whole(3 * 60, 20 * 60) * MINUTE_MS, until - 30 * MINUTE_MS);
  return newFeedback({
    learnerId: accountIdOf(learner.username),
    classId: teacher.teaches,
    authorId: accountIdOf(teacher.username),
    authorName: teacher.name,
    aboutId: attempt._id,
    body: chance.pick(passed ? PRAISING : ENCOURAGING),
    deviceId: demoId('device', teacher.username),
    seq,
    createdAt: new Date(at).toISOString(),
  });
}
