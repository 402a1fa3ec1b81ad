import { classCardId, type DocumentOf, partitionId } from '@darasa/shared/documents';
import { shownText, toDecide } from '@darasa/shared/rules';
import type { SeatingValues, SeatingView } from '../api.ts';
import type { ViewContext } from './context.ts';

const EMPTY: SeatingValues = { group: '', seat: '', note: '' };

export function seatingValues({ edits }: DocumentOf<'seating'>): SeatingValues {
  return { group: shownText(edits, 'group'), seat: shownText(edits, 'seat'), note: shownText(edits, 'note') };
}

/** Every learner of a class with where they sit, by name. */
export async function loadSeating({ classId }: { classId: string }, { reader, person }: ViewContext): Promise<SeatingView | null> {
  if (!person.teaches.has(classId)) return null;
  const [card, members, seating] = await Promise.all([
    reader.one(classCardId(classId), 'class'),
    reader.all(partitionId('class', classId), 'member'),
    reader.all(partitionId('register', classId), 'seating'),
  ]);
  if (card === null) return null;
  const learners = members
    .filter(({ role }) => role === 'learner')
    .map(({ accountId, displayName }) => {
      const known = seating.find((each) => each.accountId === accountId);
      const values = known === undefined ? EMPTY : seatingValues(known);
      return { accountId, displayName, values, toDecide: known === undefined ? 0 : toDecide(known.edits).length };
    });
  return { classId, className: card.name, learners: learners.sort((one, other) => (one.displayName < other.displayName ? -1 : 1)) };
}
