import { type Decision, type DocumentOf, type Edits, type Entry, partitionId } from '@darasa/shared/documents';
import { assignmentEdits, type Side, shownText, toDecide } from '@darasa/shared/rules';
import type { DecidedItem, ReviewItem, ReviewSide, ReviewSubject, ReviewView, SideValue } from '../api.ts';
import type { ViewContext } from './context.ts';
import { type CourseMaterial, loadCourses, outlineItems } from './learning.ts';

/** A document with what a screen says of it, and who decides in it. */
interface Reviewed {
  readonly subject: Omit<ReviewSubject, 'field'>;
  readonly edits: Edits;
  /** Who began it. */
  readonly authorId: string;
  /** Names of those who may write it, by account, as far as they are known here. */
  readonly writers: ReadonlyMap<string, string>;
}

const FIELDS = ['title', 'summary', 'instructions', 'dueAt', 'about', 'for', 'group', 'seat', 'note', 'text'] as const;

function fieldOf(cell: string): ReviewSubject['field'] {
  const last = cell.split('.').at(-1);
  return FIELDS.find((field) => field === last) ?? 'other';
}

function sideValue(value: unknown, field: ReviewSubject['field'], materials: readonly CourseMaterial[]): SideValue {
  if (field === 'dueAt') return { kind: 'time', at: typeof value === 'string' ? value : null };
  if (field === 'for') return { kind: 'audience', who: value === 'chosen' ? 'chosen' : 'class' };
  if (field === 'about' && typeof value === 'object' && value !== null) {
    const { courseId, kind, id } = value as { courseId?: unknown; kind?: unknown; id?: unknown }; // the schema has checked the cell
    const material = materials.find(({ course }) => course.courseId === courseId);
    const item = outlineItems(material?.outline ?? null).find((each) => each.kind === kind && each.id === id);
    return { kind: 'item', title: item?.title ?? String(id), courseTitle: material?.course.title ?? String(courseId) };
  }
  // Of a question that two people rewrote apart its words tell the sides apart.
  if (typeof value === 'object' && value !== null && 'prompt' in value) return { kind: 'text', text: String(value.prompt) };
  return { kind: 'text', text: typeof value === 'string' ? value : JSON.stringify(value ?? '') };
}

/** The name that a value bears; of what was there before anybody edited it, null. */
function nameOf(
  { name, personId, n }: Pick<Entry, 'name' | 'personId'> & { readonly n?: number },
  writers: ReadonlyMap<string, string>,
): string | null {
  return n === 0 ? null : (name ?? writers.get(personId) ?? personId);
}

/** All that there is to decide, and was decided, in documents that a person may write. */
export function reviewOf(documents: readonly Reviewed[], accountId: string, materials: readonly CourseMaterial[]): ReviewView {
  const yours: ReviewItem[] = [];
  const others: ReviewItem[] = [];
  const decided: DecidedItem[] = [];
  for (const { subject, edits, authorId, writers } of documents) {
    const side = (field: ReviewSubject['field'], value: unknown, entries: readonly Entry[]): ReviewSide => ({
      dots: entries.map(({ by, n }) => `${by}.${n}`),
      value: sideValue(value, field, materials),
      from: entries[0] === undefined ? null : nameOf(entries[0], writers),
      at: entries[0]?.at ?? '',
    });
    // Whoever began it decides, while they may; after that anybody who may.
    const theirs = authorId !== accountId && writers.has(authorId);
    for (const { cell, sides } of toDecide(edits)) {
      const field = fieldOf(cell);
      const item: ReviewItem = {
        subject: { ...subject, field },
        cell,
        sides: sides.map(({ value, entries }: Side) => side(field, value, entries)),
        decider: theirs ? (writers.get(authorId) ?? null) : null,
      };
      (theirs ? others : yours).push(item);
    }
    for (const [name, decision] of Object.entries<Decision>(edits.decisions)) {
      if (decision.undone) continue;
      const field = fieldOf(decision.cell);
      decided.push({
        subject: { ...subject, field },
        name,
        kept: sideValue(decision.kept, field, materials),
        sides: decision.sides.map((entry) => side(field, entry.value, [entry])),
        from: nameOf(decision, writers) ?? '',
        at: decision.at,
      });
    }
  }
  return { yours, others, decided: decided.sort((one, other) => (one.at > other.at ? -1 : 1)) };
}

async function ofClass({ reader }: ViewContext, classId: string): Promise<readonly Reviewed[]> {
  const partition = partitionId('class', classId);
  const [cards, members, assignments, seating] = await Promise.all([
    reader.all(partition, 'class'),
    reader.all(partition, 'member'),
    reader.all(partition, 'assignment'),
    reader.all(partitionId('register', classId), 'seating'),
  ]);
  const writers = new Map(members.filter(({ role }) => role === 'teacher').map(({ accountId, displayName }) => [accountId, displayName]));
  const where = cards[0]?.name ?? classId;
  const nameOfLearner = (accountId: string): string => members.find((each) => each.accountId === accountId)?.displayName ?? accountId;
  const reviewed = (doc: DocumentOf<'assignment' | 'seating'>, edits: Edits, title: string): Reviewed => ({
    subject: { documentId: doc._id, type: doc.type, title, where },
    edits,
    authorId: doc.authorId,
    writers,
  });
  return [
    ...assignments.map((each) => reviewed(each, assignmentEdits(each), each.title)),
    ...seating.map((each) => reviewed(each, each.edits, nameOfLearner(each.accountId))),
  ];
}

async function ofCourse({ reader }: ViewContext, courseId: string, course: DocumentOf<'course'> | undefined): Promise<readonly Reviewed[]> {
  const partition = partitionId('draft', courseId);
  const [drafts, lessons, quizzes] = await Promise.all([
    reader.all(partition, 'course-draft'),
    reader.all(partition, 'lesson-draft'),
    reader.all(partition, 'quiz-draft'),
  ]);
  const where = course?.title ?? courseId;
  return [...drafts, ...lessons, ...quizzes].map((draft): Reviewed => {
    // The school publishes no list of an author's name: those are known who signed something in the draft.
    const signed = Object.values(draft.edits.cells).flatMap((entries) =>
      entries.map(({ personId, name }) => [personId, name ?? ''] as const),
    );
    const writers = new Map(signed.filter(([personId]) => course?.authorIds.includes(personId) !== false));
    const title = shownText(draft.edits, 'title');
    return { subject: { documentId: draft._id, type: draft.type, title, where }, edits: draft.edits, authorId: draft.authorId, writers };
  });
}

/** What a teacher or an author has to decide. */
export async function loadReview(_params: unknown, context: ViewContext): Promise<ReviewView> {
  const { person, reader } = context;
  const materials = await loadCourses(reader);
  const documents = await Promise.all([
    ...[...person.teaches].map((classId) => ofClass(context, classId)),
    ...[...person.authors].map((courseId) =>
      ofCourse(
        context,
        courseId,
        materials.map(({ course }) => course).find((course) => course.courseId === courseId),
      ),
    ),
  ]);
  return reviewOf(documents.flat(), person.id, materials);
}
