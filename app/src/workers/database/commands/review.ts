import { type DocumentOf, type Edits, parseDocId } from '@darasa/shared/documents';
import { assignmentEdits, decide, dotName, type Side, type Stamp, sidesOf, undoDecision, withAssignmentEdits } from '@darasa/shared/rules';
import type { Outcome } from '../api.ts';
import { failed } from '../write.ts';
import type { CommandContext } from './context.ts';
import { changeEdited, type EditedTypeName } from './edited-document.ts';

const EDITED: readonly EditedTypeName[] = ['assignment', 'seating', 'course-draft', 'lesson-draft', 'quiz-draft'];

async function changeCells(context: CommandContext, documentId: string, change: (edits: Edits, stamp: Stamp) => Edits): Promise<Outcome> {
  const type = EDITED.find((each) => each === parseDocId(documentId)?.type);
  if (type === undefined) return failed('not-found', documentId);
  if (type === 'assignment') {
    return changeEdited(context, type, documentId, null, (doc, stamp) => {
      const edits = assignmentEdits(doc);
      const next = change(edits, stamp(edits.seen));
      return next === edits ? null : withAssignmentEdits(doc, next);
    });
  }
  return changeEdited<Exclude<EditedTypeName, 'assignment'>>(context, type, documentId, null, (doc, stamp) => {
    const next = change(doc.edits, stamp(doc.edits.seen));
    return next === doc.edits ? null : ({ ...doc, edits: next } satisfies DocumentOf<Exclude<EditedTypeName, 'assignment'>>);
  });
}

/**
 * Decides between the sides that the person was shown, named by their dots: one of them by its place, or words of their own. Answers the
 * name of the decision, by which it can be taken back;
 * `not-found` when that side was replaced meanwhile.
 */
export async function decideBetween(
  context: CommandContext,
  documentId: string,
  cell: string,
  saw: readonly (readonly string[])[],
  choice: number | string,
): Promise<Outcome<{ readonly name: string }>> {
  let gone = false;
  let name = '';
  const outcome = await changeCells(context, documentId, (edits, stamp) => {
    const sides = sidesOf(edits, cell);
    const shown = sides
      .map((side): Side => ({ ...side, entries: side.entries.filter((entry) => saw.some((dots) => dots.includes(dotName(entry)))) }))
      .filter(({ entries }) => entries.length > 0);
    const chosen =
      typeof choice === 'string' ? null : sides.find(({ entries }) => entries.some((entry) => saw[choice]?.includes(dotName(entry))));
    gone = chosen === undefined || shown.length === 0;
    name = dotName(stamp);
    return gone ? edits : decide(edits, stamp, cell, typeof choice === 'string' ? choice.trim() : chosen?.value, shown);
  });
  if (!outcome.ok) return outcome;
  return gone ? failed('not-found', cell) : { ok: true, value: { name } };
}

/** Takes a decision back. */
export function takeBackDecision(context: CommandContext, documentId: string, name: string): Promise<Outcome> {
  return changeCells(context, documentId, (edits, stamp) => undoDecision(edits, stamp, name));
}
