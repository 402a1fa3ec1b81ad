import { type DocumentOf, partitionId, profileId } from '@darasa/shared/documents';
import { inOrder } from '@darasa/shared/rules';
import type { DueItem, HomeView, NextStep, Notice } from '../api.ts';
import { unsentCount } from '../honesty.ts';
import type { ViewContext } from './context.ts';
import { courseCard, nextStep, stepTo } from './course-card.ts';
import { type CourseMaterial, type LearnerWork, loadCourses, progressIn } from './learning.ts';
import { loadShownWork } from './shown-work.ts';

const MAX_NOTICES = 10;

/** A class as its learners see it. */
export interface ClassBoard {
  readonly card: DocumentOf<'class'> | null;
  readonly assignments: readonly DocumentOf<'assignment'>[];
  readonly announcements: readonly DocumentOf<'announcement'>[];
}

/** What to go on with: the course that was worked on last, else one that was begun, else one that is the learner's own. */
export function continueWith(
  materials: readonly CourseMaterial[],
  work: LearnerWork,
  mine: ReadonlySet<string>,
  events: readonly DocumentOf<'lesson-event'>[],
): NextStep | null {
  const last = inOrder(events).at(-1)?.courseId;
  const candidates = materials
    .map((material) => ({ material, progress: progressIn(material, work) }))
    .filter(({ material, progress }) => material.readable && (progress?.state === 'working' || mine.has(material.course.courseId)));
  const rank = ({ material, progress }: (typeof candidates)[number]): number =>
    material.course.courseId === last ? 0 : progress?.state === 'working' ? 1 : 2;
  for (const { material, progress } of candidates.sort((a, b) => rank(a) - rank(b))) {
    const step = nextStep(material, progress);
    if (step !== null) return step;
  }
  return null;
}

/** What is set for the learner, what is late first, what has no date last; what is done goes to the end. */
export function dueItems(materials: readonly CourseMaterial[], work: LearnerWork, boards: readonly ClassBoard[]): readonly DueItem[] {
  const items = boards.flatMap(({ card, assignments }) =>
    assignments.flatMap((assignment): DueItem[] => {
      const { courseId, item, dueAt, learnerIds = null } = assignment;
      if (assignment.withdrawn === true || learnerIds?.includes(work.learnerId) === false) return [];
      const material = materials.find(({ course }) => course.courseId === courseId);
      const step = material === undefined ? null : stepTo(material, item.kind, item.id);
      if (material === undefined || step === null) return [];
      const state = progressIn(material, work)?.items.find(({ kind, id }) => kind === item.kind && id === item.id)?.state;
      const { _id: assignmentId, title, instructions = '' } = assignment;
      return [{ ...step, assignmentId, assignment: title, instructions, dueAt, className: card?.name ?? '', done: state === 'done' }];
    }),
  );
  return items.sort((a, b) => Number(a.done) - Number(b.done) || ((a.dueAt ?? '\uffff') < (b.dueAt ?? '\uffff') ? -1 : 1));
}

export function notices(announcements: readonly DocumentOf<'announcement'>[]): readonly Notice[] {
  return [...announcements]
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    .slice(0, MAX_NOTICES)
    .map(({ _id, authorName, title, body, createdAt }) => ({ id: _id, from: authorName, title, body, at: createdAt }));
}

export async function loadHome(_params: unknown, context: ViewContext): Promise<HomeView> {
  const { reader, person } = context;
  const classIds = [...person.learns, ...person.teaches];
  const [materials, work, events, school, boards, places, { own, content }, profile] = await Promise.all([
    loadCourses(reader),
    loadShownWork(context),
    reader.all(partitionId('learner', person.id), 'lesson-event'),
    reader.all('school', 'announcement'),
    Promise.all(classIds.map((classId) => loadBoard(context, classId))),
    context.places(),
    context.replication(),
    person.kinds.has('learner') ? reader.one(profileId(person.id), 'profile') : null,
  ]);
  const cards = materials.map((material) => courseCard(material, work, person));
  const mine = new Set(cards.filter((card) => card.mine).map(({ courseId }) => courseId));
  return {
    displayName: profile?.displayName.value ?? context.displayName,
    continue: continueWith(materials, work, mine, events),
    due: dueItems(
      materials,
      work,
      boards.filter(({ card }) => card !== null && person.learns.has(card.classId)),
    ),
    courses: cards.filter((card) => card.mine || card.state !== 'not-started'),
    notices: notices([...school, ...boards.flatMap(({ announcements }) => announcements)]),
    unsent: unsentCount(places),
    ready: own.complete && content.complete,
  };
}

async function loadBoard({ reader }: ViewContext, classId: string): Promise<ClassBoard> {
  const partition = partitionId('class', classId);
  const [cards, assignments, announcements] = await Promise.all([
    reader.all(partition, 'class'),
    reader.all(partition, 'assignment'),
    reader.all(partition, 'announcement'),
  ]);
  return { card: cards[0] ?? null, assignments, announcements };
}
