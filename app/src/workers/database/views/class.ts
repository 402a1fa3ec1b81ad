import { type DocumentOf, partitionId, quizId as quizDocId } from '@darasa/shared/documents';
import { type LearnerStanding, learnerStanding } from '@darasa/shared/rules';
import type { ClassCard, ClassView, Standing } from '../api.ts';
import type { Reader } from '../reader.ts';
import type { ViewContext } from './context.ts';
import { type CourseMaterial, type LearnerWork, loadCourses, loadWork, outlineItems } from './learning.ts';

/** A learner of a class, with the work that the teacher sees. */
export interface ClassMember {
  readonly accountId: string;
  readonly displayName: string;
  readonly work: LearnerWork;
  readonly contacts: readonly DocumentOf<'contact'>[];
}

interface CourseStanding {
  readonly title: string;
  readonly courseId: string;
  readonly standing: LearnerStanding;
  readonly failed: number;
}

type LearnerLine = ClassView['learners'][number];

function standings(member: ClassMember, materials: readonly CourseMaterial[]): readonly CourseStanding[] {
  const { work, contacts } = member;
  return materials.flatMap(({ course, outline }) => {
    if (outline === null) return [];
    const { courseId, title } = course;
    const attempts = work.attempts.filter((each) => each.courseId === courseId);
    const progress = work.progress.find((each) => each.courseId === courseId) ?? null;
    const standing = learnerStanding({ outline, progress, attempts, grades: work.grades, contacts });
    return [{ courseId, title, standing, failed: attempts.filter(({ quizId }) => quizId === attempts.at(-1)?.quizId).length }];
  });
}

/** One standing over all courses of a class: help wins; finished and not started have to be so everywhere. */
export function overall(each: readonly Standing[]): Standing {
  if (each.includes('needs-help')) return 'needs-help';
  if (each.length > 0 && each.every((one) => one === 'finished')) return 'finished';
  return each.every((one) => one === 'not-started') ? 'not-started' : 'working';
}

export function learnerLine(member: ClassMember, materials: readonly CourseMaterial[]): LearnerLine {
  const courses = standings(member, materials);
  const standing = overall(courses.map((each) => each.standing.standing));
  const with_ = (wanted: Standing): CourseStanding | undefined => courses.find((each) => each.standing.standing === wanted);
  const stuck = with_('needs-help');
  const working = with_('working') ?? courses.find((each) => each.standing.progress.ratio > 0);
  const because = ((): LearnerLine['because'] => {
    switch (standing) {
      case 'needs-help':
        return { courseTitle: stuck?.title ?? '', fact: 'failed', number: stuck?.failed ?? 0 };
      case 'finished':
        return { courseTitle: courses[0]?.title ?? '', fact: 'all', number: courses.length };
      case 'not-started':
        return { courseTitle: courses[0]?.title ?? '', fact: 'nothing', number: 0 };
      case 'working':
        return { courseTitle: working?.title ?? '', fact: 'progress', number: Math.round((working?.standing.progress.ratio ?? 0) * 100) };
      default:
        return standing satisfies never;
    }
  })();
  const ratios = courses.map((each) => each.standing.progress.ratio);
  return {
    accountId: member.accountId,
    displayName: member.displayName,
    standing,
    because,
    lastHeardAt:
      member.contacts
        .map(({ lastHeardAt }) => lastHeardAt)
        .sort()
        .at(-1) ?? null,
    progress: ratios.length === 0 ? 0 : ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length,
  };
}

export function classView(
  card: DocumentOf<'class'>,
  members: readonly ClassMember[],
  materials: readonly CourseMaterial[],
  asOf: string | null,
  releases: ClassView['releases'] = [],
): ClassView {
  const byCourse = members.flatMap((member) => standings(member, materials));
  return {
    classId: card.classId,
    name: card.name,
    learners: members.map((member) => learnerLine(member, materials)).sort((a, b) => a.displayName.localeCompare(b.displayName)),
    courses: materials.map(({ course }) => {
      const own = byCourse.filter(({ courseId }) => courseId === course.courseId).map((each) => each.standing.progress.state);
      const count = (state: (typeof own)[number]): number => own.filter((each) => each === state).length;
      return {
        courseId: course.courseId,
        title: course.title,
        finished: count('finished'),
        working: count('working'),
        notStarted: count('not-started'),
      };
    }),
    releases,
    asOf,
  };
}

export async function loadMember(reader: Reader, accountId: string, displayName: string): Promise<ClassMember> {
  const [work, contacts] = await Promise.all([loadWork(reader, accountId), reader.all(partitionId('learner', accountId), 'contact')]);
  return { accountId, displayName, work, contacts };
}

/** The quizzes of a class that show something when its teacher says so, and whether that was said. */
async function loadReleases(reader: Reader, classId: string, materials: readonly CourseMaterial[]): Promise<ClassView['releases']> {
  const released = await reader.all(partitionId('class', classId), 'release');
  const waiting = materials.flatMap(({ course: { courseId }, outline }) =>
    outlineItems(outline).flatMap((item) =>
      item.kind === 'quiz' ? [{ courseId, quizId: item.id, title: item.title, version: item.version }] : [],
    ),
  );
  const lines = await Promise.all(
    waiting.map(async ({ courseId, quizId, title, version }) => {
      const quiz = await reader.one(quizDocId(courseId, quizId, version), 'quiz');
      if (!Object.values(quiz?.review ?? {}).includes('released')) return [];
      return [{ courseId, quizId, title, released: released.some((each) => each.courseId === courseId && each.quizId === quizId) }];
    }),
  );
  return lines.flat();
}

export async function loadClass({ classId }: { classId: string }, context: ViewContext): Promise<ClassView | null> {
  const { reader } = context;
  const partition = partitionId('class', classId);
  const [cards, roster, materials, { own }] = await Promise.all([
    reader.all(partition, 'class'),
    reader.all(partition, 'member'),
    loadCourses(reader),
    context.replication(),
  ]);
  const [card] = cards;
  if (card === undefined || !context.person.teaches.has(classId)) return null;
  const members = await Promise.all(
    roster.filter(({ role }) => role === 'learner').map(({ accountId, displayName }) => loadMember(reader, accountId, displayName)),
  );
  const followed = materials.filter(({ course }) => card.courseIds.includes(course.courseId));
  return classView(card, members, followed, own.contactAt, await loadReleases(reader, classId, followed));
}

export function classCard(view: ClassView): ClassCard {
  const count = (standing: Standing): number => view.learners.filter((each) => each.standing === standing).length;
  return {
    classId: view.classId,
    name: view.name,
    learners: view.learners.length,
    needHelp: count('needs-help'),
    notStarted: count('not-started'),
    courses: view.courses.map(({ title }) => title),
  };
}
