import { assignmentId, classCardId, type DocumentOf, parseDocId, partitionId } from '@darasa/shared/documents';
import { assignmentEdits, toDecide } from '@darasa/shared/rules';
import type { AssignmentChoices, AssignmentLine, AssignmentsView, AssignmentValues, AssignmentView } from '../api.ts';
import { type ProvedPlaces, placeOf } from '../honesty.ts';
import type { ViewContext } from './context.ts';
import { loadCourses, outlineItems } from './learning.ts';

type Assignment = DocumentOf<'assignment'>;

export function assignmentValues({ courseId, item, title, instructions = '', dueAt, learnerIds = null }: Assignment): AssignmentValues {
  return { courseId, kind: item.kind, itemId: item.id, title, instructions, dueAt, learnerIds };
}

/** What has a date comes first, the earliest first; then the newest. */
export function byDate(one: Assignment, other: Assignment): number {
  if (one.dueAt !== other.dueAt) return (one.dueAt ?? '\uffff') < (other.dueAt ?? '\uffff') ? -1 : 1;
  return one._id > other._id ? -1 : 1;
}

function lineOf(assignment: Assignment, titles: ReadonlyMap<string, string>, places: ProvedPlaces): AssignmentLine {
  const { _id, title, courseId, dueAt, learnerIds = null } = assignment;
  return {
    id: parseDocId(_id)?.key[0] ?? '',
    title,
    courseTitle: titles.get(courseId) ?? courseId,
    dueAt,
    learners: learnerIds?.length ?? null,
    toDecide: toDecide(assignmentEdits(assignment)).length,
    place: placeOf(places, _id),
  };
}

export async function loadAssignments({ classId }: { classId: string }, context: ViewContext): Promise<AssignmentsView | null> {
  const { reader, person } = context;
  if (!person.teaches.has(classId)) return null;
  const [card, assignments, courses, places] = await Promise.all([
    reader.one(classCardId(classId), 'class'),
    reader.all(partitionId('class', classId), 'assignment'),
    reader.all('public', 'course'),
    context.places(),
  ]);
  if (card === null) return null;
  const titles = new Map(courses.map(({ courseId, title }) => [courseId, title]));
  const lines = (withdrawn: boolean): AssignmentLine[] =>
    assignments
      .filter((each) => (each.withdrawn ?? false) === withdrawn)
      .sort(byDate)
      .map((each) => lineOf(each, titles, places));
  return { classId, className: card.name, assignments: lines(false), withdrawn: lines(true) };
}

async function choicesFor({ reader }: ViewContext, card: DocumentOf<'class'>): Promise<AssignmentChoices> {
  const [materials, members] = await Promise.all([loadCourses(reader), reader.all(partitionId('class', card.classId), 'member')]);
  return {
    courses: card.courseIds.flatMap((courseId) => {
      const material = materials.find(({ course }) => course.courseId === courseId);
      const items = outlineItems(material?.outline ?? null).map(({ kind, id, title }) => ({ kind, id, title }));
      return material === undefined || items.length === 0 ? [] : [{ courseId, title: material.course.title, items }];
    }),
    learners: members
      .filter(({ role }) => role === 'learner')
      .map(({ accountId, displayName }) => ({ accountId, displayName }))
      .sort((one, other) => (one.displayName < other.displayName ? -1 : 1)),
  };
}

/** One assignment as a form shows it; `id` null is a new one. */
export async function loadAssignment(
  { classId, id }: { classId: string; id: string | null },
  context: ViewContext,
): Promise<AssignmentView | null> {
  const { reader, person } = context;
  if (!person.teaches.has(classId)) return null;
  const card = await reader.one(classCardId(classId), 'class');
  const assignment = id === null ? null : await reader.one(assignmentId(classId, id), 'assignment');
  if (card === null || (id !== null && assignment === null)) return null;
  return {
    classId,
    className: card.name,
    choices: await choicesFor(context, card),
    values: assignment === null ? null : assignmentValues(assignment),
    withdrawn: assignment?.withdrawn ?? false,
    toDecide: assignment === null ? 0 : toDecide(assignmentEdits(assignment)).length,
  };
}
