import { type DocumentOf, type Edits, newAssignment, assignmentId as toId, ulid, WHOLE } from '@darasa/shared/documents';
import { assignmentEdits, removeItem, restoreItem, type Stamp, setCell, withAssignmentEdits, writeCell } from '@darasa/shared/rules';
import type { AssignmentValues, Outcome } from '../api.ts';
import { failed } from '../write.ts';
import { type CommandContext, originOf } from './context.ts';
import { changeEdited } from './edited-document.ts';

type Assignment = DocumentOf<'assignment'>;

const about = ({ courseId, kind, itemId }: AssignmentValues): unknown => ({ courseId, kind, id: itemId });
const audience = ({ learnerIds }: AssignmentValues): string => (learnerIds === null ? 'class' : 'chosen');

function written(edits: Edits, stamp: Stamp, saw: AssignmentValues, values: AssignmentValues): Edits {
  let next = edits;
  next = writeCell(next, stamp, 'title', values.title, saw.title);
  next = writeCell(next, stamp, 'instructions', values.instructions, saw.instructions);
  next = writeCell(next, stamp, 'dueAt', values.dueAt, saw.dueAt);
  next = writeCell(next, stamp, 'about', about(values), about(saw));
  next = writeCell(next, stamp, 'for', audience(values), audience(saw));
  const [before, after] = [new Set(saw.learnerIds ?? []), new Set(values.learnerIds ?? [])];
  if (values.learnerIds !== null) {
    for (const id of new Set([...before, ...after])) {
      if (before.has(id) !== after.has(id)) next = setCell(next, stamp, `learner.${id}.chosen`, after.has(id));
    }
  }
  return next;
}

/** Saves a new assignment, or what was changed of the one that the person saw as `saw`. Answers its id. */
export async function saveAssignment(
  context: CommandContext,
  classId: string,
  existing: { readonly id: string; readonly saw: AssignmentValues } | null,
  values: AssignmentValues,
): Promise<Outcome<{ readonly id: string }>> {
  const title = values.title.trim();
  if (title === '') return failed('invalid', 'The assignment has no title');
  const clean = { ...values, title, instructions: values.instructions.trim() };
  const { environment, person } = context;
  const id = existing?.id ?? ulid(environment.now(), environment.random);
  const begin = (): Assignment => {
    const { courseId, kind, itemId, ...rest } = clean;
    return newAssignment({ ...rest, classId, id, authorId: person.id, courseId, item: { kind, id: itemId }, ...originOf(context) });
  };
  const outcome = await changeEdited(context, 'assignment', toId(classId, id), existing === null ? begin : null, (doc, stamp) => {
    if (existing === null) return doc;
    const edits = assignmentEdits(doc);
    const next = written(edits, stamp(edits.seen), existing.saw, clean);
    return next === edits ? null : withAssignmentEdits(doc, next);
  });
  return outcome.ok ? { ok: true, value: { id } } : outcome;
}

function changeWhole(context: CommandContext, classId: string, id: string, change: (edits: Edits, stamp: Stamp, item: string) => Edits) {
  return changeEdited(context, 'assignment', toId(classId, id), null, (doc, stamp) => {
    const edits = assignmentEdits(doc);
    return withAssignmentEdits(doc, change(edits, stamp(edits.seen), WHOLE));
  });
}

/** Takes an assignment back: learners see it no more. It can be brought back. */
export function withdrawAssignment(context: CommandContext, classId: string, id: string): Promise<Outcome> {
  return changeWhole(context, classId, id, removeItem);
}

export function restoreAssignment(context: CommandContext, classId: string, id: string): Promise<Outcome> {
  return changeWhole(context, classId, id, restoreItem);
}
