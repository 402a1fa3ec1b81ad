import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CouchAdmin } from '../provisioning/couch-admin.ts';
import { readDocument, writeAbsent, writeDocument, writeRevisions } from '../provisioning/couch-documents.ts';
import { SERVER_DATABASE, schoolDatabase } from '../provisioning/database.ts';
import { provisionSchool } from '../provisioning/school.ts';
import { workspaceFolder } from '../workspace-folder.ts';
import type { Problem } from './course/problem.ts';
import { readCourse, type SourceCourse } from './course/read-course.ts';
import { DEMO_SLUG } from './demo-slug.ts';
import { accountDocument, reservationDocument } from './people/account-documents.ts';
import { fullDemoAccounts } from './people/demo-accounts.ts';
import { schoolContent } from './school-content.ts';
import { SCHOOL_MOTTO, SCHOOL_NAME } from './school-life/texts.ts';

export interface DemoSchoolOptions {
  readonly now?: () => Date;
  /** A folder of course folders; the project's own when not said. */
  readonly coursesFolder?: string;
}

export interface RefusedCourse {
  readonly courseId: string;
  readonly problems: readonly Problem[];
}

export interface DemoSchoolOutcome {
  /** False when the school was complete already, and nothing was written. */
  readonly created: boolean;
  /** Courses that break a rule of `demo/README.md`; the school goes without them. */
  readonly refused: readonly RefusedCourse[];
}

/**
 * Creates the demo school, or completes one whose creation was interrupted: every document follows from the moment at which
 * it was first begun, which the server's database keeps. A complete one is left as it is, whatever people did there since.
 * The server must be provisioned. Throws a CouchError when the database refuses.
 */
export async function createDemoSchool(
  couch: CouchAdmin,
  { now = () => new Date(), coursesFolder }: DemoSchoolOptions = {},
): Promise<DemoSchoolOutcome> {
  await provisionSchool(
    couch,
    { slug: DEMO_SLUG, name: SCHOOL_NAME, motto: SCHOOL_MOTTO, languages: ['en', 'sw', 'ar'], demo: true },
    { now },
  );
  const mark = await begin(couch, now);
  if (mark.complete) return { created: false, refused: [] };

  const { courses, refused } = await readCourses(coursesFolder ?? join(workspaceFolder(), 'demo', DEMO_SLUG, 'courses'));
  const { documents, revisions } = schoolContent(courses, mark.startedAt);
  const database = schoolDatabase(DEMO_SLUG);
  await writeAbsent(couch, database, documents);
  if (revisions.length > 0) await writeRevisions(couch, database, revisions);

  // The accounts come last: whoever can sign in finds the school complete.
  await writeAbsent(couch, '_users', await Promise.all(fullDemoAccounts.map(accountDocument)));
  await writeAbsent(couch, SERVER_DATABASE, fullDemoAccounts.map(reservationDocument));
  await complete(couch, now);
  return { created: true, refused };
}

async function readCourses(folder: string): Promise<{ courses: SourceCourse[]; refused: RefusedCourse[] }> {
  const courses: SourceCourse[] = [];
  const refused: RefusedCourse[] = [];
  for (const courseId of (await readdir(folder)).sort()) {
    const read = await readCourse(join(folder, courseId));
    if (read.ok) courses.push(read.course);
    else refused.push({ courseId, problems: read.problems });
  }
  return { courses, refused };
}

/** In the server's database: when the creation began and, once it is, that it is complete. */
const MARK_ID = `demo:${DEMO_SLUG}`;

interface Mark {
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  readonly complete: boolean;
}

async function begin(couch: CouchAdmin, now: () => Date): Promise<Mark> {
  const found = await readDocument(couch, SERVER_DATABASE, MARK_ID);
  if (found !== null) return { startedAt: Date.parse(String(found['startedAt'])), complete: found['completedAt'] !== null };
  const startedAt = now();
  const outcome = await writeDocument(couch, SERVER_DATABASE, { _id: MARK_ID, startedAt: startedAt.toISOString(), completedAt: null });
  // Another server began at the same moment: its moment counts, and both write the same documents.
  return outcome === 'conflict' ? begin(couch, now) : { startedAt: startedAt.getTime(), complete: false };
}

async function complete(couch: CouchAdmin, now: () => Date): Promise<void> {
  const mark = await readDocument(couch, SERVER_DATABASE, MARK_ID);
  // A conflict means that another server has just done the same.
  if (mark !== null && mark['completedAt'] === null)
    await writeDocument(couch, SERVER_DATABASE, { ...mark, completedAt: now().toISOString() });
}
