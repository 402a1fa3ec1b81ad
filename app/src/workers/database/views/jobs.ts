import type { DocumentOf } from '@darasa/shared/documents';
import type { JobLine, JobsView } from '../api.ts';
import type { ViewContext } from './context.ts';

/** The one who looks first, what is open before what is closed, and what closes soon before what stays. */
export function inOrderOfUse(jobs: readonly JobLine[]): readonly JobLine[] {
  const rank = ({ own, closed }: JobLine): number => (own ? 0 : 2) + (closed ? 1 : 0);
  const closing = ({ closesAt }: JobLine): string => closesAt ?? '9999';
  return [...jobs].sort(
    (a, b) => rank(a) - rank(b) || closing(a).localeCompare(closing(b), 'en') || a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1),
  );
}

export async function loadJobs(_params: unknown, { reader, person, markdown, now }: ViewContext): Promise<JobsView> {
  const [jobs, courses] = await Promise.all([reader.all('public', 'job'), reader.all('public', 'course')]);
  const jobLine = async (job: DocumentOf<'job'>): Promise<JobLine> => ({
    id: job._id,
    title: job.title,
    employerName: job.employerName,
    place: job.place,
    descriptionHtml: (await markdown.block(job.description, { language: 'en' })).html,
    closesAt: job.closesAt,
    closed: job.closesAt !== null && Date.parse(job.closesAt) < now(),
    own: job.employerId === person.id,
    courses: job.courseIds.flatMap((courseId) => {
      const course = courses.find((each) => each.courseId === courseId);
      return course === undefined ? [] : [{ courseId, title: course.title }];
    }),
  });
  return { jobs: inOrderOfUse(await Promise.all(jobs.map(jobLine))) };
}
