import { courseIdOf, parseDocId } from '@darasa/shared/documents';
import type { SyncView, WorkItem } from '../api.ts';
import { atLaptopCount, type ProvedPlaces, placeOf, unsentCount } from '../honesty.ts';
import { quizTitle } from './attempt-line.ts';
import type { ViewContext } from './context.ts';
import { courseCard } from './course-card.ts';
import { type CourseMaterial, type LearnerWork, loadCourses, loadWork } from './learning.ts';

const MAX_ITEMS = 500;

/** What a document is called in a list of work; empty where only its type says anything. */
export function workTitle(id: string, materials: readonly CourseMaterial[]): string {
  const parsed = parseDocId(id);
  const [courseId, quizId] = parsed?.key ?? [];
  if (parsed?.type === 'attempt' && courseId !== undefined && quizId !== undefined) return quizTitle(materials, courseId, quizId) ?? '';
  return materials.find(({ course }) => course.courseId === courseIdOf(id))?.course.title ?? '';
}

/** The person's own work, the latest first, with the place where each piece is; what was refused stands apart. */
export function ownWork(work: LearnerWork, places: ProvedPlaces, materials: readonly CourseMaterial[]): readonly WorkItem[] {
  const items = new Map<string, { id: string; type: string; at: string }>();
  for (const { _id, type, submittedAt } of work.attempts) items.set(_id, { id: _id, type, at: submittedAt });
  for (const { _id, type, createdAt } of [...work.progress, ...work.enrolments]) items.set(_id, { id: _id, type, at: createdAt });
  for (const { id, type, createdAt } of places.unsent.values()) {
    if (type !== 'lesson-event' && type !== 'seal' && !items.has(id)) items.set(id, { id, type, at: createdAt });
  }
  return [...items.values()]
    .filter(({ id }) => !places.refused.has(id))
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, MAX_ITEMS)
    .map((item) => ({ ...item, title: workTitle(item.id, materials), place: placeOf(places, item.id), reason: null }));
}

function asShown(kind: 'school' | 'hub' | undefined): 'school' | 'laptop' {
  return kind === 'hub' ? 'laptop' : 'school';
}

export async function loadSync(_params: unknown, context: ViewContext): Promise<SyncView> {
  const { reader, person } = context;
  const [materials, work, places, { state, own, dataUsed, known }, storage] = await Promise.all([
    loadCourses(reader),
    loadWork(reader, person.id),
    context.places(),
    context.replication(),
    context.storage(),
  ]);
  const { progress } = state;
  const refused = [...places.refused.values()].map(
    ({ id, type, at, reason }): WorkItem => ({ id, type, at, reason, title: workTitle(id, materials), place: 'refused' }),
  );
  return {
    state: state.state,
    rest: state.rest,
    heldBack: state.heldBack,
    dataUse: state.dataUse,
    dataUsed,
    place: own.contactAt === null ? null : { kind: asShown(own.contactWith?.kind), name: own.contactWith?.name ?? '' },
    places: known.map(({ address, kind, name, source, current }) => ({
      address,
      kind: asShown(kind),
      name,
      current,
      added: source === 'added',
    })),
    lastContactAt: own.contactAt,
    unsent: unsentCount(places),
    atLaptop: atLaptopCount(places),
    remaining: progress.remaining,
    moved: { received: progress.received, sent: progress.sent, bytes: progress.bytes },
    proved: own.provedAt !== null && places.unsent.size === 0 && atLaptopCount(places) === 0,
    refused,
    work: ownWork(work, places, materials),
    onDevice: {
      documents: storage.documents,
      courses: materials.filter((material) => courseCard(material, work, person).onDevice).length,
    },
    problem: state.problem,
    unreadable: storage.unreadable,
  };
}
