import { partitionId } from '@darasa/shared/documents';
import type { ChildrenView, LearnerView } from '../api.ts';
import { attemptLines } from './attempt-line.ts';
import { learnerLine, loadMember } from './class.ts';
import type { ViewContext } from './context.ts';
import { courseCard } from './course-card.ts';
import { feedbackLines } from './feedback-line.ts';
import { loadCourses, outlineItems } from './learning.ts';

/** The name by which a learner is known to the one who looks: the class's, else the learner's own. */
async function displayNameOf({ reader, person }: ViewContext, accountId: string): Promise<string> {
  for (const classId of person.teaches) {
    const roster = await reader.all(partitionId('class', classId), 'member');
    const member = roster.find((each) => each.accountId === accountId);
    if (member !== undefined) return member.displayName;
  }
  const [profile] = await reader.all(partitionId('learner', accountId), 'profile');
  return profile?.displayName.value ?? accountId;
}

/** One learner's work, for a teacher or a guardian. */
export async function loadLearner({ accountId }: { accountId: string }, context: ViewContext): Promise<LearnerView | null> {
  const { reader, person } = context;
  const partition = partitionId('learner', accountId);
  if (!(await reader.mayRead(partition))) return null;
  const [displayName, materials, feedback, places, exceptions] = await Promise.all([
    displayNameOf(context, accountId),
    loadCourses(reader),
    reader.all(partition, 'feedback'),
    context.places(),
    reader.all(partition, 'exception'),
  ]);
  const member = await loadMember(reader, accountId, displayName);
  const { work } = member;
  const touched = new Set([...work.progress, ...work.attempts, ...work.enrolments].map(({ courseId }) => courseId));
  const relevant = materials.filter(({ course }) => touched.has(course.courseId) || person.gives.has(course.courseId));
  const replaced = new Set(exceptions.map(({ replaces }) => replaces));
  const quizzes = relevant.flatMap(({ course, outline }) =>
    outlineItems(outline).flatMap((item) =>
      item.kind === 'quiz' ? [{ courseId: course.courseId, quizId: item.id, title: item.title }] : [],
    ),
  );
  const { standing, lastHeardAt } = learnerLine(member, relevant);
  return {
    accountId,
    displayName,
    standing,
    lastHeardAt,
    courses: relevant.map((material) => courseCard(material, work, person)),
    attempts: attemptLines(work, materials, places),
    feedback: feedbackLines(feedback),
    exceptions: exceptions
      .filter(({ _id, attempts, extraTime, closesAt }) => !replaced.has(_id) && (attempts > 0 || extraTime > 0 || closesAt !== null))
      .map(({ _id, courseId, quizId, attempts, extraTime, closesAt, reason, authorName }) => ({
        id: _id,
        courseId,
        quizId,
        quizTitle: quizzes.find((each) => each.courseId === courseId && each.quizId === quizId)?.title ?? quizId,
        attempts,
        extraTime,
        closesAt,
        reason,
        from: authorName,
      })),
    quizzes,
    mayWrite: person.marks.has(accountId) && person.teaches.size > 0,
  };
}

export async function loadChildren(_params: unknown, context: ViewContext): Promise<ChildrenView> {
  const views = await Promise.all([...context.person.guards].map((accountId) => loadLearner({ accountId }, context)));
  return { children: views.flatMap((view) => view ?? []) };
}
