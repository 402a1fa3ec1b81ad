import type { Document } from '@darasa/shared/documents';
import type { StoredDocument } from '../provisioning/couch-documents.ts';
import { courseDocuments } from './course/course-documents.ts';
import type { SourceCourse } from './course/read-course.ts';
import { feedbackFor } from './history/feedback.ts';
import { learnerDocuments } from './history/learner-documents.ts';
import { enrolmentAfter, progressAfter } from './history/progress-documents.ts';
import { resolvedConflict } from './history/resolved-conflict.ts';
import { DAY_MS, dayStart } from './history/school-days.ts';
import { seeded } from './history/seeded.ts';
import { itemsOf, type Step, simulate } from './history/simulate.ts';
import { accountIdOf } from './people/demo-accounts.ts';
import { type DemoLearner, learners, teachers } from './people/people.ts';
import { classDocuments, classes, type DemoClass } from './school-life/classes.ts';
import { schoolDocuments } from './school-life/school-documents.ts';

export interface SchoolContent {
  readonly documents: readonly Document[];
  /** Revisions with their history, to be written with `new_edits: false`: see `resolvedConflict`. */
  readonly revisions: readonly StoredDocument[];
}

/**
 * Everything in the demo school's database. The same courses and the same first moment (`until`, in milliseconds since 1970)
 * give the same documents, byte for byte, so an interrupted creation can be taken up again.
 */
export function schoolContent(courses: readonly SourceCourse[], until: number): SchoolContent {
  const documents: Document[] = [...schoolDocuments(until, seeded('school'))];
  const revisions: StoredDocument[] = [];

  const publishedAt = new Date(dayStart(until) - 29 * DAY_MS).toISOString();
  for (const course of courses) {
    const authorIds = teachers.filter(({ authors }) => authors.includes(course.card.id)).map(({ username }) => accountIdOf(username));
    documents.push(...courseDocuments(course, { createdAt: publishedAt, deviceId: 'demo', authorIds }));
  }

  for (const each of classes) {
    const followed = coursesOf(each, courses);
    documents.push(...classDocuments(each, followed, until, seeded(`class:${each.id}`)));
    const teacher = teachers.find(({ teaches }) => teaches === each.id);
    let seq = 0;
    for (const learner of learners.filter(({ classId }) => classId === each.id)) {
      const chance = seeded(`learner:${learner.username}`);
      const steps = simulate(learner, followed, until, chance);
      const history = learnerDocuments(learner, steps, until, chance);
      documents.push(...history.documents);
      const passed = new Set(
        history.grades.filter(({ result }) => result?.passed === true).map(({ courseId, quizId }) => `${courseId}:${quizId}`),
      );
      for (const course of followed) {
        const taken = steps.filter(({ courseId }) => courseId === course.card.id);
        if (taken.length === 0) continue;
        const passedHere = new Set([...course.quizzes.keys()].filter((id) => passed.has(`${course.card.id}:${id}`)));
        documents.push(enrolmentAfter(learner, taken, itemsOf(course), passedHere));
        const conflict = learner.twoDevices === true && course === followed[0] ? conflictIn(learner, taken) : null;
        if (conflict === null) documents.push(progressAfter(learner, taken));
        else revisions.push(...conflict);
      }
      const feedback = teacher === undefined ? null : feedbackFor(learner, teacher, history, { seq: seq + 1, until, chance });
      if (feedback === null) continue;
      seq += 1;
      documents.push(feedback);
    }
  }
  return { documents, revisions };
}

function coursesOf(each: DemoClass, courses: readonly SourceCourse[]): SourceCourse[] {
  return each.courseIds.flatMap((id) => courses.filter(({ card }) => card.id === id));
}

/** The last work on two devices, each without having heard of the other's; null when all of it was on one device. */
function conflictIn(learner: DemoLearner, steps: readonly Step[]): StoredDocument[] | null {
  const turn = steps.findLastIndex((step, i) => i > 1 && step.deviceId !== steps[i - 1]?.deviceId);
  if (turn < 2) return null;
  const base = steps.slice(0, turn - 1);
  const apart = steps.slice(turn - 1);
  const on = (deviceId: string | undefined): Step[] => [...base, ...apart.filter((step) => step.deviceId === deviceId)];
  const after = (taken: Step[]) => progressAfter(learner, taken);
  return resolvedConflict(after(base), after(on(steps[turn - 1]?.deviceId)), after(on(steps[turn]?.deviceId)));
}
