import { BASE_WRITER, type Edits, type Entry, WHOLE } from '../../documents/edits.ts';
import type { DocumentOf } from '../../documents/registry.ts';
import { isRemoved, itemIds, shown } from '../edits/read.ts';
import { joinEdits } from './edits.ts';
import type { Join } from './join.ts';
import { mergeWith } from './merge-document.ts';

type Assignment = DocumentOf<'assignment'>;

function baseCells(assignment: Assignment): Edits['cells'] {
  const { authorId, createdAt, courseId, item, title, dueAt, instructions = '', learnerIds = null } = assignment;
  const base = (value: unknown): Entry[] => [{ value, by: BASE_WRITER, n: 0, personId: authorId, at: createdAt }];
  return {
    title: base(title),
    instructions: base(instructions),
    dueAt: base(dueAt),
    about: base({ courseId, kind: item.kind, id: item.id }),
    for: base(learnerIds === null ? 'class' : 'chosen'),
    ...Object.fromEntries((learnerIds ?? []).map((id) => [`learner.${id}.chosen`, base(true)])),
  };
}

/** The cells of an assignment; of one that nobody has edited yet, what it was made with. */
export function assignmentEdits(assignment: Assignment): Edits {
  return assignment.edits ?? { seen: {}, cells: baseCells(assignment), removed: {}, decisions: {} };
}

/** The ids of the chosen learners, in order. */
export function chosenLearners(edits: Edits): readonly string[] {
  return itemIds(edits, 'learner').filter((id) => shown(edits, `learner.${id}.chosen`) === true);
}

/** The assignment with these cells: its plain fields repeat what they show, for whoever reads no cells. */
export function withAssignmentEdits(assignment: Assignment, edits: Edits): Assignment {
  const has = (cell: string): boolean => edits.cells[cell] !== undefined;
  const { kind, id, courseId } = (has('about') ? shown(edits, 'about') : { ...assignment.item, courseId: assignment.courseId }) as {
    kind: Assignment['item']['kind'];
    id: string;
    courseId: string;
  }; // the schema has checked what the cells hold, here and below
  return {
    ...assignment,
    courseId,
    item: { kind, id },
    title: has('title') ? (shown(edits, 'title') as string) : assignment.title,
    dueAt: has('dueAt') ? (shown(edits, 'dueAt') as string | null) : assignment.dueAt,
    instructions: has('instructions') ? (shown(edits, 'instructions') as string) : (assignment.instructions ?? ''),
    learnerIds: shown(edits, 'for') === 'chosen' ? [...chosenLearners(edits)] : null,
    withdrawn: isRemoved(edits, WHOLE),
    edits,
  };
}

const withCells = (assignment: Assignment): Assignment => withAssignmentEdits(assignment, assignmentEdits(assignment));

const joinVersions = mergeWith<Assignment>(
  { edits: (one, other) => (one === undefined || other === undefined ? (one ?? other) : joinEdits(one, other)) },
  withCells,
);

/** Cell by cell. What an assignment was made with counts as written before everything else. */
export const mergeAssignment: Join<Assignment> = (one, other) => joinVersions(withCells(one), withCells(other));
