import { classCardId, partitionId } from '@darasa/shared/documents';
import type { ClassSignInsView } from '../api.ts';
import type { ViewContext } from './context.ts';

/** What the learners of a class sign in with, by name; never the secrets themselves. */
export async function loadClassSignIns(
  { classId }: { classId: string },
  { reader, person }: ViewContext,
): Promise<ClassSignInsView | null> {
  if (!person.teaches.has(classId)) return null;
  const [card, members, held, [code]] = await Promise.all([
    reader.one(classCardId(classId), 'class'),
    reader.all(partitionId('class', classId), 'member'),
    reader.all(partitionId('register', classId), 'class-sign-in'),
    reader.all(partitionId('register', classId), 'class-code'),
  ]);
  if (card === null) return null;
  const learners = members
    .filter(({ role }) => role === 'learner')
    .map(({ accountId, displayName }) => {
      const known = held.find((each) => each.accountId === accountId);
      return { accountId, displayName, code: known?.code.value.kind ?? 'none', card: known?.card.value.kind === 'card' };
    });
  learners.sort((one, other) => one.displayName.localeCompare(other.displayName));
  return { classId, className: card.name, classCode: code?.code.value.text ?? null, learners };
}
