import { newSeating, seatingId } from '@darasa/shared/documents';
import { writeCell } from '@darasa/shared/rules';
import type { Outcome, SeatingValues } from '../api.ts';
import { type CommandContext, originOf } from './context.ts';
import { changeEdited } from './edited-document.ts';

const FIELDS = ['group', 'seat', 'note'] as const;

/** Saves where a learner sits, as far as it differs from what the person saw. */
export function saveSeating(
  context: CommandContext,
  classId: string,
  accountId: string,
  saw: SeatingValues,
  values: SeatingValues,
): Promise<Outcome> {
  const begin = () => newSeating({ classId, accountId, authorId: context.person.id, ...originOf(context) });
  return changeEdited(context, 'seating', seatingId(classId, accountId), begin, (doc, stamp) => {
    const mine = stamp(doc.edits.seen);
    const edits = FIELDS.reduce((next, field) => writeCell(next, mine, field, values[field].trim(), saw[field]), doc.edits);
    return edits === doc.edits ? null : { ...doc, edits };
  });
}
