import { type DocumentOf, outlineId, partitionId } from '@darasa/shared/documents';
import { type CourseProgress, courseProgress } from '@darasa/shared/rules';
import type { Reader } from '../reader.ts';

/** What one learner did, over all courses. */
export interface LearnerWork {
  readonly learnerId: string;
  readonly enrolments: readonly DocumentOf<'enrolment'>[];
  readonly progress: readonly DocumentOf<'progress'>[];
  readonly attempts: readonly DocumentOf<'attempt'>[];
  readonly grades: readonly DocumentOf<'grade'>[];
}

export async function loadWork(reader: Reader, learnerId: string): Promise<LearnerWork> {
  const partition = partitionId('learner', learnerId);
  const [enrolments, progress, attempts, grades] = await Promise.all([
    reader.all(partition, 'enrolment'),
    reader.all(partition, 'progress'),
    reader.all(partition, 'attempt'),
    reader.all(partition, 'grade'),
  ]);
  return { learnerId, enrolments, progress, attempts, grades };
}

/** A published course with what of it is on this device. */
export interface CourseMaterial {
  readonly course: DocumentOf<'course'>;
  /** Null while it has not arrived, or where the person may not read the course. */
  readonly outline: DocumentOf<'outline'> | null;
  readonly readable: boolean;
  readonly lessonsHere: number;
}

export async function loadMaterial(reader: Reader, course: DocumentOf<'course'>): Promise<CourseMaterial> {
  const partition = partitionId('course', course.courseId);
  const [readable, outline, lessonsHere] = await Promise.all([
    reader.mayRead(partition),
    reader.one(outlineId(course.courseId), 'outline'),
    reader.count(partition, 'lesson'),
  ]);
  return { course, outline, readable, lessonsHere };
}

/** All published courses that are on this device. */
export async function loadCourses(reader: Reader): Promise<readonly CourseMaterial[]> {
  const courses = await reader.all('public', 'course');
  return Promise.all(courses.map((course) => loadMaterial(reader, course)));
}

/** How far a learner is in a course; null where its outline is not here. */
export function progressIn({ outline }: CourseMaterial, work: LearnerWork): CourseProgress | null {
  if (outline === null) return null;
  const progress = work.progress.find(({ courseId }) => courseId === outline.courseId) ?? null;
  return courseProgress({ outline, progress, attempts: work.attempts, grades: work.grades });
}

export type OutlineEntry = DocumentOf<'outline'>['sections'][number]['items'][number];

export function outlineItems(outline: DocumentOf<'outline'> | null): readonly OutlineEntry[] {
  return outline?.sections.flatMap(({ items }) => items) ?? [];
}
