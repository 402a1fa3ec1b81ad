import { newFeedback, partitionId } from '@darasa/shared/documents';
import type { Outcome } from '../api.ts';
import { appendDocument, failed } from '../write.ts';
import { type CommandContext, countedOrigin } from './context.ts';

/** A class in whose name a teacher speaks to a learner; null where the one does not teach the other. */
export async function classOf({ person, reader }: CommandContext, learnerId: string): Promise<string | null> {
  for (const classId of person.teaches) {
    const roster = await reader.all(partitionId('class', classId), 'member');
    if (roster.some(({ accountId, role }) => accountId === learnerId && role === 'learner')) return classId;
  }
  return null;
}

/** A teacher's words to a learner, in the name of a class in which the one teaches the other. */
export async function writeFeedback(context: CommandContext, learnerId: string, aboutId: string | null, body: string): Promise<Outcome> {
  const { person, displayName } = context;
  if (body.trim() === '') return failed('invalid', 'The feedback is empty');
  const classId = await classOf(context, learnerId);
  if (classId === null) return failed('not-allowed', 'This learner is in none of your classes');
  const feedback = newFeedback({
    learnerId,
    classId,
    authorId: person.id,
    authorName: displayName,
    aboutId,
    body: body.trim(),
    ...(await countedOrigin(context)),
  });
  return appendDocument(context.own, person, feedback);
}
